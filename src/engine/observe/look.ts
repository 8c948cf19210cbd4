import { isTenantNoun } from '../../model/credential-place.ts';
import { buildRequest } from '../../model/build-request.ts';
import type { Answer } from '../../model/http.ts';
import type { Call, SendAs } from '../../model/identity.ts';
import type { Operation } from '../../model/operation.ts';
import type { ApiObject, Baseline, Look } from '../../model/world.ts';
import { knownBeside, requiredElsewhere, type Shapes } from './address.ts';
import { noiseOf } from './noise.ts';
import { isReading, showsEffect } from './reading.ts';
import { isRequiredSlot } from './slots.ts';

/** Sends a call `times` times, one after the other, and marks what differs between the answers. */
export async function baselineOf(call: Call, sendAs: SendAs, times = 2): Promise<Baseline> {
  const answers: Answer[] = [];
  for (let turn = 0; turn < times; turn++) {
    const answer = await sendAs(call);
    answers.push(answer);
    if (answer.kind === 'silence' || showsEffect(answer, call.request.method)) break;
  }
  return { call: asAsked(call, answers.at(-1)), answers, noise: noiseOf(answers) };
}

/** A GraphQL document may have been narrowed on its way: whoever asks again asks for the same. */
function asAsked(call: Call, answer: Answer | undefined): Call {
  const body = answer?.request.body;
  return body === undefined || body === call.request.body ? call : { ...call, request: { ...call.request, body } };
}

/** The operations that read and need no object: lists, "me", home, searches. */
export function lookable(operations: readonly Operation[], shapeFor: Shapes): Operation[] {
  return operations.filter(
    (operation) => isReading(operation) && shapeFor(operation).path.length === 0 && !needsObject(operation, shapeFor),
  );
}

// Everybody acts in a tenant: that is no object to be known first.
function needsObject(operation: Operation, shapeFor: Shapes): boolean {
  return shapeFor(operation).beside.some((slot) => !isTenantNoun(slot.noun) && isRequiredSlot(operation, slot));
}

export interface LookInput {
  readonly origin: string;
  readonly sendAs: SendAs;
  readonly token: (salt: string) => string;
  readonly shapeFor: Shapes;
  /** The tenants in which callers act. */
  readonly known: () => readonly ApiObject[];
}

/** What each caller sees at each operation. The anonymous caller looks once, since nothing is compared within its answers. */
export async function look(
  operations: readonly Operation[],
  callers: readonly (string | null)[],
  times: number,
  input: LookInput,
): Promise<Look[]> {
  const looks = operations.map(async (operation) => {
    return Promise.all(
      callers.map(async (as): Promise<Look> => {
        const known = knownBeside(input.shapeFor(operation), as, input.known());
        const request = buildRequest(input.origin, operation, requiredElsewhere(operation, input.token, { withBody: true, known }));
        const call = { as, operation: operation.id, request };
        return { operation, as, baseline: await baselineOf(call, input.sendAs, as === null ? 1 : times) };
      }),
    );
  });
  const seen = (await Promise.all(looks)).flat();
  const effective = new Set(
    seen
      .filter(({ operation, baseline }) => baseline.answers.some((answer) => showsEffect(answer, operation.method)))
      .map(({ operation }) => operation),
  );
  return seen.filter(({ operation }) => !effective.has(operation));
}
