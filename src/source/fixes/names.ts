import type { Written } from './pairs.ts';
import { bodyAround, localsOf } from './source.ts';
import { expressionsIn, namesIn } from '../python/walk.ts';

/** The name, or one like it that nothing in the function has yet. */
export function freshName(name: string, { spot, source }: Pick<Written, 'spot' | 'source'>): string {
  const taken = new Set([...localsOf(spot.functions), ...expressionsIn(bodyAround(source, spot.functions)).flatMap(namesIn)]);
  return [name, `${name}_found`, `${name}_own`].find((each) => !taken.has(each)) ?? `${name}_again`;
}

/** A variable for one object of a resource: `InvoiceLine` and `invoice_lines` are an `invoice_line`. */
export function nameFor(resource: string, at: Pick<Written, 'spot' | 'source'>): string {
  const word = resource
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/\W+/g, '_')
    .toLowerCase();
  const single = word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  return freshName(/^[a-z_]\w*$/.test(single) ? single : 'found', at);
}
