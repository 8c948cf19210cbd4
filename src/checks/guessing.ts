import { readId } from '../model/id-kind.ts';
import { valueAt } from '../model/slot.ts';
import type { Access } from '../model/world.ts';

/** How an attacker would come by the ids of others, as a sentence with a space before it; '' where the object is not named by an id. */
export function easeOf({ object, slots, values }: Access): string {
  const slot = slots.at(-1);
  const id = slot && valueAt(values, slot);
  if (id === undefined) return '';
  if (object.markers.some((marker) => id.includes(marker.value))) return ' It is named by what its owner chose, and names can be guessed.';
  const { kind, predictability } = readId(id);
  switch (predictability) {
    case 'sequential':
      return ` Its id is a number that counts up${kind === 'integer' ? '' : ` (${kind})`}: the ids of others are simply counted through.`;
    case 'time-based':
      return ` Its id (${kind}) is made of a time and a counter: those of others can be computed from one's own.`;
    case 'low entropy':
      return ` Its id (${kind}) can be guessed or tried.`;
    case 'random':
      return ` Its id (${kind}) cannot be guessed: it must be learned elsewhere, from a list, a link or a log.`;
  }
}
