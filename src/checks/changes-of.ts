import { jsonOf, type Answer } from '../model/http.ts';
import { leaves, objects, shapePointer, type JsonObject } from '../model/json.ts';

/** The part of an answer that shows an object: the smallest that holds one of its values, else all of it. */
export function partWith(answer: Answer | undefined, values: readonly string[]): JsonObject | undefined {
  const json = answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return undefined;
  const holding = objects(json, 2_000).filter(({ value }) =>
    leaves(value, 500).some((leaf) => typeof leaf.value === 'string' && values.some((text) => String(leaf.value).includes(text))),
  );
  return holding.at(-1)?.value;
}

/** What differs between two states of an object, by where it stands: `status: "open" → "cancelled"`. */
export interface Difference {
  readonly pointer: string;
  readonly from: string;
  readonly to: string;
}

/** The fields that have another value in the second state, with those that came or went. */
export function differencesOf(before: JsonObject, after: JsonObject): Difference[] {
  const [old, fresh] = [before, after].map(
    (state) => new Map(leaves(state, 2_000).map((leaf) => [leaf.pointer, JSON.stringify(leaf.value)])),
  );
  const pointers = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  return [...pointers].flatMap((pointer): Difference[] => {
    const [from = 'nothing', to = 'nothing'] = [old?.get(pointer), fresh?.get(pointer)];
    return from === to ? [] : [{ pointer: shapePointer(pointer), from, to }];
  });
}
