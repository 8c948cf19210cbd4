import type { Statement } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer } from './candidate.ts';
import { basisOf, ownerOf, type Owner } from './identity.ts';
import { pairsIn, writtenAt, type Written } from './pairs.ts';
import { scope, type Scoped } from './scope.ts';
import { bodyAround, replaced, without, written } from './source.ts';
import { statementsIn } from '../python/walk.ts';

/** The owner goes into the query, and the comparison afterwards out of the view. */
export const fuseCheck: Fixer = ({ match, run }, project) => {
  const at = writtenAt(project.files, match.site.file, match.site.place);
  const access = run.trace.accesses.find(({ site, resource }) => resource === match.part && site.place.start === match.site.place.start);
  if (!at || at.node.kind !== 'Call' || !access || access.many) return [];
  const owner = ownerOf(
    project.app.resources.get(access.resource),
    access.resource,
    { source: at.source, functions: at.spot.functions },
    project,
  );
  if (!owner) return [];
  const guard = guardOf(at, owner);
  const scoped = scope({ at, call: at.node, access, owner, project });
  if (!guard || !scoped) return [];
  return fused(at, owner, guard, scoped);
};

function fused(at: Written, owner: Owner, { statement, rest }: Guard, scoped: Scoped): readonly Candidate[] {
  const { source } = at;
  const edit =
    rest === undefined ? without(source, statement) : statement.kind === 'If' ? replaced(source, statement.test, rest) : undefined;
  return candidate(
    `Ask for \`${owner.field}\` in the query`,
    basisOf(owner.tie),
    [...scoped.edits, edit],
    [...(scoped.imports ?? []), ...owner.imports],
  );
}

interface Guard {
  readonly statement: Statement;
  /** What is left of its test; nothing when it was all about the owner. */
  readonly rest: string | undefined;
}

/** `if row.owner != me: refuse`, or `if row is None or row.owner != me: refuse`, after the access. */
function guardOf({ source, spot, node }: Written, owner: Owner): Guard | undefined {
  for (const statement of statementsIn(bodyAround(source, spot.functions))) {
    if (statement.kind !== 'If' || statement.start < node.end || statement.otherwise.length > 0 || statement.body.length !== 1) continue;
    const { test } = statement;
    const isOwner = (each: typeof test): boolean =>
      each.kind === 'Compare' &&
      each.operators[0] === '!=' &&
      pairsIn(each).some(({ field, value }) => field === owner.field && written(source, value) === owner.identity);
    if (isOwner(test)) return { statement, rest: undefined };
    if (test.kind === 'BoolOp' && test.operator === 'or' && isOwner(test.right)) return { statement, rest: written(source, test.left) };
  }
  return undefined;
}
