import { isDenied, isServed } from '../model/answer.ts';
import type { NextStep, ObjectSubject, OperationSubject } from '../model/check.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import { isObject, leaves } from '../model/json.ts';
import { isAccountNoun } from '../model/names.ts';
import { isChanging, isDeleting } from '../model/verbs.ts';
import type { Access, ApiObject } from '../model/world.ts';
import { changeBody } from './change-body.ts';
import { bodyOf, call } from './support.ts';
import { bare, letsIn, ownPage, probeAs, throwaway, type Throwaway } from './throwaway.ts';
import { callerName, unserved, type Outcome, type Trial, type Unreached } from './trial.ts';

/**
 * Changing or deleting an account as somebody else: it is one that signs up for this trial, and shows by its own page, and by
 * logging in again, what became of it.
 */
export function accountTrial(subject: OperationSubject, as: string | null, on: string, salt: string): Trial | Unreached {
  const { world, operation, accesses } = subject;
  const access = accesses.find(({ object }) => isAccountNoun(object.type));
  const account = access && as !== on ? throwaway(world, operation.id, `${salt}/${as ?? 'anonymous'}`) : undefined;
  const page = ownPage(world);
  if (!access || !account || !page || (!isDeleting(operation) && !isChanging(operation)))
    return { unreached: 'no account could be made for it that shows what became of it' };
  const { entered, attempt, send } = account;
  const read = send(page.call.request, 'the account reads itself');
  const body = (object: ApiObject): ReturnType<typeof changeBody> =>
    changeBody(subjectOf(subject, access, object, as), `${salt}/${operation.id}`);
  const attack: NextStep = (answers) => {
    const [own] = answers.slice(entered + 1);
    const object = objectOf(account, answers);
    const values = own && isServed(own) ? world.address(operation, object) : undefined;
    if (!values) return null;
    return call(world, operation, isChanging(operation) ? { ...values, body: body(object).value } : values, as);
  };
  const again: NextStep = () => (attempt.logIn ? bare(attempt.logIn, operation.id, 'the account logs in again') : null);
  const outcome = (answers: readonly Answer[]): Outcome => {
    const [before, tried, after, logIn] = answers.slice(entered + 1);
    if (!before || !isServed(before)) return { got: 'unknown', why: 'the account made for it could not read itself' };
    if (!tried || tried.kind === 'silence' || !after || after.kind === 'silence') return { got: 'unknown', why: 'it got no answer' };
    const isShut = isDenied(after) || (logIn !== undefined && isDenied(logIn) && !letsIn(account, logIn));
    const planted = isChanging(operation) ? body(objectOf(account, answers)).planted.map(({ value }) => value) : [];
    const values = planted.filter((value) => bodyOf(after).includes(value) && !bodyOf(before).includes(value));
    const hasEffect = isDeleting(operation) ? isShut : values.length > 0;
    if (!hasEffect) return isServed(tried) ? { got: 'unproven', why: 'it claims success, and nothing changed' } : unserved(tried);
    const exhibits = [
      { label: 'the account reads itself before', answer: before },
      { label: `${callerName(as)} uses it`, answer: tried, highlights: values },
      {
        label: 'the account asks again after',
        answer: isDeleting(operation) && !isDenied(after) && logIn ? logIn : after,
        highlights: values,
      },
    ];
    return {
      got: 'served',
      seen: `${isDeleting(operation) ? 'deleted' : 'changed'} an account, one that had just signed up`,
      exhibits,
      replay: 1,
    };
  };
  return { as, on, probe: probeAs(account, read, attack, read, again), outcome };
}

/** The account as an object: what it signed up with, and what the answers told of it. */
function objectOf({ attempt, entered }: Throwaway, answers: readonly Answer[]): ApiObject {
  const told = answers
    .slice(0, entered + 2)
    .flatMap((answer) => (answer.kind === 'exchange' ? leaves(jsonOf(answer.response) ?? null, 200).reverse() : []));
  const known = told.flatMap(({ name, value }): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  const page = answers[entered + 1];
  const record = page?.kind === 'exchange' ? jsonOf(page.response) : undefined;
  return {
    id: 'account made for a trial',
    type: 'user',
    owner: null,
    keys: { ...Object.fromEntries(known), ...attempt.facts },
    markers: [],
    learned: 'signed-up',
    ...(isObject(record) ? { record } : {}),
  };
}

function subjectOf({ world, operation }: OperationSubject, access: Access, object: ApiObject, as: string | null): ObjectSubject {
  return {
    kind: 'object',
    world,
    operation,
    access: { ...access, object, values: world.address(operation, object) ?? {} },
    owner: '',
    stranger: as,
  };
}
