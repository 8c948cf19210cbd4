import { isDenied, isServed } from '../model/answer.ts';
import type { NextStep, ObjectSubject, OperationSubject } from '../model/check.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import { isObject, leaves, shapePointer, type Json } from '../model/json.ts';
import type { Operation } from '../model/operation.ts';
import { sampleOf } from '../model/sample.ts';
import { isAccountNoun } from '../model/names.ts';
import { isChanging, isDeleting } from '../model/verbs.ts';
import type { ApiObject, Baseline, MakePlan, World } from '../model/world.ts';
import { accountTrial } from './trial-account.ts';
import { callerName, unserved, type Trial, type Outcome, type Unreached } from './trial.ts';
import { changeBody } from './change-body.ts';
import { recordWith } from './property-candidates.ts';
import { bodyOf, call, readersOf } from './support.ts';

/** What is needed to try a change: an object made for it, and a way for its owner to see it. */
interface Ground {
  readonly plan: MakePlan;
  readonly reader: Operation | Call;
  readonly noise: ReadonlySet<string>;
}

/** Changing, deleting or acting on an object that `on` makes for this trial, and reads before and after. */
export function changeTrial(subject: OperationSubject, as: string | null, on: string, salt: string): Trial | Unreached {
  const { world, operation } = subject;
  const ground = groundOf(subject, on, `${salt}/${operation.id}/${as ?? 'anonymous'}/${on}`);
  if (!ground && subject.accesses.some(({ object }) => isAccountNoun(object.type))) return accountTrial(subject, as, on, salt);
  if (!ground) return { unreached: `${on} could make no object for it that can be read back` };
  const { plan, reader } = ground;
  const made = (answers: readonly Answer[]): ApiObject | undefined => answers[0] && asRead(plan, plan.object(answers[0]), answers[1]);
  const at = (target: Operation, who: string | null, body?: (object: ApiObject) => Json | undefined): NextStep => {
    return (answers) => {
      const object = made(answers);
      const values = object && world.address(target, object);
      if (!object || !values) return null;
      const sent = body?.(object);
      return call(world, target, sent === undefined ? values : { ...values, body: sent }, who);
    };
  };
  const read: NextStep = (answers) => ('method' in reader ? at(reader, on)(answers) : made(answers) ? reader : null);
  const outcome = (answers: readonly Answer[]): Outcome => {
    const [, before, attack, after] = answers;
    const object = made(answers);
    if (!object || !before || !isThere(before, plan)) return { got: 'unknown', why: `what ${on} made for it could not be read back` };
    if (!attack || attack.kind === 'silence' || !after || after.kind === 'silence') return { got: 'unknown', why: 'it got no answer' };
    const effect = effectOf(subject, object, before, after, ground, salt);
    if (effect === undefined)
      return isServed(attack) ? { got: 'unproven', why: 'it claims success, and nothing changed' } : unserved(attack);
    if (effect.unclear !== undefined) return { got: 'unknown', why: effect.unclear };
    const exhibits = [
      { label: `${on} reads it before`, answer: before },
      { label: `${callerName(as)} uses it`, answer: attack, highlights: effect.values },
      { label: `${on} reads it after`, answer: after, highlights: effect.values },
    ];
    const whose = as === on ? 'its own' : `one that ${on} had made`;
    return { got: 'served', seen: `${effect.did} an object, ${whose}`, exhibits, replay: 1 };
  };
  return { as, on, probe: [plan.call, read, at(operation, as, (object) => bodyFor(subject, object, salt)), read], outcome };
}

function groundOf({ world, operation, accesses }: OperationSubject, on: string, salt: string): Ground | undefined {
  for (const { object } of accesses) {
    if (object.owner !== on || object.learned !== 'made' || object.markers.length === 0) continue;
    const maker = world.makers.find(
      (candidate) => candidate.type === object.type && candidate.make(on, '')?.call.request.path === object.madeBy?.request.path,
    );
    const plan = maker?.make(on, salt);
    const reader = readerOf(world, object);
    if (plan && reader && plan.markers.length > 0 && isHarmless(operation, object)) return { plan, ...reader };
  }
  return undefined;
}

/** An account is not changed for a trial, and neither is what only stands under one. */
function isHarmless({ method }: Operation, { type }: ApiObject): boolean {
  return type !== 'user' && /^(?:PUT|PATCH|DELETE|POST)$/.test(method);
}

/** The GET that reads such an object, else the call that lists such objects for their owner. */
function readerOf(world: World, object: ApiObject): Omit<Ground, 'plan'> | undefined {
  const shown = (baseline: Baseline | undefined): boolean =>
    baseline?.answers.every(isServed) === true && object.markers.some(({ value }) => bodyOf(baseline.answers[0]).includes(value));
  const items = world.accesses
    .filter((access) => access.object.id === object.id && access.slots.length > 0 && shown(access.baseline))
    .sort((left, right) => left.operation.path.length - right.operation.path.length);
  const [item] = items;
  if (item?.baseline) return { reader: item.operation, noise: item.baseline.noise };
  const list = readersOf(world, object).find(({ baseline }) => shown(baseline));
  return list && { reader: list.call, noise: list.baseline.noise };
}

/** What was made, with what reading it back told of it: a creation may answer with nothing. */
function asRead({ markers }: MakePlan, object: ApiObject | undefined, before: Answer | undefined): ApiObject | undefined {
  const values = markers.map(({ value }) => value);
  const record = before && isServed(before) ? recordWith(before, values) : undefined;
  return object && record ? { ...object, record } : object;
}

function isThere(answer: Answer, { markers }: MakePlan): boolean {
  return isServed(answer) && markers.some(({ value }) => bodyOf(answer).includes(value));
}

interface Effect {
  readonly did: string;
  readonly values: readonly string[];
  readonly unclear?: string;
}

function effectOf(
  subject: OperationSubject,
  object: ApiObject,
  before: Answer,
  after: Answer,
  { plan, noise, reader }: Ground,
  salt: string,
): Effect | undefined {
  const { operation } = subject;
  if (isDeleting(operation)) {
    if (isThere(after, plan)) return undefined;
    const isGone = isDenied(after) || isServed(after);
    return isGone ? { did: 'deleted', values: [] } : { did: '', values: [], unclear: 'the object could not be read afterwards' };
  }
  if (!isServed(after)) return { did: '', values: [], unclear: 'the object could not be read afterwards' };
  if (isChanging(operation)) {
    const values = changeOf(subject, object, salt)
      .planted.map(({ value }) => value)
      .filter((value) => bodyOf(after).includes(value) && !bodyOf(before).includes(value));
    return values.length === 0 ? undefined : { did: 'changed', values };
  }
  // A list changes for many reasons; the object itself does not.
  if (!('method' in reader)) return { did: '', values: [], unclear: 'a list does not show what became of the object' };
  return stateOf(before, noise) === stateOf(after, noise) ? undefined : { did: 'changed the state of', values: [] };
}

function stateOf(answer: Answer, noise: ReadonlySet<string>): string {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return '';
  return JSON.stringify(
    leaves(json, 2_000).filter((leaf) => !noise.has(shapePointer(leaf.pointer)) && !/(?:_at|At|time|date)$/.test(leaf.name)),
  );
}

function changeOf({ world, operation, accesses }: OperationSubject, object: ApiObject, salt: string): ReturnType<typeof changeBody> {
  const values = world.address(operation, object) ?? {};
  const subject: ObjectSubject = {
    kind: 'object',
    world,
    operation,
    access: { operation, object, values, slots: accesses.find((access) => access.object.type === object.type)?.slots ?? [] },
    owner: object.owner ?? '',
    stranger: null,
  };
  return changeBody(subject, `${salt}/${operation.id}/change`);
}

function bodyFor(subject: OperationSubject, object: ApiObject, salt: string): Json | undefined {
  const { operation, world } = subject;
  if (operation.method === 'DELETE') return undefined;
  if (isChanging(operation)) return changeOf(subject, object, salt).value;
  const schema = operation.body?.contents[0]?.schema;
  const named = world.address(operation, object)?.body;
  const sample = schema && sampleOf(schema, { token: world.token, salt: `${salt}/${operation.id}` }).value;
  return isObject(sample) && isObject(named) ? { ...sample, ...named } : (named ?? sample);
}
