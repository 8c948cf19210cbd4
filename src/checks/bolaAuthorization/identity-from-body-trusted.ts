import { isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject, Probe } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { plainName } from '../../model/names.ts';
import { isPasswordName } from '../../model/sample.ts';
import type { Access, Marker } from '../../model/world.ts';
import { changeBody, originalBody } from '../change-body.ts';
import { exampleApi, ok, refused, text, type ExampleRoute, type ExampleUser } from '../example-api.ts';
import { partWith } from '../changes-of.ts';
import { asCaller, bodyOf, defineCheck, listed, readersOf } from '../support.ts';

export default defineCheck({
  id: 'identity-from-body-trusted',
  category: 'bolaAuthorization',
  severity: 'critical',
  docs: {
    title: "The account to change is taken from the body of a caller's own update",
    risk: 'Anybody with an account can write to the account of anybody else by adding its id to the update of his own: its name, its address, and with them the way back into it.',
    remedy:
      'Take the account to change from the session or token alone, and drop ids from the body before it is used: accept a list of named properties instead of whatever is sent.',
    cwe: [639, 915],
    owasp: 'API1:2023',
  },
  needs: ['second-identity', 'write'],
  subject: 'object',
  phase: 'destroy',
  applies: (subject: ObjectSubject) => attemptOf(subject) !== undefined,
  plan: (subject) => {
    const attempt = attemptOf(subject);
    if (!attempt) throw new Error('identity-from-body-trusted was planned without an attempt');
    const { reader, bodies, restore, own } = attempt;
    const unlessDone = (index: number, next: ReturnType<typeof asCaller>): NextStep => {
      return (previous) => (index > 0 && effectIn(previous, attempt) !== undefined ? null : next);
    };
    const attacks = bodies.flatMap(({ body }, index): NextStep[] => [
      unlessDone(index, asCaller(subject, subject.stranger, { ...subject.access.values, body })),
      unlessDone(index, reader),
    ]);
    const probe: Probe = [reader, ...attacks];
    return { attack: probe, restore: [restore], restoreOwn: [own] };
  },
  judge: (subject, { attack }) => {
    const attempt = attemptOf(subject);
    const [before] = attack;
    if (!attempt || !before || !isServed(before))
      return { outcome: 'inconclusive', why: 'the account could not be read before the attempt' };
    const at = effectIn(attack, attempt);
    const after = at === undefined ? undefined : attack[at];
    const attackAnswer = at === undefined ? undefined : attack[at - 1];
    if (at === undefined || !after || !attackAnswer) return { outcome: 'pass' };
    const names = attempt.bodies[at / 2 - 1]?.names ?? [];
    const shown = attempt.planted.filter(({ value }) => bodyOf(after).includes(value));
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `${subject.stranger ?? ''} updated his own account with ${listed(names)} of ${subject.owner} in the body, and ${subject.owner} read ${listed(shown.map((marker) => marker.field))} with the new value.`,
      exhibits: [
        { label: 'the owner reads the account before', answer: before },
        { label: "a stranger updates his own account, with the owner's id in the body", answer: attackAnswer },
        { label: 'the owner reads the account after', answer: after, highlights: shown.map((marker) => marker.value) },
      ],
      replay: 1,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The account to change is the one whose id is sent', routes: { 'GET /me': me(), 'PUT /me': update('id') } }),
      exampleApi({
        title: 'The account to change is the one whose user_id is sent',
        routes: { 'GET /me': me(), 'PATCH /profile': update('user_id') },
      }),
    ],
    safe: [
      exampleApi({ title: 'The account to change is the one of the token', routes: { 'GET /me': me(), 'PUT /me': update(undefined) } }),
      exampleApi({
        title: 'The answer shows what was sent, and the account of the token is changed',
        routes: {
          'GET /me': me(),
          'PUT /me': {
            ...update(undefined),
            reply: (context) => {
              const reply = update(undefined).reply(context);
              return reply.status === 200 ? ok({ ...context.body }) : reply;
            },
          },
        },
      }),
      exampleApi({
        title: 'A directory shows the new name of whoever changed it',
        routes: {
          'GET /me': {
            secured: true,
            reply: (context) => (context.me ? ok({ ...shownUser(context.me), others: context.users.map(shownUser) }) : refused),
          },
          'PUT /me': update(undefined),
        },
      }),
    ],
  },
});

function shownUser(user: ExampleUser): JsonObject {
  return { id: user.id, username: user.username, email: user.email, bio: user.extra['bio'] ?? '' };
}

function me(): ExampleRoute {
  return { secured: true, reply: (context) => (context.me ? ok(shownUser(context.me)) : refused) };
}

function update(name: string | undefined): ExampleRoute {
  return {
    secured: true,
    body: { bio: text },
    reply: ({ me: caller, users, body }) => {
      if (!caller) return refused;
      const user = (name === undefined ? undefined : users.find((candidate) => String(candidate.id) === String(body[name]))) ?? caller;
      user.extra['bio'] = body['bio'] ?? '';
      return ok(shownUser(user));
    },
  };
}

interface Attempt {
  /** What the owner's account is known by in answers. */
  readonly namedBy: readonly string[];
  readonly planted: readonly Marker[];
  readonly reader: ReturnType<typeof asCaller>;
  readonly bodies: readonly { readonly names: readonly string[]; readonly body: Json }[];
  /** The owner puts back what was there, and so does the stranger. */
  readonly restore: ReturnType<typeof asCaller>;
  readonly own: ReturnType<typeof asCaller>;
}

const idNames = new Set(['id', 'uuid', 'guid', 'userid', 'accountid', 'useruuid', 'pk']);

/** How the stranger updates his own account with the owner's id beside; only of accounts that this scan signed up. */
function attemptOf(subject: ObjectSubject): Attempt | undefined {
  const { world, operation, access, stranger } = subject;
  if (!/^(?:PUT|PATCH)$/.test(operation.method) || access.object.learned !== 'signed-up' || access.slots.length > 0) return undefined;
  const own = world.accesses.find(
    (candidate): candidate is Access => candidate.operation.id === operation.id && candidate.object.owner === stranger,
  );
  const [reader] = readersOf(world, access.object);
  if (!own || !reader || own.object.learned !== 'signed-up') return undefined;
  const asStranger = { ...subject, access: own, owner: stranger ?? '' };
  const change = changeBody(asStranger, `identity/${operation.id}/${subject.owner}`);
  const planted = change.planted.filter(({ field }) => !isEntry(field));
  if (planted.length === 0 || !isObject(change.value) || change.planted.some(({ field }) => isPasswordName(field))) return undefined;
  // What the account goes by, and how it is entered, stays the stranger's own.
  const base = Object.fromEntries(
    Object.entries(change.value).flatMap(([name, value]): [string, Json][] => {
      const kept = isEntry(name) ? own.object.keys[name] : value;
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
  const bodies = victimIds(access).map(({ names, values }) => ({ names, body: { ...base, ...values } }));
  if (bodies.length === 0) return undefined;
  const restored = (each: Access, body: Json): Json => originalBody(each.object, { value: body, planted: [] });
  const namedBy = access.object.markers.map((marker) => marker.value);
  if (namedBy.length === 0) return undefined;
  return {
    namedBy,
    planted,
    reader: reader.call,
    bodies,
    restore: asCaller(subject, subject.owner, { ...access.values, body: restored(access, base) }),
    own: asCaller(subject, stranger, { ...own.values, body: restored(own, base) }),
  };
}

function isEntry(field: string): boolean {
  return /^(?:username|login|email|mail|name|handle|phone)$/.test(plainName(field));
}

/** The owner's id under the names by which the account shows it, then under the usual names of an account's id. */
function victimIds(access: Access): { names: readonly string[]; values: JsonObject }[] {
  const record = isObject(access.object.record) ? access.object.record : {};
  const found = Object.entries({ ...access.object.keys, ...record }).filter(([name]) => idNames.has(plainName(name)));
  const [, id] = found[0] ?? [];
  if (id === undefined) return [];
  const shown = found.slice(0, 2).map(([name, value]) => ({ names: [name], values: { [name]: value } }));
  return [...shown, { names: ['user_id', 'userId'], values: { user_id: id, userId: id } }];
}

/** Where among the answers the owner first reads a planted value in his own account; `undefined` when nowhere. */
function effectIn(answers: readonly Answer[], { planted, namedBy }: Attempt): number | undefined {
  const before = bodyOf(answers[0]);
  for (let at = 2; at < answers.length; at += 2) {
    // Others may be shown beside the account: what stands with its own name counts.
    const account = JSON.stringify(partWith(answers[at], namedBy) ?? '');
    if (planted.some(({ value }) => account.includes(value) && !before.includes(value))) return at;
  }
  return undefined;
}
