import type { Moment } from '../flow/machine.ts';
import { candidate, type Fixer } from './candidate.ts';
import { quoted, replaced, written } from './source.ts';
import { locate } from '../python/walk.ts';

type Compared = Extract<Moment, { readonly is: 'compare' }>;

/**
 * A comparison of secrets that takes as long whatever they are. `compare_digest` takes bytes or ASCII text and no `None`, so both
 * sides are encoded, and nothing sent is never equal to nothing stored.
 */
export const compareDigest: Fixer = ({ match, run }, { files }) => {
  const source = files.get(match.site.file);
  const path = source && locate(source.module, match.site.place)?.expressions;
  const node = path?.at(-1);
  const moment = run.trace.moments.find(
    (each): each is Compared => each.is === 'compare' && each.site.place.start === match.site.place.start,
  );
  if (!source || node?.kind !== 'Compare' || !moment || node.operands.length !== 2) return [];
  const [left, right] = node.operands;
  const [operator] = node.operators;
  if (!left || !right || (operator !== '==' && operator !== '!=')) return [];
  const isGivenLeft = moment.test.left.labels.has('K') || [...moment.test.left.labels].some((label) => label.startsWith('C:'));
  const [given, stored] = (isGivenLeft ? [left, right] : [right, left]).map((each) => written(source, each));
  if (given === undefined || stored === undefined || /^b['"]|\.encode\(|\.digest\(\)/.test(`${given} ${stored}`)) return [];
  const call = `hmac.compare_digest(str(${stored} or ${quoted(source, '')}).encode(), str(${given} or ${quoted(source, '')}).encode())`;
  const test = operator === '==' ? `bool(${given}) and ${call}` : `not ${given} or not ${call}`;
  const text = path?.length === 1 ? test : `(${test})`;
  return candidate('Compare in constant time', 'template', [replaced(source, node, text)], [{ file: source.path, module: 'hmac' }]);
};
