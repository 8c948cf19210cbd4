import type { Access } from '../flow/access.ts';
import type { Run } from '../flask/run-route.ts';
import type { Statement } from '../python/syntax.ts';
import type { Project } from './candidate.ts';
import type { Target } from './identity.ts';
import { abortImports, type Import } from './imports.ts';
import { isUnderstood, type Refusal } from './practice.ts';
import { expressionsOf, namesIn } from '../python/walk.ts';

/** A statement that answers as if an object were not there. */
export interface Deny {
  readonly text: string;
  readonly imports: readonly Import[];
}

/**
 * How this function refuses: as it does where the object is missing, else as the others do with the same resource, else as the file
 * does, else `abort(404)`. What a helper returns refuses nothing, so there only `abort` and `raise` will do.
 */
export function denyFor(access: Access | undefined, run: Run, target: Target, { practice, app, files }: Project): Deny {
  const isView = target.functions.at(-1)?.name === run.route.code.name;
  const fits = (each: Refusal): boolean => each.status === 404 && (isView || each.statement.kind !== 'Return') && isPortable(each, target);
  // "There is no such document" is no answer to somebody who asked for an invoice.
  const strange = [...app.resources.keys()].filter((name) => name !== access?.resource).map((name) => wordOf(name));
  const neutral = practice.refusals.filter(({ text }) => !strange.some((word) => word.length > 2 && text.toLowerCase().includes(word)));
  const own = practice.refusals.filter((each) => each.run === run && access !== undefined && each.why.missing.includes(access.id));
  const kin = neutral.filter((each) =>
    [...each.why.missing, ...each.why.foreign].some((id) => each.run.trace.accesses[id]?.resource === access?.resource),
  );
  const file = neutral.filter((each) => each.source === target.source);
  const found = [...own, ...kin, ...mostUsed(file)].find(fits);
  if (found) return { text: found.text, imports: [] };
  // `abort` of another package may want its message in another form; a bare status suits all.
  return { text: 'abort(404)', imports: abortImports(target.source, files) };
}

function wordOf(resource: string): string {
  const name = resource.split('.').at(-1) ?? resource;
  return name.toLowerCase().replace(/(?:ies|s)$/, '');
}

function mostUsed(refusals: readonly Refusal[]): readonly Refusal[] {
  const counts = new Map<string, number>();
  for (const { text } of refusals) counts.set(text, (counts.get(text) ?? 0) + 1);
  return refusals.toSorted((a, b) => (counts.get(b.text) ?? 0) - (counts.get(a.text) ?? 0));
}

/** True when the statement means the same in the other function. */
export function isPortable(from: { readonly statement: Statement } & Target, to: Target): boolean {
  if (from.functions.at(-1) === to.functions.at(-1)) return true;
  const names = expressionsOf(from.statement).flatMap(namesIn);
  return isUnderstood(names, from, to);
}
