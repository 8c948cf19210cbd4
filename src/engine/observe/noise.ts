import type { Answer } from '../../model/http.ts';
import { jsonOf } from '../../model/http.ts';
import { leaves, shapePointer, type Json } from '../../model/json.ts';

/** What differs between answers to one and the same request: the fields that no comparison may rest on. */
export function noiseOf(answers: readonly Answer[]): ReadonlySet<string> {
  const noise = new Set<string>();
  const bodies = answers.map((answer) => (answer.kind === 'exchange' ? jsonOf(answer.response) : undefined));
  const [first, ...rest] = bodies;
  if (first === undefined) return noise;
  const before = valuesByPointer(first);
  for (const body of rest) {
    if (body === undefined) continue;
    const after = valuesByPointer(body);
    for (const [pointer, value] of before) if (after.has(pointer) && after.get(pointer) !== value) noise.add(shapePointer(pointer));
  }
  return noise;
}

function valuesByPointer(body: Json): Map<string, unknown> {
  return new Map(leaves(body, 5_000).map((leaf) => [leaf.pointer, leaf.value]));
}
