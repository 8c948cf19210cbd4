import { isServed } from '../model/answer.ts';
import type { NextStep, OperationSubject } from '../model/check.ts';
import type { Answer } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import type { ApiObject, Look, MakePlan, World } from '../model/world.ts';
import { callerName, unserved, type Trial, type Outcome, type Unreached } from './trial.ts';
import { bodyOf, call, markersIn } from './support.ts';

const mostReadings = 4;

/** Making an object as somebody. It was made when its markers are read back, by whoever is shown such objects. */
export function createTrial({ world, operation }: OperationSubject, as: string | null, salt: string): Trial | Unreached {
  const maker = world.makers.find((candidate) => candidate.operation.id === operation.id);
  if (!maker) return { unreached: 'it would change what is not of this scan' };
  const plan = makeAs(maker.make, as, world, `${salt}/${as ?? 'anonymous'}`);
  if (!plan) return { unreached: 'it needs an object above it that is not known' };
  if (plan.markers.length === 0) return { unreached: 'what it makes could not be told from other things' };
  const readings = Array.from({ length: mostReadings }, (_, turn): NextStep => (previous) => {
    const object = previous[0] && plan.object(previous[0]);
    if (!object || previous.slice(1).some((answer) => shows(answer, plan))) return null;
    return readingsOf(world, object, as)[turn] ?? null;
  });
  const outcome = ([made, ...read]: readonly Answer[]): Outcome => {
    if (!made || !isServed(made)) return unserved(made);
    const answer = read.find((each) => shows(each, plan));
    if (!answer) return { got: 'unproven', why: 'what it claims to have made was not read back' };
    const highlights = markersIn(answer, plan.markers).map(({ value }) => value);
    const exhibits = [
      { label: `${callerName(as)} makes it`, answer: made },
      { label: 'it is read back', answer, highlights },
    ];
    return { got: 'served', seen: 'made an object that was read back', exhibits, replay: 0 };
  };
  return { as, on: null, probe: [plan.call, ...readings], outcome };
}

/** A creating call of somebody; the anonymous caller borrows the objects above from an identity, and sends it without a credential. */
function makeAs(make: World['makers'][number]['make'], as: string | null, world: World, salt: string): MakePlan | undefined {
  const lender = as ?? world.identities[0]?.name;
  const plan = lender === undefined ? undefined : make(lender, salt);
  return plan && { ...plan, call: { ...plan.call, as } };
}

function shows(answer: Answer, { markers }: MakePlan): boolean {
  return isServed(answer) && markersIn(answer, markers).length > 0;
}

/** Calls that would show an object: its own GET, then the lists that show such objects, first to whoever made it. */
function readingsOf(world: World, object: ApiObject, as: string | null): Call[] {
  const others = world.identities.map(({ name }) => name).filter((name) => name !== as);
  const left = new Set(world.leftOut.map((item) => item.operation));
  const items = world.surface.operations
    .filter(({ id, method }) => method === 'GET' && !left.has(id))
    .flatMap((operation) => {
      const values = world.address(operation, object);
      return values && Object.keys({ ...values.path, ...values.query }).length > 0 ? [{ operation, values }] : [];
    })
    .sort((left, right) => left.operation.path.length - right.operation.path.length);
  const [item] = items;
  const lists = world.looks.filter((look) => isListOf(look, object, world));
  const byCaller = (caller: string | null): Call[] => [
    ...(item ? [call(world, item.operation, item.values, caller)] : []),
    ...lists.filter((look) => look.as === caller).map((look) => look.baseline.call),
  ];
  const [another] = others.filter((name) => lists.some((look) => look.as === name));
  return [...byCaller(as), ...byCaller(another ?? others[0] ?? null)].slice(0, mostReadings);
}

/** True for a look at the collection that an object went to, or at one that showed such objects before. */
function isListOf({ operation, baseline }: Look, object: ApiObject, world: World): boolean {
  const made = object.madeBy?.request.path.split('?')[0];
  if (operation.method === 'GET' && baseline.call.request.path.split('?')[0] === made) return true;
  return world.objects.some(
    ({ type, markers }) => type === object.type && markers.some(({ value }) => bodyOf(baseline.answers[0]).includes(value)),
  );
}
