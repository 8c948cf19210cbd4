import { isServed } from '../../model/answer.ts';
import type { Confidence, Exhibit, OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { declaresSecurity } from '../../model/operation.ts';
import { decisionOf } from '../../model/permissions.ts';
import type { Marker } from '../../model/world.ts';
import { done, exampleApi, missing, ok, refused, shown, text, type ExampleNote, type ExampleRoute } from '../example-api.ts';
import { controls, optional } from '../optional-credential.ts';
import { servedAccess } from '../credential-probes.ts';
import { holdsAll, isSubstantial } from '../answer-content.ts';
import { exposures } from '../exposures.ts';
import { bodyOf, defineCheck, first, listed, markersIn, markersOf, sameContent } from '../support.ts';

const article = (note: ExampleNote): JsonObject => ({ id: note.id, title: note.title, body: note.text, author: { username: note.owner } });

/** A route that takes a credential and does without one; a wrong one is refused. */
const optionally = (reply: ExampleRoute['reply']): ExampleRoute => ({
  secured: true,
  reply: (context) => (context.token !== '' && !context.me ? refused : reply(context)),
});

export default defineCheck({
  id: 'anonymous-access',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'An operation that needs a log-in answers without one',
    risk: 'Anybody on the network can use it, without an account and without leaving a name.',
    remedy:
      'Require the credential in one place for all operations (a before_request hook or the router), and list the public ones as exceptions. Take debug and internal pages out of production builds.',
    cwe: [306, 862],
    owasp: 'API2:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) =>
    subject.operation.method === 'GET' &&
    decisionOf(subject.world.permissions, subject.operation.id, null) === undefined &&
    (servedAccess(subject) !== undefined || subject.looks.some((look) => look.as === null)),
  plan: (subject) => {
    const access = servedAccess(subject);
    const look = subject.looks.find((candidate) => candidate.as === null);
    const call = look?.baseline.call ?? (access ? { ...access.call, as: null } : undefined);
    if (!call) throw new Error('anonymous-access was planned without a request');
    return { anonymous: [call, ...controls(subject, call)] };
  },
  judge: (subject, results): Verdict => {
    const anonymous = first(results.anonymous);
    if (!anonymous || anonymous.kind === 'silence') return { outcome: 'inconclusive', why: 'the anonymous caller got no answer' };
    const exposed = secretsIn(subject, anonymous);
    if (exposed) return exposed;
    const known = knownAnswer(subject);
    const planted = subject.world.identities.flatMap((identity) => markersOf(subject.world, identity.name));
    if (!declaresSecurity(subject.operation))
      return { outcome: 'pass', why: 'it is not described as needing a credential, and shows nothing secret' };
    const open = openness(anonymous, known, markersIn(anonymous, planted));
    if (!open) return { outcome: 'pass' };
    const choice = optional(subject, results.anonymous);
    if (choice === 'shared')
      return {
        outcome: 'pass',
        why: 'the credential is optional: a wrong one is refused, and without one there is what every account sees',
      };
    return choice === 'unknown' ? { ...open, confidence: 'tentative' } : open;
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A note is served without a token, against its description',
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'Without a token, nobody is asked whose note it is, though a wrong one is refused',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, token }) =>
              !note || (me && note.owner !== me.username) ? missing : token !== '' && !me ? refused : ok(shown(note)),
          },
        },
      }),
      exampleApi({
        title: 'A passphrase, by the name of its account, for anybody',
        routes: {
          'POST /passphrases': {
            summary: 'Save my passphrase',
            secured: true,
            body: { passphrase: text },
            reply: ({ me, body }) => {
              if (!me) return refused;
              me.extra['passphrase'] = body['passphrase'] ?? null;
              return ok({ saved: true });
            },
          },
          'GET /passphrases/{username}': {
            reply: ({ users, path }) =>
              ok(
                users
                  .filter((user) => user.username === path['username'])
                  .map((user) => ({ passphrase: user.extra['passphrase'] ?? null })),
              ),
          },
        },
      }),
      exampleApi({
        title: 'A debug page with the passwords of all users',
        routes: {
          'GET /debug/users': { reply: ({ users }) => ok({ users: users.map(({ username, password }) => ({ username, password })) }) },
        },
      }),
      exampleApi({
        title: 'A ping that is described as protected, answers nothing, and lets anybody in',
        routes: { 'GET /ping': { secured: true, reply: () => done } },
      }),
      exampleApi({
        title: 'A report that is described as protected and is not',
        routes: { 'GET /report': { secured: true, reply: () => ok({ orders: 17, revenue: 4100, region: 'north' }) } },
      }),
      exampleApi({
        title: 'Without a token, a protected list is not even filtered',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: [{ name: 'alice', bearer: 'token-of-alice' }],
        notes: [
          { owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays', shared: false },
          { owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea', shared: false },
        ],
        routes: {
          'GET /notes': {
            secured: true,
            reply: ({ me, notes }) => ok(notes.filter((note) => !me || note.owner === me.username).map(shown)),
          },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Everything needs a token' }),
      exampleApi({
        title: 'Anonymous callers get nothing, with 204',
        routes: { 'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : done) } },
      }),
      exampleApi({
        title: 'Articles for everybody, with a credential that is optional: the description cannot say so',
        routes: {
          'GET /notes': optionally(({ notes }) => ok(notes.map(article))),
          'GET /notes/{id}': optionally(({ note }) => (note ? ok(article(note)) : missing)),
          'POST /notes': {
            summary: 'Publish',
            secured: true,
            body: { title: text, text },
            reply: ({ me, notes, body }) => {
              if (!me) return refused;
              const note = {
                id: notes.length + 1,
                owner: me.username,
                title: String(body['title']),
                text: String(body['text']),
                shared: true,
              };
              notes.push(note);
              return ok(article(note));
            },
          },
        },
      }),
      exampleApi({
        title: 'Public notes, described as public',
        routes: { 'GET /notes/{id}': { secured: false, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'A refusal with status 200',
        routes: { 'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : ok({ error: 'please log in' })) } },
      }),
      exampleApi({
        title: 'Anonymous callers get an empty list',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => ok(notes.filter((note) => note.owner === me?.username).map(shown)) },
        },
      }),
      exampleApi({
        title: 'Anonymous callers get what is public, accounts their own as well',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: [{ name: 'alice', bearer: 'token-of-alice' }],
        notes: [
          { owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays', shared: false },
          { owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea', shared: true },
          { owner: 'bob', title: 'Opening hours of the shop', text: 'From nine to five', shared: true },
        ],
        routes: {
          'GET /notes': {
            secured: true,
            reply: ({ me, notes }) => ok(notes.filter((note) => note.shared || note.owner === me?.username).map(shown)),
          },
        },
      }),
      exampleApi({
        title: 'Anonymous callers get a public part',
        routes: { 'GET /start': { secured: true, reply: ({ me }) => ok(me ? { hello: me.username } : { hello: 'stranger' }) } },
      }),
      exampleApi({
        title: 'A sign-up form that returns what was sent is no open page',
        routes: {
          'GET /echo': { query: ['q'], reply: ({ query }) => ok({ echo: query.get('q') ?? '' }), returns: { echo: text } },
          'GET /closed': { secured: true, reply: ({ me }) => (me ? ok({ open: true }) : refused) },
        },
      }),
    ],
  },
});

/** What speaks for an open door: somebody's planted texts, or the content that a credential is described as needed for. */
function openness(
  anonymous: Answer,
  known: Known | undefined,
  leaked: readonly Marker[],
): Extract<Verdict, { outcome: 'fail' }> | undefined {
  if (leaked.length > 0) {
    const what = `what was planted in ${listed(leaked.map((marker) => marker.field))}`;
    return fail('certain', `It is described as needing a credential, and gives ${what} to anybody.`, anonymous, known, leaked);
  }
  if (isServed(anonymous) && bodyOf(anonymous).trim() === '' && (!known || bodyOf(known.answer).trim() === '')) {
    const proof = 'It is described as needing a credential, and lets anybody in; what it answers is empty.';
    return { ...fail('tentative', proof, anonymous, known, []), severity: 'medium' };
  }
  if (!known || !isServed(anonymous) || !isSubstantial(anonymous) || !isServed(known.answer)) return undefined;
  if (sameContent(known.answer, anonymous, known.noise))
    return fail('firm', 'It is described as needing a credential, and gives the same content without one.', anonymous, known, []);
  if (!holdsAll(anonymous, known.answer, known.noise)) return undefined;
  const proof = 'It is described as needing a credential, and what it gives without one holds all that it gives with one.';
  return fail('firm', proof, anonymous, known, []);
}

interface Known {
  readonly answer: Answer;
  readonly noise: ReadonlySet<string>;
}

/** What somebody with a credential gets for the same request. */
function knownAnswer(subject: OperationSubject): Known | undefined {
  const look = subject.looks.find((candidate) => candidate.as !== null && candidate.baseline.answers.every(isServed));
  const baseline = look?.baseline ?? servedAccess(subject)?.baseline;
  const [answer] = baseline?.answers ?? [];
  return baseline && answer ? { answer, noise: baseline.noise } : undefined;
}

/** Passwords and keys of accounts in an anonymous answer: whatever the description says, that needs a log-in. */
function secretsIn(subject: OperationSubject, anonymous: Answer): Verdict | undefined {
  const found = exposures(subject.world, anonymous, null).filter(
    (exposure) => exposure.kind !== 'internal field' && exposure.confidence !== 'tentative',
  );
  const [worst] = found;
  if (!worst) return undefined;
  const certain = found.some((exposure) => exposure.planted);
  const ofAccounts = found.some(({ kind }) => kind === 'password' || kind === 'password hash') ? ' of accounts' : '';
  return {
    ...fail(
      certain ? 'certain' : 'firm',
      `Anybody gets ${listed(found.map((exposure) => exposure.name))}${ofAccounts}${certain ? ', among them the password that was planted in an account of ours' : ''}, without a credential.`,
      anonymous,
      undefined,
      [],
    ),
    severity: 'high',
  };
}

function fail(
  confidence: Confidence,
  proof: string,
  anonymous: Answer,
  known: Known | undefined,
  leaked: readonly Marker[],
): Extract<Verdict, { outcome: 'fail' }> {
  const exhibits: Exhibit[] = [{ label: 'without a credential', answer: anonymous, highlights: leaked.map((marker) => marker.value) }];
  if (known) exhibits.push({ label: 'with one', answer: known.answer });
  return { outcome: 'fail', confidence, proof, exhibits };
}
