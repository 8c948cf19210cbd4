import type { ParsedFile } from '../project/parse-files.ts';
import type { FunctionDef, Statement } from '../python/syntax.ts';
import { isRead, ownerField, type Resource } from '../rules/resources.ts';
import type { Access } from '../flow/access.ts';
import type { Project } from './candidate.ts';
import { needs, type Import } from './imports.ts';
import { isUnderstood, type Practice, type Tie } from './practice.ts';
import { bodyAround, definitionOf, globalsOf, written } from './source.ts';
import { freeNames, within } from '../python/walk.ts';

/** A function that is to be mended. */
export interface Target {
  readonly source: ParsedFile;
  readonly functions: readonly FunctionDef[];
}

/** Whose an object is: the field that says so, and the caller's identity as it is written. */
export interface Owner {
  readonly field: string;
  readonly identity: string;
  readonly imports: readonly Import[];
  /** Where the app does it so. */
  readonly tie: Tie;
  /** It is known of this resource, and not taken over from another one. */
  readonly isOwn: boolean;
}

const personal = /^(?:user|owner|author|creator|created_by|member|customer|account|profile)(?:_?(?:id|uuid|email|name))?$/i;

/** The owner of the objects of a resource, as this function can write it; nothing when the app does not say. */
export function ownerOf(resource: Resource | undefined, name: string, target: Target, project: Project): Owner | undefined {
  const guessed = ownerField(resource);
  const fields = [
    ...new Set([...tiedFields(project.practice, name), ...(guessed !== undefined && /^[A-Za-z_]\w*$/.test(guessed) ? [guessed] : [])]),
  ];
  for (const field of fields) {
    const owner = identityFor(name, field, target, project);
    if (owner) return owner;
  }
  return undefined;
}

/** Fields by which the app ties a resource to the caller, the most used first; `id` is that of the row itself. */
function tiedFields({ ties }: Practice, resource: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const tie of ties) {
    if (tie.resource === resource && !isKey(tie.field)) counts.set(tie.field, (counts.get(tie.field) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([field]) => field);
}

export function isKey(field: string): boolean {
  return field === 'id' || field === '_id' || field === 'pk' || field === '*';
}

/** The caller's identity as it is compared with this field of this resource, else with the same field elsewhere. */
export function identityFor(resource: string, field: string, target: Target, { practice, files }: Project): Owner | undefined {
  const same = practice.ties.filter((tie) => tie.field === field);
  const own = same.filter((tie) => tie.resource === resource);
  const others = isKey(field) ? [] : same.filter((tie) => tie.resource !== resource);
  const people = personal.test(field) ? practice.ties.filter((tie) => personal.test(tie.field)) : [];
  for (const [ties, isOwn] of [
    [own, true],
    [others, false],
    [new Set(people.map(({ text }) => text)).size === 1 ? people : [], false],
  ] as const) {
    const owner = bestOf(ties, field, target, isOwn, files);
    if (owner) return owner;
  }
  return undefined;
}

function bestOf(ties: readonly Tie[], field: string, target: Target, isOwn: boolean, files: Project['files']): Owner | undefined {
  const usable = ties.flatMap((tie) => {
    const said = inWordsOf(tie, target, files);
    return said ? [{ field, identity: said.text, imports: said.imports, tie, isOwn }] : [];
  });
  const counts = new Map<string, number>();
  for (const { identity } of usable) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  return usable.toSorted((a, b) => (counts.get(b.identity) ?? 0) - (counts.get(a.identity) ?? 0))[0];
}

/** The identity of a tie as another function can write it. */
function inWordsOf(
  tie: Tie,
  target: Target,
  files: Project['files'],
): { readonly text: string; readonly imports: readonly Import[] } | undefined {
  const names = [...freeNames(tie.identity)];
  const isHere = tie.functions.at(-1) === target.functions.at(-1);
  if (isHere || isUnderstood(names, tie, target)) return { text: tie.text, imports: [] };
  const [local, ...others] = tie.locals;
  if (local !== undefined && others.length === 0) return throughLocal(tie, local, target, files);
  if (tie.locals.length > 0) return undefined;
  const missing = names.filter((name) => !globalsOf(target.source).has(name));
  const imports = missing.flatMap((name) => importOf(name, tie.source, target.source, files, target.functions) ?? []);
  const isShadowed = names.some((name) => target.functions.some(({ parameters }) => parameters.some((each) => each.name === name)));
  return imports.length === missing.length && !isShadowed ? { text: tie.text, imports } : undefined;
}

/** `me` of `me = get_jwt_identity()`: what it stands for, where that is short. */
function throughLocal(
  tie: Tie,
  local: string,
  target: Target,
  files: Project['files'],
): { readonly text: string; readonly imports: readonly Import[] } | undefined {
  const value = definitionOf(local, bodyAround(tie.source, tie.functions), tie.identity)?.value;
  if (!value || value.end - value.start > 40) return undefined;
  const names = [...freeNames(value)];
  const known = globalsOf(tie.source);
  const isHere = tie.source === target.source;
  if (!names.every((name) => isHere || known.has(name) || /^(?:str|int)$/.test(name))) return undefined;
  const missing = names.filter((name) => known.has(name) && !globalsOf(target.source).has(name));
  const imports = missing.flatMap((name) => importOf(name, tie.source, target.source, files, target.functions) ?? []);
  const spot = within(tie.identity).find((each) => each.kind === 'Name' && each.name === local);
  if (!spot || imports.length < missing.length) return undefined;
  const { text } = tie.source;
  const whole = text.slice(tie.identity.start, spot.start) + written(tie.source, value) + text.slice(spot.end, tie.identity.end);
  return { text: whole, imports };
}

/** The import by which one file has a name, for another one. Relative imports are not carried over. */
export function importOf(
  name: string,
  from: ParsedFile,
  to: ParsedFile,
  files: ReadonlyMap<string, ParsedFile>,
  functions: readonly FunctionDef[] = [],
): Import | undefined {
  const line = from.module.body.find(
    (each): each is Extract<Statement, { kind: 'ImportFrom' }> =>
      each.kind === 'ImportFrom' && each.level === 0 && each.names.some((known) => known.name === name && known.as === undefined),
  );
  if (!line) return undefined;
  const wanted = { file: to.path, module: line.module, name };
  if (!needs(line.module, to.path, files)) return wanted;
  const before = functions.at(-1)?.body.find((each) => each.kind !== 'Expr' || each.value?.kind !== 'Constant');
  return before && { ...wanted, before };
}

/** Runs that do right with a resource what another one does wrong, those of the same kind first. */
export function guardedLike(access: Access, resource: Resource | undefined) {
  const { read = [], write = [] } = resource?.guarded ?? {};
  return isRead(access) ? [...read, ...write] : [...write, ...read];
}

/** `like read_note (app.py:12)` */
export function basisOf({ run, source, identity }: Tie): string {
  return `like ${run.route.code.name} (${source.path}:${identity.line})`;
}
