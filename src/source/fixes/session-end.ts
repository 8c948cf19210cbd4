import { valuesOf } from '../flow/accessing.ts';
import { cookieLabel } from '../flow/value.ts';
import { isRead } from '../rules/resources.ts';
import { candidate, type Fixer } from './candidate.ts';
import { writtenAt } from './pairs.ts';
import { isUnderstood } from './practice.ts';
import { linesBefore, written } from './source.ts';
import { freeNames, locate } from '../python/walk.ts';

/** Deletes the session that the app looks up by the cookie, with the same words, before the cookie goes. */
export const endSession: Fixer = ({ match, run }, { files }) => {
  const source = files.get(match.site.file);
  const spot = source && locate(source.module, match.site.place);
  const statement = spot?.statements.at(-1);
  if (!source || !spot || !statement || match.part === undefined) return [];
  const cookie = cookieLabel(match.part);
  const found = run.trace.accesses.find(
    (access) => isRead(access) && access.library === 'pymongo' && valuesOf(access.conditions).some(({ labels }) => labels.has(cookie)),
  );
  const at = found && writtenAt(files, found.site.file, found.site.place);
  if (at?.node.kind !== 'Call' || at.node.callee.kind !== 'Attribute' || at.node.callee.name !== 'find_one') return [];
  const [filter] = at.node.args;
  const to = { source, functions: spot.functions };
  if (!filter || !isUnderstood(freeNames(at.node), { source: at.source, functions: at.spot.functions }, to)) return [];
  const line = `${written(at.source, at.node.callee.value)}.delete_one(${written(at.source, filter)})`;
  if (line.includes('\n')) return [];
  const basis = `like ${at.spot.functions.at(-1)?.name ?? 'the look-up'} (${at.source.path}:${at.node.line})`;
  return candidate('Delete the stored session at log-out', basis, [linesBefore(source, statement, [line])]);
};
