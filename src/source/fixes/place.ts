import type { Run } from '../flask/run-route.ts';
import type { Statement } from '../python/syntax.ts';
import { clientLabels } from '../flow/facts.ts';
import type { Open } from '../rules/open-access.ts';
import type { Written } from './pairs.ts';
import { bodyAround } from './source.ts';
import { blocksOf, expressionsIn, expressionsOf, namesIn, within } from '../python/walk.ts';

/**
 * The statement before which a guard on some names belongs: the first of the block that reads anything by the same ids, so that what
 * is missing is not told from what is somebody else's; but not before the names are known.
 */
export function firstReading(at: Written, { ids }: Pick<Open, 'ids'>, run: Run, names: Iterable<string>): Statement {
  const block = blockOf(at);
  const last = block.indexOf(at.statement);
  const places = run.trace.accesses
    .filter((each) => clientLabels(each.conditions).some((label) => ids.includes(label)))
    .flatMap(({ site }) => [site, ...site.callers])
    .filter(({ file }) => file === at.source.path)
    .map(({ place }) => place.start);
  const wanted = new Set(names);
  const known = block.slice(0, last).findLastIndex((each) => binds(each, wanted));
  const early = block.slice(known + 1, last).find((each) => places.some((start) => start >= each.start && start < each.end));
  return early ?? at.statement;
}

function blockOf({ source, spot, statement }: Written): readonly Statement[] {
  const blocks = [bodyAround(source, spot.functions), ...spot.statements.flatMap(blocksOf)];
  return blocks.find((block) => block.includes(statement)) ?? [statement];
}

function binds(statement: Statement, names: ReadonlySet<string>): boolean {
  const isTarget = 'targets' in statement && statement.targets.some((each) => namesIn(each).some((name) => names.has(name)));
  const inner = blocksOf(statement).flatMap(expressionsIn);
  const isWalrus = [...expressionsOf(statement).flatMap(within), ...inner].some(
    (each) => each.kind === 'NamedExpr' && namesIn(each.target).some((name) => names.has(name)),
  );
  return isTarget || isWalrus || blocksOf(statement).some((block) => block.some((each) => binds(each, names)));
}
