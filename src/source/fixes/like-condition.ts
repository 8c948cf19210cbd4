import type { Run } from '../flask/run-route.ts';
import type { Access } from '../flow/access.ts';
import type { Expression } from '../python/syntax.ts';
import { candidate, type Candidate } from './candidate.ts';
import type { Opening } from './open-access.ts';
import { writtenAt, type Written } from './pairs.ts';
import { isUnderstood } from './practice.ts';
import { isSql, scope } from './scope.ts';
import { behind, nameOf } from './scope-documents.ts';
import { linksOf } from './scope-sqlalchemy.ts';
import { bodyAround, definitionOf, linesBefore, localsOf, written, type Call } from './source.ts';
import { freeNames } from '../python/walk.ts';

/**
 * What another view asks of the same objects, where it lets in more than their owners: `or_(Row.owner_id == me, Row.id.in_(shared))`.
 * The owner alone would lock out those with whom an object is shared.
 */
export function likeCondition({ open, at, project, isAccess, problem }: Opening): readonly Candidate[] {
  const { access, resource } = open;
  const { node } = at;
  if (!isAccess || node.kind !== 'Call' || !isSql(access.library)) return [];
  const others = resource?.guarded.read.filter((run) => run !== problem.run) ?? [];
  return others.flatMap((run) =>
    sharing(run, access).flatMap((shared) => {
      const there = writtenAt(project.files, shared.site.file, shared.site.place);
      const asked = there && conditionIn(there);
      const told = asked && inWordsOf(asked, there, at);
      if (!told) return [];
      const scoped = scope({ at, call: node, access, owner: { field: '', identity: '', condition: told.text }, project });
      const before = told.lines.length === 0 ? [] : [linesBefore(at.source, at.statement, told.lines)];
      const basis = `like ${run.route.code.name} (${shared.site.file}:${shared.site.place.line})`;
      return scoped ? candidate('Ask in the query who may have the object', basis, [...before, ...scoped.edits], scoped.imports) : [];
    }),
  );
}

/** Accesses whose objects have to meet one of several conditions. */
function sharing({ trace }: Run, { resource }: Access): readonly Access[] {
  return trace.accesses.filter((each) => each.resource === resource && each.conditions.some(({ is }) => is === 'any'));
}

function conditionIn(there: Written): Expression | undefined {
  if (there.node.kind !== 'Call') return undefined;
  const narrowing = linksOf(there.node, there).filter(
    (link): link is Call => link.kind === 'Call' && /^(?:where|filter)$/.test(nameOf(link)),
  );
  return narrowing.flatMap(({ args }) => args.map((each) => behind(each, there))).find(isAlternative);
}

function isAlternative(each: Expression): boolean {
  return (each.kind === 'Call' && nameOf(each) === 'or_') || (each.kind === 'BinOp' && each.operator === '|');
}

/** A condition with the variables that it needs, as another function can write them. */
function inWordsOf(
  condition: Expression,
  there: Written,
  here: Written,
): { readonly text: string; readonly lines: readonly string[] } | undefined {
  const from = { source: there.source, functions: there.spot.functions };
  const to = { source: here.source, functions: here.spot.functions };
  const locals = localsOf(from.functions);
  const names = [...freeNames(condition)];
  const needed = names.filter((name) => locals.has(name));
  const definitions = needed.map((name) => definitionOf(name, bodyAround(there.source, from.functions), condition));
  const lines = definitions.flatMap((each) =>
    each?.value && isUnderstood(freeNames(each.value), from, to) ? [written(there.source, each)] : [],
  );
  const isFree = needed.every((name) => !localsOf(to.functions).has(name));
  const rest = names.filter((name) => !locals.has(name));
  const text = written(there.source, condition);
  if (lines.length < needed.length || !isFree || !isUnderstood(rest, from, to) || [text, ...lines].some((each) => each.includes('\n')))
    return undefined;
  return { text, lines };
}
