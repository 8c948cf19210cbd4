import { isServed } from '../../model/answer.ts';
import type { Listener } from '../../model/events.ts';
import type { Answer } from '../../model/http.ts';
import type { Identity, SendAs } from '../../model/identity.ts';
import { isObject } from '../../model/json.ts';
import type { ApiObject, Look, Maker } from '../../model/world.ts';
import type { Shapes } from './address.ts';
import { recordsOf } from './records.ts';

const roundsOfMaking = 3;

/** Makes one object of each type for each identity, in rounds, so that children come after the parents they need. */
export async function makeObjects(
  makers: readonly Maker[],
  identities: readonly Identity[],
  input: { readonly sendAs: SendAs; readonly onEvent: Listener },
  add: (object: ApiObject) => void,
): Promise<ApiObject[]> {
  const made: ApiObject[] = [];
  const done = new Set<string>();
  for (let round = 0; round < roundsOfMaking; round++) {
    const before = made.length;
    for (const maker of makers) {
      for (const { name } of identities) {
        const key = `${maker.operation.id} ${name}`;
        if (done.has(key)) continue;
        const object = await makeOne(maker, name, input.sendAs);
        if (object === 'unknown-parent') continue;
        done.add(key);
        if (!object) continue;
        made.push(object);
        add(object);
        input.onEvent({ type: 'made', object: object.type, owner: name });
      }
    }
    if (made.length === before) break;
  }
  return made;
}

/**
 * Tries the whole body first, then what is required alone: optional fields may have rules that the description hides. At last what
 * the first refusal asks for.
 */
async function makeOne(maker: Maker, owner: string, sendAs: SendAs): Promise<ApiObject | 'unknown-parent' | undefined> {
  let refusal: Answer | undefined;
  for (const salt of ['', '/required', '/mended']) {
    const plan = maker.make(owner, salt, salt === '/mended' ? refusal : undefined);
    if (!plan) return salt === '' ? 'unknown-parent' : undefined;
    const answer = await sendAs(plan.call);
    const object = plan.object(answer);
    if (object) return object;
    refusal ??= answer;
  }
  return undefined;
}

/** Adds what a list shows of an object whose making did not tell it. */
export function completed(object: ApiObject, looks: readonly Look[], shapeFor: Shapes): ApiObject {
  const values = new Set(object.markers.map((marker) => marker.value));
  for (const { operation, as, baseline } of looks) {
    const [answer] = baseline.answers;
    if (as !== object.owner || !answer || !isServed(answer)) continue;
    const record = recordsOf(answer, shapeFor(operation).noun).find((item) => Object.values(item.keys).some((value) => values.has(value)));
    if (record)
      return {
        ...object,
        keys: { ...record.keys, ...object.keys },
        record: { ...record.value, ...(isObject(object.record) ? object.record : {}) },
      };
  }
  return object;
}
