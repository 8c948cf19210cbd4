import { binds } from './facts.ts';
import type { Machine } from './machine.ts';
import { constant, derivedFrom, labelsOf, textOf, type Arguments, type Value } from './value.ts';

/** Text made of parts. With the caller's identity in it, it names something of the caller's. */
export function concatenate(machine: Machine, given: readonly Value[]): Value {
  const parts = given.flatMap((part) => part.parts ?? [part]);
  const labels = new Set([...derivedFrom(labelsOf(parts))].filter((label) => label !== 'J'));
  if (parts.length > 1 && parts.some((part) => part.labels.size > 0 && binds(part, machine.state.facts, machine.trace.accesses)))
    labels.add('T');
  const texts = parts.map((part) =>
    part.shape.is === 'constant' && !part.shape.isPart && part.shape.value !== null ? String(part.shape.value) : undefined,
  );
  if (texts.every((text) => text !== undefined)) return constant(texts.join(''));
  const known = parts.flatMap(({ shape }) => (shape.is === 'constant' ? [String(shape.value)] : [])).findLast((text) => text !== '');
  // The last part that is known names a table whose prefix comes from the environment.
  return labels.size === 0 && known !== undefined
    ? { labels, shape: { is: 'constant', value: known, isPart: true }, parts }
    : { labels, shape: { is: 'unknown' }, parts };
}

/** `text % values`. */
export function interpolated(machine: Machine, text: Value, values: Value): Value {
  const { shape } = values;
  let position = -1;
  return filled(machine, text, /%(?:\((\w+)\))?[-\d.]*[sdifrxg]/g, (name) => {
    if (name !== undefined) return shape.is === 'record' ? (shape.entries.get(name) ?? shape.rest) : values;
    position += 1;
    return shape.is === 'sequence' ? (shape.items[position] ?? shape.each) : values;
  });
}

/** `text.format(..)`. */
export function formatted(machine: Machine, text: Value, { args, keywords, rest }: Arguments): Value {
  let position = -1;
  return filled(machine, text, /\{(\w*)[^{}]*\}/g, (name = '') => {
    if (/^\d*$/.test(name)) return args[name === '' ? (position += 1) : Number(name)];
    return keywords.get(name) ?? rest;
  });
}

/** Text with its gaps filled; a gap of which nothing is known stays as it is. */
function filled(machine: Machine, text: Value, gap: RegExp, find: (name: string | undefined) => Value | undefined): Value {
  const parts = (text.parts ?? [text]).flatMap((part) => {
    const written = textOf(part);
    if (written === undefined) return [part];
    let end = 0;
    const pieces = [...written.matchAll(gap)].flatMap((match) => {
      const before = constant(written.slice(end, match.index));
      end = match.index + match[0].length;
      return [before, find(match[1]) ?? constant(match[0])];
    });
    return [...pieces, constant(written.slice(end))];
  });
  return concatenate(machine, parts);
}
