import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject, Probe, Step, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { isPasswordName } from '../../model/sample.ts';
import { isChanging } from '../../model/verbs.ts';
import type { Account } from '../../model/identity.ts';
import { change, done, exampleApi, missing, number, ok, refused, shown, text, type ExampleRoute } from '../example-api.ts';
import { sharedByDesign } from '../example-sharing.ts';
import { attemptsOf } from '../attempts.ts';
import { changeBody, originalBody, type ChangeBody } from '../change-body.ts';
import { easeOf } from '../guessing.ts';
import { asCaller, bodyOf, defineCheck, readersOf } from '../support.ts';

/** Changes the note that the body names. */
function inBody(allowed: (me: string, owner: string) => boolean): ExampleRoute {
  return {
    secured: true,
    body: { id: number, title: text, text },
    reply: (context) => {
      const note = context.notes.find((candidate) => candidate.id === context.body['id']);
      return change({ ...context, note }, note !== undefined && allowed(context.me?.username ?? '', note.owner));
    },
  };
}

export default defineCheck({
  id: 'foreign-object-change',
  category: 'bolaAuthorization',
  severity: 'critical',
  docs: {
    title: 'A caller can change an object that belongs to someone else',
    risk: 'Anybody with an account can overwrite what belongs to others; where the object is an account or its password, take it over.',
    remedy:
      'Load the object to change by its id and its owner together, and answer "not found" when there is none. Take the account to change from the session, not from the path or the body.',
    cwe: [639, 285],
    owasp: 'API1:2023',
  },
  needs: ['second-identity', 'write'],
  yieldsTo: ['permission-violated', 'privileged-operation-open'],
  subject: 'object',
  phase: 'write',
  applies: (subject: ObjectSubject) => {
    const { object } = subject.access;
    if (!isChanging(subject.operation) || object.learned === 'seen' || subject.access.slots.length === 0) return false;
    const body = bodyFor(subject);
    if (passwordOf(subject, body) !== undefined) return true;
    // A password that cannot be put back must not be changed.
    if (object.type === 'user' && body.planted.some((marker) => isPasswordName(marker.field))) return false;
    return body.planted.length > 0 && readersOf(subject.world, object).length > 0;
  },
  plan: (subject) => {
    const body = bodyFor(subject);
    const attack: Step = { ...asCaller(subject, subject.stranger, { ...subject.access.values, body: body.value }) };
    const account = passwordOf(subject, body);
    return account ? { attack: passwordProbe(subject, account, attack, body) } : { attack: effectProbe(subject, attack, body) };
  },
  judge: (subject, { attack }) => {
    const body = bodyFor(subject);
    return passwordOf(subject, body) ? judgePassword(subject, attack) : judgeEffect(subject, attack, body);
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Any note can be changed by anybody with an account',
        routes: { 'PUT /notes/{id}': { secured: true, body: { title: text, text }, reply: (context) => change(context, true) } },
      }),
      exampleApi({
        title: 'The change is made before the refusal is sent',
        routes: {
          'PUT /notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: (context) =>
              change(context, true).status === 200 && context.note?.owner === context.me?.username
                ? done
                : { status: 500, body: { error: 'not yours' } },
          },
        },
      }),
      exampleApi({
        title: 'The password of any user can be set by any other',
        routes: {
          'PUT /users/{username}/password': {
            secured: true,
            body: { password: text },
            reply: ({ me, users, path, body }) => {
              const user = users.find((candidate) => candidate.username === path['username']);
              if (!me || !user) return me ? missing : refused;
              user.password = String(body['password']);
              return done;
            },
          },
        },
      }),
      exampleApi({
        title: 'The owner in the path is compared with the caller, and the note with nothing',
        routes: {
          'GET /notes/{id}': null,
          'PUT /notes/{id}': null,
          'DELETE /notes/{id}': null,
          'PUT /users/{username}/notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: (context) => (context.path['username'] === context.me?.username ? change(context, true) : missing),
          },
        },
      }),
      exampleApi({
        title: 'The note to change is named in the body, and its owner is compared with nobody',
        routes: { 'PUT /notes/{id}': null, 'POST /notes/update': inBody(() => true) },
      }),
    ],
    safe: [
      ...sharedByDesign,
      exampleApi({ title: 'Only the owner can change a note' }),
      exampleApi({
        title: 'The note to change is named in the body, and its owner is compared with the caller',
        routes: { 'PUT /notes/{id}': null, 'POST /notes/update': inBody((me, owner) => me === owner) },
      }),
      exampleApi({
        title: '204 without effect for strangers',
        routes: {
          'PUT /notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: (context) => (change(context, context.note?.owner === context.me?.username).status === 401 ? refused : done),
          },
        },
      }),
      exampleApi({
        title: 'The answer echoes the change without making it',
        routes: {
          'PUT /notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: (context) => {
              const result = change(context, context.note?.owner === context.me?.username);
              return result.status === 404 && context.note ? ok({ ...shown(context.note), ...context.body }) : result;
            },
          },
        },
      }),
      exampleApi({
        title: "204, but it is the caller's own password that changes",
        routes: {
          'PUT /users/{username}/password': {
            secured: true,
            body: { password: text },
            reply: ({ me, body }) => {
              if (!me) return refused;
              me.password = String(body['password']);
              return done;
            },
          },
        },
      }),
    ],
  },
});

function bodyFor(subject: ObjectSubject): ChangeBody {
  const salt = `change/${subject.operation.id}/${subject.owner}/${subject.stranger ?? ''}`;
  return changeBody(subject, salt);
}

/** The owner's account, when it is the account's password that the change would set. */
function passwordOf(subject: ObjectSubject, body: ChangeBody): Account | undefined {
  if (subject.access.object.type !== 'user' || !body.planted.some((marker) => isPasswordName(marker.field))) return undefined;
  return subject.world.sessions.get(subject.owner)?.account;
}

/** Owner reads, stranger changes, owner reads again; without effect, the same under a parent of the stranger's own. Then the owner puts back what was there. */
function effectProbe(subject: ObjectSubject, attack: Step, body: ChangeBody): Probe {
  const readers = readersOf(subject.world, subject.access.object).map((reader) => reader.call);
  const [reader] = readers;
  if (!reader) return [attack];
  const restore = asCaller(subject, subject.owner, { ...subject.access.values, body: originalBody(subject.access.object, body) });
  const { ownParent } = attemptsOf(subject);
  const second = ownParent && asCaller(subject, subject.stranger, { ...ownParent.values, body: body.value });
  const third: NextStep = (previous) => (effect(previous, body, 2).length > 0 ? restore : (second ?? null));
  const again: NextStep = (previous) => (effect(previous, body, 2).length > 0 ? null : reader);
  const last: NextStep = (previous) => (effect(previous, body, 4).length > 0 ? restore : null);
  return [reader, attack, reader, third, again, last];
}

/** The planted values that the answer at a place shows, and the first answer does not. */
function effect(answers: readonly Answer[], body: ChangeBody, at: number): readonly string[] {
  const before = answers[0];
  const after = answers[at];
  if (!before || !after || !isServed(after)) return [];
  return body.planted.map((marker) => marker.value).filter((value) => bodyOf(after).includes(value) && !bodyOf(before).includes(value));
}

function judgeEffect(subject: ObjectSubject, answers: readonly Answer[], body: ChangeBody): Verdict {
  const at = effect(answers, body, 2).length > 0 || effect(answers, body, 4).length === 0 ? 2 : 4;
  const before = answers[0];
  const attack = answers[at - 1];
  const after = answers[at];
  if (!before || !isServed(before)) return { outcome: 'inconclusive', why: 'the owner could not read the object before the attempt' };
  if (!attack || attack.kind === 'silence' || !after) return { outcome: 'inconclusive', why: 'the attempt got no answer' };
  const values = effect(answers, body, at);
  if (values.length === 0) {
    if (!isServed(after)) return { outcome: 'inconclusive', why: 'the owner could not read the object back after the attempt' };
    return isDenied(attack) ? { outcome: 'pass' } : { outcome: 'pass', why: 'the answer claims success, and nothing changed' };
  }
  const fields = body.planted.filter((marker) => values.includes(marker.value)).map((marker) => `"${marker.field}"`);
  const how = at === 2 ? '' : `, ${attemptsOf(subject).ownParent?.how ?? ''}`;
  return {
    outcome: 'fail',
    confidence: 'certain',
    severity: subject.access.object.type === 'user' ? 'critical' : 'high',
    proof: `${subject.stranger ?? ''} set ${fields.join(', ')} of an object of ${subject.owner}${how}, and ${subject.owner} read the new value back.${easeOf(subject.access)}`,
    exhibits: [
      { label: 'the owner reads it before', answer: before },
      { label: 'a stranger changes it', answer: attack, highlights: values },
      { label: 'the owner reads it after', answer: after, highlights: values },
    ],
    replay: 1,
  };
}

/**
 * A password cannot be read back: it is in force when a log-in with it is accepted. A password that nobody set must be refused
 * first, or the log-in proves nothing. Afterwards the stranger and then the owner put their own passwords back, in this order:
 * where the path is honoured the owner's is the last word, and where it is ignored each has set one's own.
 */
function passwordProbe(subject: ObjectSubject, account: Account, attack: Step, body: ChangeBody): Probe {
  const { world, operation } = subject;
  const field = body.planted.find((marker) => isPasswordName(marker.field));
  const logIn = (password: string): Step => ({
    bare: account.logInWith(password),
    operation: account.logIn ?? operation.id,
    label: 'log-in as the owner',
  });
  const stranger = world.sessions.get(subject.stranger ?? '')?.account;
  const back = (password: string): Json => withPassword(body.value, field?.value ?? '', password);
  const undoStranger: NextStep = (previous) =>
    stranger && attempted(previous)
      ? asCaller(subject, subject.stranger, { ...subject.access.values, body: back(stranger.password) })
      : null;
  const undoOwner: NextStep = (previous) =>
    attempted(previous) ? asCaller(subject, subject.owner, { ...subject.access.values, body: back(account.password) }) : null;
  return [
    logIn(`No1!${world.token(`never-set/${operation.id}/${subject.owner}`)}`),
    attack,
    logIn(field?.value ?? ''),
    undoStranger,
    undoOwner,
  ];
}

function attempted(previous: readonly Answer[]): boolean {
  const attack = previous[1];
  return attack?.kind === 'exchange' && !isDenied(attack);
}

function withPassword(body: Json, from: string, to: string): Json {
  if (!isObject(body)) return body;
  const replaced: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body))
    replaced[name] = value === from || isPasswordName(name) ? to : withPassword(value, from, to);
  return replaced satisfies JsonObject;
}

function judgePassword(subject: ObjectSubject, [control, attack, logIn]: readonly Answer[]): Verdict {
  const account = subject.world.sessions.get(subject.owner)?.account;
  if (!account || !control || !attack || attack.kind === 'silence' || !logIn || logIn.kind === 'silence')
    return { outcome: 'inconclusive', why: 'the attempt or the log-in that would show its effect got no answer' };
  if (account.accepted(control))
    return { outcome: 'inconclusive', why: 'the log-in accepts any password, so it cannot show which one is in force' };
  if (!account.accepted(logIn))
    return {
      outcome: 'pass',
      why: isDenied(attack) ? 'refused' : 'the answer claims success, and the password of the owner did not change',
    };
  return {
    outcome: 'fail',
    confidence: 'certain',
    severity: 'critical',
    proof: `${subject.stranger ?? ''} set the password of ${subject.owner}, and a log-in as ${subject.owner} with the new password was accepted.`,
    exhibits: [
      { label: 'a log-in with a password that nobody set', answer: control },
      { label: 'a stranger sets the password', answer: attack },
      { label: 'a log-in with the new password', answer: logIn },
    ],
    replay: 1,
  };
}
