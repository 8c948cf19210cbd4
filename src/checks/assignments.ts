import { bodyTypeOf, encodeBody } from '../model/build-request.ts';
import type { NextStep, OperationSubject, Probe, Step, Verdict } from '../model/check.ts';
import { headerOf, type Answer, type Request } from '../model/http.ts';
import { variablesIn, withMore } from '../model/graphql.ts';
import { isObject, leaves, parseJson, type Json, type JsonObject } from '../model/json.ts';
import type { Operation } from '../model/operation.ts';
import { isPasswordName } from '../model/sample.ts';
import type { Schema } from '../model/schema.ts';
import { isChanging } from '../model/verbs.ts';
import type { Access, ApiObject, SignUp, SignUpAttempt } from '../model/world.ts';
import { changeBody, originalBody } from './change-body.ts';
import { envelopeOf, keptFields } from './kept-body.ts';
import { candidatesOf, namingValues, recordReaders, recordWith, type Candidate, type Reader } from './property-candidates.ts';
import { call } from './support.ts';
import { isTaken } from './throwaway.ts';

/** One way to assign properties that are not the caller's: at sign-up, at creation, at update. */
export interface Assignment {
  readonly candidates: readonly Candidate[];
  /** Sent with the tried value, then with the usual one. */
  readonly probes: { readonly tried: Probe; readonly usual: Probe };
  /** The record of the object as read back after a probe. */
  readonly readBack: (answers: readonly Answer[], which: 'tried' | 'usual') => JsonObject | undefined;
  /** Position of the assigning request among a probe's answers. */
  readonly at: number;
}

/** How an operation can be tried for assignment; `undefined` when nothing of ours goes through it or nothing can be read back. */
export function assignmentOf(subject: OperationSubject): Assignment | undefined {
  const { world, operation } = subject;
  if (world.signUp?.operation.id === operation.id) return atSignUp(subject);
  return isChanging(operation) ? atUpdate(subject) : operation.method === 'POST' ? atCreation(subject) : undefined;
}

/** A property that nobody declares anywhere: where it comes back too, the target keeps whatever it is sent. */
export function controlName(subject: OperationSubject): string {
  return `x${subject.world.token(`control/${subject.operation.id}`)}`;
}

function extras(subject: OperationSubject, candidates: readonly Candidate[], which: 'tried' | 'usual'): Record<string, Json> {
  return { ...Object.fromEntries(candidates.map((candidate) => [candidate.name, candidate[which]])), [controlName(subject)]: true };
}

function bodySchema(operation: Operation): Parameters<typeof candidatesOf>[2] {
  return operation.body?.contents[0]?.schema;
}

function atSignUp(subject: OperationSubject): Assignment | undefined {
  const { world, operation } = subject;
  const account = world.objects.find((object) => object.learned === 'signed-up');
  if (!world.signUp || !account) return undefined;
  const reader = best(recordReaders(world, account).filter(namedByFacts(world.signUp, account)), operation);
  if (!reader) return undefined;
  const candidates = candidatesOf(reader.record, operation, bodySchema(operation));
  const { signUp } = world;
  const attempts = {
    tried: signUp.attempt(`assign/tried/${operation.id}`, extras(subject, candidates, 'tried')),
    usual: signUp.attempt(`assign/usual/${operation.id}`, extras(subject, candidates, 'usual')),
  };
  const probe = (attempt: SignUpAttempt): Probe => {
    const bare = (request: Request, label: string): Step => ({ bare: request, operation: operation.id, label });
    const logIn: NextStep = (previous) =>
      previous[0] && !isTaken(previous[0])
        ? null
        : attempt.logIn
          ? bare(attempt.logIn, 'log-in as the new account')
          : bare(reader.call.request, 'nothing to log in to');
    const read: NextStep = (previous) => {
      const credential = attempt.logIn ? previous[1] : previous[0];
      const request = credential && attempt.as(credential, swapped(reader.call.request, account, attempt));
      return request ? bare(request, 'the new account reads itself') : null;
    };
    return [bare(attempt.request, 'sign-up with the extra properties'), logIn, read];
  };
  return {
    candidates,
    probes: { tried: probe(attempts.tried), usual: probe(attempts.usual) },
    readBack: (answers, which) =>
      answers[2]
        ? recordWith(
            answers[2],
            Object.values(attempts[which].facts).filter((value) => value.length >= 4),
          )
        : undefined,
    at: 0,
  };
}

/** Readers that work for another account: their path names the account by nothing but what is sent at sign-up. */
function namedByFacts(signUp: SignUp, account: ApiObject): (reader: Reader) => boolean {
  const { facts } = signUp.attempt('assign/names', {});
  const sent = new Set(Object.entries(account.keys).flatMap(([name, value]) => (Object.hasOwn(facts, name) ? [value] : [])));
  const given = Object.values(account.keys).filter((value) => !sent.has(value));
  return ({ call: { request } }) => {
    const parts = new Set([
      ...request.path.split(/[/?&=]/),
      ...leaves(variablesIn(request)).map(({ value }) => encodeURIComponent(String(value))),
    ]);
    return !given.some((value) => parts.has(encodeURIComponent(value)));
  };
}

/** A reader's request with the known account's values in it replaced by the new account's. */
function swapped(request: Request, account: ApiObject, attempt: SignUpAttempt): Request {
  let { path, body } = request;
  for (const [name, value] of Object.entries(account.keys)) {
    const other = attempt.facts[name];
    if (other === undefined || value.length < 4) continue;
    path = path.replaceAll(encodeURIComponent(value), encodeURIComponent(other));
    body = body?.replaceAll(JSON.stringify(value), JSON.stringify(other));
  }
  return { ...request, path, ...(body === undefined ? {} : { body }) };
}

function atCreation(subject: OperationSubject): Assignment | undefined {
  const { world, operation } = subject;
  const maker = world.makers.find((candidate) => candidate.operation.id === operation.id);
  const object = maker && world.objects.find((candidate) => candidate.learned === 'made' && candidate.type === maker.type);
  const reader = object && best(recordReaders(world, object), operation);
  const owner = object?.owner;
  if (!maker || !object || !reader || !owner) return undefined;
  const candidates = candidatesOf(reader.record, operation, bodySchema(operation));
  const plans = { tried: maker.make(owner, 'assign-tried'), usual: maker.make(owner, 'assign-usual') };
  const { tried, usual } = plans;
  if (!tried || !usual) return undefined;
  const readOperation = world.surface.operations.find((candidate) => candidate.id === reader.call.operation);
  const probe = (which: 'tried' | 'usual'): Probe => {
    const plan = which === 'tried' ? tried : usual;
    const step: Step = { ...plan.call, request: withExtras(plan.call.request, operation, extras(subject, candidates, which)) };
    const read: NextStep = ([answer]) => {
      const made = answer && plan.object(answer);
      const values = made && readOperation ? world.address(readOperation, made) : undefined;
      if (!made) return null;
      return values && readOperation ? call(world, readOperation, values, owner) : reader.call;
    };
    return [step, read];
  };
  return {
    candidates,
    probes: { tried: probe('tried'), usual: probe('usual') },
    readBack: (answers, which) =>
      answers[1]
        ? recordWith(
            answers[1],
            (which === 'tried' ? tried : usual).markers.map((marker) => marker.value),
          )
        : undefined,
    at: 0,
  };
}

function atUpdate(subject: OperationSubject): Assignment | undefined {
  const { world, operation } = subject;
  const access = subject.accesses.find((candidate: Access) => candidate.object.learned !== 'seen' && candidate.object.owner !== null);
  const owner = access?.object.owner;
  if (!access || !owner) return undefined;
  const offered = access.object.learned === 'signed-up' ? 'powers' : 'nothing';
  const { schema, wrap } = envelopeOf(bodySchema(operation));
  const reader = best(recordReaders(world, access.object), operation, schema, offered);
  const keep = reader && keptBody(subject, access, owner, schema);
  if (!reader || !keep) return undefined;
  const candidates = candidatesOf(reader.record, operation, schema, offered);
  const step = (which: 'tried' | 'usual'): Step =>
    call(world, operation, { ...access.values, body: wrap({ ...keep, ...extras(subject, candidates, which) }) }, owner);
  const probe = (which: 'tried' | 'usual'): Probe => [step(which), reader.call];
  return {
    candidates,
    probes: { tried: probe('tried'), usual: probe('usual') },
    readBack: (answers) => (answers[1] ? recordWith(answers[1], namingValues(access.object)) : undefined),
    at: 0,
  };
}

/** The object as it is, as the body of an update; `undefined` when the update would change a password. */
function keptBody(subject: OperationSubject, access: Access, owner: string, schema: Schema | undefined): JsonObject | undefined {
  const { world, operation } = subject;
  const kept = schema === bodySchema(operation) ? undefined : keptFields(schema, access.object);
  if (kept) return kept;
  const body = changeBody({ kind: 'object', world, operation, access, owner, stranger: null }, `assign/${operation.id}`);
  if (body.planted.some((marker) => isPasswordName(marker.field))) return keptFields(schema, access.object);
  const keep = originalBody(access.object, body);
  return isObject(keep) ? keep : {};
}

/** The reader whose record holds most of the properties worth trying. */
function best(
  readers: readonly Reader[],
  operation: Operation,
  schema = bodySchema(operation),
  offered?: 'powers' | 'nothing',
): Reader | undefined {
  return readers
    .map((reader) => ({ reader, count: candidatesOf(reader.record, operation, schema, offered).length }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count)[0]?.reader;
}

function withExtras(request: Request, operation: Operation, extra: Readonly<Record<string, Json>>): Request {
  if (operation.graphql) return withMore(operation, request, extra);
  const type = headerOf(request.headers, 'content-type') ?? bodyTypeOf(operation);
  const current = /form-urlencoded/.test(type)
    ? Object.fromEntries(new URLSearchParams(request.body ?? ''))
    : parseJson(request.body ?? '{}');
  return isObject(current) ? { ...request, body: encodeBody({ ...current, ...extra }, type).text } : request;
}

/** Whether the tried value came back where the usual one comes back otherwise. */
export function judgeAssignment(
  subject: OperationSubject,
  assignment: Assignment,
  tried: readonly Answer[],
  usual: readonly Answer[],
): Verdict {
  const attempt = tried[assignment.at];
  if (!attempt || attempt.kind === 'silence') return { outcome: 'inconclusive', why: 'the attempt got no answer' };
  const record = assignment.readBack(tried, 'tried');
  const control = assignment.readBack(usual, 'usual');
  if (!record)
    return !isTaken(attempt)
      ? { outcome: 'pass', why: 'extra properties are refused' }
      : { outcome: 'inconclusive', why: 'the object could not be read back' };
  const kept = assignment.candidates.filter((candidate) => same(record[candidate.name], candidate.tried));
  if (kept.length === 0) return { outcome: 'pass' };
  const followed = kept.filter((candidate) => control && same(control[candidate.name], candidate.usual));
  const keepsAll = Object.hasOwn(record, controlName(subject));
  const chosen = followed.length > 0 ? followed : kept;
  const values = chosen.map((candidate) => `"${candidate.name}": ${JSON.stringify(candidate.tried)}`).join(', ');
  const isOffered = chosen.every((candidate) => candidate.declared);
  const readBack = tried.at(-1);
  return {
    outcome: 'fail',
    confidence: followed.length === 0 ? (keepsAll ? 'tentative' : 'firm') : keepsAll || isOffered ? 'firm' : 'certain',
    proof: `${values} was sent along and came back when the object was read; with the usual value sent, the usual value came back.${keepsAll ? ' A property made up for the test was kept too: whatever is sent is stored.' : ''}${isOffered ? ' The description offers it to every account.' : ''}`,
    exhibits: [
      { label: 'the request with the extra properties', answer: attempt, highlights: chosen.map((candidate) => `"${candidate.name}"`) },
      ...(readBack && readBack !== attempt
        ? [{ label: 'the object, read back', answer: readBack, highlights: chosen.map((candidate) => `"${candidate.name}"`) }]
        : []),
    ],
  };
}

function same(left: Json | undefined, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
