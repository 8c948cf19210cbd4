import { isServed } from '../model/answer.ts';
import type { NextStep, OperationSubject } from '../model/check.ts';
import { jsonOf, type Answer, type Request } from '../model/http.ts';
import { leaves } from '../model/json.ts';
import type { Call } from '../model/identity.ts';
import { callerName, unserved, type Trial, type Outcome, type Unreached } from './trial.ts';
import { absentValues, call, markersIn, markersOf, sameContent } from './support.ts';

/** Reading what names no object. What a path that does not exist answers, too, is a page and no content. */
export function lookTrial({ world, operation, looks }: OperationSubject, as: string | null): Trial | Unreached {
  const known = looks.find((look) => look.as === as) ?? looks[0];
  if (!known) return { unreached: whyUnknown(world.leftOut, operation.id) };
  const first: Call = { ...known.baseline.call, as };
  const elsewhere: NextStep = ([answer]) =>
    answer && isServed(answer) ? { ...first, request: siblingOf(first.request, world.token('no-such-page')) } : null;
  const outcome = ([answer, other]: readonly Answer[]): Outcome => {
    if (!answer || !isServed(answer)) return unserved(answer);
    if (!hasContent(answer)) return { got: 'unproven', why: 'the answer holds nothing' };
    if (sameContent(answer, other, known.baseline.noise)) return { got: 'unproven', why: 'a path that does not exist answers the same' };
    return { got: 'served', seen: 'is given its content', exhibits: [{ label: `${callerName(as)} reads it`, answer }], replay: 0 };
  };
  return { as, on: null, probe: [first, elsewhere], outcome };
}

/** Reading an object of somebody. Content decides: what the owner gets, or what was planted in it. */
export function readTrial({ world, operation, accesses }: OperationSubject, as: string | null, on: string): Trial | Unreached {
  const access = accesses.find(({ object, baseline }) => object.owner === on && baseline?.answers.every(isServed) === true);
  const [own] = access?.baseline?.answers ?? [];
  if (!access?.baseline || !own) return { unreached: `${on} has no object to read there` };
  const { noise } = access.baseline;
  const absent: NextStep = ([answer]) =>
    answer && isServed(answer) ? call(world, operation, absentValues(access, world.token), as) : null;
  const outcome = ([answer, other]: readonly Answer[]): Outcome => {
    const markers = markersIn(answer, markersOf(world, on));
    const isSame = sameContent(own, answer, noise) && !sameContent(answer, other, noise);
    if (answer && (markers.length > 0 || (isServed(answer) && isSame && hasContent(answer)))) {
      const highlights = markers.map(({ value }) => value);
      const seen = as === on ? 'reads what is its own' : `reads what belongs to ${on}`;
      const exhibits = [
        { label: `${callerName(as)} reads it`, answer, highlights },
        { label: `${on} reads it`, answer: own },
      ];
      return { got: 'served', seen, exhibits, replay: 0 };
    }
    return answer && isServed(answer) ? { got: 'unproven', why: 'the answer is not the object' } : unserved(answer);
  };
  return { as, on, probe: [call(world, operation, access.values, as), absent], outcome };
}

function whyUnknown(leftOut: readonly { readonly operation: string; readonly why: string }[], operation: string): string {
  return leftOut.find((item) => item.operation === operation)?.why ?? 'it needs an object that is not known';
}

/** A path beside the one of a request that nothing stands at. */
function siblingOf(request: Request, token: string): Request {
  const [path = ''] = request.path.split('?');
  return { ...request, path: `${path.replace(/\/?[^/]*\/?$/, '')}/${token}` };
}

const talk = /^(?:message|msg|status|detail|details|notice|info|title|version|success|ok|code|timestamp|time|request_?id|path)$/i;

/** More than an empty list, a bare message, or a page for people. */
export function hasContent(answer: Answer): boolean {
  if (answer.kind !== 'exchange') return false;
  const json = jsonOf(answer.response);
  if (json !== undefined) return leaves(json, 200).some((leaf) => leaf.value !== null && leaf.value !== '' && !talk.test(leaf.name));
  const body = answer.response.body.trim();
  return body !== '' && !body.startsWith('<') && body.length >= 40;
}
