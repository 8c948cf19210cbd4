import type { Run } from '../flask/run-route.ts';
import type { Access, Condition } from '../flow/access.ts';
import { clientLabels } from '../flow/facts.ts';
import { hasClient, type Value } from '../flow/value.ts';
import type { Moment } from '../flow/machine.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression, FunctionDef, Statement } from '../python/syntax.ts';
import type { KnownApp } from '../rules/rule.ts';
import { fieldOf, pairsOf, writtenAt } from './pairs.ts';
import { globalsOf, localsOf, written } from './source.ts';
import { freeNames, locate } from '../python/walk.ts';

/** A place where the app ties a field of a resource to the caller. */
export interface Tie {
  readonly resource: string;
  readonly field: string;
  /** The caller's identity as it is written there. */
  readonly identity: Expression;
  readonly text: string;
  readonly source: ParsedFile;
  readonly functions: readonly FunctionDef[];
  readonly run: Run;
  /** A new object gets its owner, or an existing one is asked for it. */
  readonly how: 'creates' | 'asks' | 'compares';
  /** The name that is used in another function only if it is the same there. */
  readonly locals: readonly string[];
}

/** A statement that refuses. */
export interface Refusal {
  readonly text: string;
  readonly source: ParsedFile;
  readonly functions: readonly FunctionDef[];
  readonly statement: Statement;
  readonly status: number;
  readonly run: Run;
  readonly why: Extract<Moment, { readonly is: 'refusal' }>['why'];
}

/** What the app does itself where it does it right. */
export interface Practice {
  readonly ties: readonly Tie[];
  readonly refusals: readonly Refusal[];
}

export function learnPractice(app: KnownApp, files: ReadonlyMap<string, ParsedFile>): Practice {
  return {
    ties: app.runs.flatMap((run) => [...tiesOfAccesses(run, files), ...tiesOfComparisons(run, files)]),
    refusals: app.runs.flatMap((run) => refusalsOf(run, files)),
  };
}

function tiesOfAccesses(run: Run, files: ReadonlyMap<string, ParsedFile>): readonly Tie[] {
  return run.trace.accesses.flatMap((access): Tie[] => {
    const asked = fieldsOfCaller(access.conditions);
    const made = access.verb === 'create' || access.verb === 'put' ? fieldsOfData(access.data) : [];
    if (asked.length + made.length === 0) return [];
    return placesOf(access).flatMap(({ file, place }) => {
      const at = writtenAt(files, file, place);
      if (!at) return [];
      return pairsOf(at).flatMap(({ field, value, alias = field }): Tie[] => {
        const isAsked = asked.includes(field) || asked.includes(alias);
        if (field.startsWith(':') || (!isAsked && !made.includes(field))) return [];
        const how = isAsked ? 'asks' : 'creates';
        return tie(access.resource, field, value, at.source, at.spot.functions, run, how);
      });
    });
  });
}

/** The access, and the calls of helpers that led to it. */
function placesOf({ site }: Access): readonly Pick<Access['site'], 'file' | 'place'>[] {
  return [site, ...site.callers.toReversed()];
}

function isCaller(value: Value): boolean {
  return value.labels.has('I') && !hasClient(value);
}

function fieldsOfCaller(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((each) => {
    if (each.is !== 'field') return fieldsOfCaller(each.parts);
    return each.binds && isCaller(each.value) && clientLabels([each]).length === 0 ? [each.field] : [];
  });
}

function fieldsOfData(data: Value | undefined): readonly string[] {
  return data?.shape.is === 'record' ? [...data.shape.entries].flatMap(([name, value]) => (isCaller(value) ? [name] : [])) : [];
}

function tiesOfComparisons(run: Run, files: ReadonlyMap<string, ParsedFile>): readonly Tie[] {
  return run.trace.moments.flatMap((moment): Tie[] => {
    if (moment.is !== 'compare') return [];
    const { left, right, place } = moment.test;
    const at = writtenAt(files, moment.site.file, place);
    if (!at || at.node.kind !== 'Compare') return [];
    const [first, second] = at.node.operands;
    if (!first || !second) return [];
    const [stored, object, identity] = isCaller(right) ? [left, first, second] : [right, second, first];
    const caller = stored === left ? right : left;
    const { shape } = stored;
    if (!isCaller(caller) || shape.is !== 'stored' || shape.part !== 'field') return [];
    const field = fieldOf(object);
    // `holder.user.id` says of the holder what it says of the user, and is no field of it.
    if (field === undefined || field !== shape.field) return [];
    const resource = run.trace.accesses[shape.access]?.resource;
    return resource === undefined ? [] : tie(resource, field, identity, at.source, at.spot.functions, run, 'compares');
  });
}

function tie(
  resource: string,
  field: string,
  identity: Expression,
  source: ParsedFile,
  functions: readonly FunctionDef[],
  run: Run,
  how: Tie['how'],
): Tie[] {
  if (identity.kind === 'Constant') return [];
  const text = written(source, identity);
  if (text.includes('\n') || text.length > 80) return [];
  const locals = localsOf(functions);
  return [
    { resource, field, identity, text, source, functions, run, how, locals: [...freeNames(identity)].filter((name) => locals.has(name)) },
  ];
}

function refusalsOf(run: Run, files: ReadonlyMap<string, ParsedFile>): readonly Refusal[] {
  return run.trace.moments.flatMap((moment): Refusal[] => {
    if (moment.is !== 'refusal' || moment.status === undefined || moment.text === '') return [];
    const source = files.get(moment.site.file);
    const spot = source && locate(source.module, moment.site.place);
    const statement = spot?.statements.at(-1);
    if (!source || !statement || !['Return', 'Expr', 'Raise'].includes(statement.kind)) return [];
    // `return show(row) if row else refuse()`: only a part of it refuses.
    const isWhole = statement.kind !== 'Return' || (statement.value?.kind !== 'IfExp' && statement.value?.kind !== 'BoolOp');
    const text = written(source, statement);
    if (!isWhole || text.includes('\n')) return [];
    return [{ text, source, functions: spot?.functions ?? [], statement, status: moment.status, run, why: moment.why }];
  });
}

/** True when an expression or statement of one function means the same in another file and function. */
export function isUnderstood(
  names: Iterable<string>,
  from: { readonly source: ParsedFile; readonly functions: readonly FunctionDef[] },
  to: { readonly source: ParsedFile; readonly functions: readonly FunctionDef[] },
): boolean {
  const [hidden, taken] = [localsOf(from.functions), localsOf(to.functions)];
  const known = globalsOf(to.source);
  const parameters = new Set(to.functions.flatMap((each) => each.parameters.map(({ name }) => name)));
  const given = new Set(from.functions.flatMap((each) => each.parameters.map(({ name }) => name)));
  return [...names].every((name) => {
    if (hidden.has(name)) return given.has(name) && parameters.has(name);
    return !taken.has(name) && (known.has(name) || isBuiltin(name) || from.source === to.source);
  });
}

function isBuiltin(name: string): boolean {
  return /^(?:str|int|float|len|bool|dict|list|set|tuple|sorted|isinstance|True|False|None|uuid)$/.test(name);
}
