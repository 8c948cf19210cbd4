import { meaningOf } from '../../model/answer.ts';
import type { Answer } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Marker } from '../../model/world.ts';
import { objectionsIn } from './objections.ts';

/** A body with the tokens that were planted in it. */
export interface Planted {
  readonly body: Json | undefined;
  readonly markers: readonly Marker[];
}

/** A body that was taken, with the tokens in it. */
export interface Sent {
  readonly sent: Json;
  readonly markers: readonly Marker[];
}

/** A body changed as the answer that refused it asks for; `undefined` when it asks for nothing that can be given. */
export function mended({ body, markers }: Planted, refusal: Answer, fresh: (name: string) => string): Planted | undefined {
  const meaning = meaningOf(refusal);
  const objections = meaning === 'rejected' || meaning === 'failed' ? objectionsIn(refusal) : undefined;
  if (!objections || (body !== undefined && !isObject(body))) return undefined;
  const before = body ?? {};
  const added = [...objections.missing].filter((name) => !(name in before)).map((field): Marker => ({ field, value: fresh(field) }));
  const changed = Object.entries(before).flatMap(([name, value]): [string, Json][] => {
    const choice = objections.choices.get(name);
    if (choice !== undefined && value !== choice) return [[name, Array.isArray(value) ? [choice] : choice]];
    return objections.refused.has(name) ? [] : [[name, value]];
  });
  const after = Object.fromEntries([...changed, ...added.map(({ field, value }): [string, Json] => [field, value])]);
  if (JSON.stringify(after) === JSON.stringify(before)) return undefined;
  return { body: after, markers: [...markers.filter((marker) => after[marker.field] === marker.value), ...added] };
}

/** A body in the shape of one that was taken before: what had been left out stays out, what had been added is added. */
export function likeBefore({ body, markers }: Planted, before: Sent, fresh: (name: string) => string): Planted {
  const { sent } = before;
  if (!isObject(body) || !isObject(sent)) return { body, markers };
  const planted = [...markers];
  const entries = Object.entries(sent).map(([name, value]): [string, Json] => {
    const wasToken = before.markers.some((marker) => marker.value === value);
    const isToken = markers.some((marker) => marker.value === body[name]);
    // A word that was chosen from a list, where the description knows of no list.
    if (!wasToken) return [name, isToken ? value : (body[name] ?? value)];
    if (name in body) return [name, body[name] ?? null];
    const token = fresh(name);
    planted.push({ field: name, value: token });
    return [name, token];
  });
  const kept: JsonObject = Object.fromEntries(entries);
  return { body: kept, markers: planted };
}
