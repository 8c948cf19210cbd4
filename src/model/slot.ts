import { atPointer, withPointer } from './json.ts';
import type { ParameterPlace } from './operation.ts';
import type { ParameterValues } from './world.ts';

/** Where in a request a value goes: a parameter by its name, or a place in the body by its JSON Pointer. */
export interface Slot {
  readonly in: ParameterPlace | 'body';
  readonly name: string;
}

/** The value at a slot as text; `undefined` where there is none. */
export function valueAt(values: ParameterValues, slot: Slot): string | undefined {
  if (slot.in !== 'body') return values[slot.in]?.[slot.name];
  const value = values.body === undefined ? undefined : atPointer(values.body, slot.name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The values with another one at a slot. In a body a number stays a number, as long as the text is one. */
export function withValue(values: ParameterValues, slot: Slot, value: string): ParameterValues {
  if (slot.in !== 'body') return { ...values, [slot.in]: { ...values[slot.in], [slot.name]: value } };
  const body = values.body ?? {};
  const isNumber = typeof atPointer(body, slot.name) === 'number' && /^-?\d{1,15}$/.test(value);
  return { ...values, body: withPointer(body, slot.name, isNumber ? Number(value) : value) };
}

/** True when two slots are the same place. */
export function isSameSlot(one: Slot, other: Slot): boolean {
  return one.in === other.in && one.name === other.name;
}

/** The name that says what a slot takes: of a place in a body, its last property. */
export function nameOfSlot({ in: place, name }: Slot): string {
  if (place !== 'body') return name;
  const last = name.split('/').findLast((token) => token !== '' && !/^\d+$/.test(token));
  return (last ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}
