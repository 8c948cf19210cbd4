import { buildRequest } from '../../model/build-request.ts';
import type { Answer } from '../../model/http.ts';
import type { Call, SendAs } from '../../model/identity.ts';
import type { Operation } from '../../model/operation.ts';
import type { Baseline, Look } from '../../model/world.ts';
import { requiredValues, type Shapes } from './address.ts';
import { noiseOf } from './noise.ts';

/** Sends a call `times` times, one after the other, and marks what differs between the answers. */
export async function baselineOf(call: Call, sendAs: SendAs, times = 2): Promise<Baseline> {
  const answers: Answer[] = [];
  for (let turn = 0; turn < times; turn++) {
    const answer = await sendAs(call);
    answers.push(answer);
    if (answer.kind === 'silence') break;
  }
  return { call, answers, noise: noiseOf(answers) };
}

/** The GET operations that need no object: lists, "me", home. */
export function lookable(operations: readonly Operation[], shapeFor: Shapes): Operation[] {
  return operations.filter((operation) => {
    if (operation.method !== 'GET') return false;
    const shape = shapeFor(operation);
    const needed = shape.query.some((slot) =>
      operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === slot.name && parameter.required),
    );
    return shape.path.length === 0 && !needed;
  });
}

/** What each caller sees at each operation. The anonymous caller looks once, since nothing is compared within its answers. */
export async function look(
  operations: readonly Operation[],
  callers: readonly (string | null)[],
  times: number,
  input: { origin: string; sendAs: SendAs; token: (salt: string) => string },
): Promise<Look[]> {
  const looks = operations.map(async (operation) => {
    const request = buildRequest(input.origin, operation, {
      query: requiredValues(operation, 'query', input.token),
      header: requiredValues(operation, 'header', input.token),
    });
    return Promise.all(
      callers.map(async (as): Promise<Look> => {
        const call = { as, operation: operation.id, request };
        return { operation, as, baseline: await baselineOf(call, input.sendAs, as === null ? 1 : times) };
      }),
    );
  });
  return (await Promise.all(looks)).flat();
}
