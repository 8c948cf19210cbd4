import type { Exhibit, OperationSubject, Severity, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { exampleApi, ok, refused, shown } from '../example-api.ts';
import { exposures, type Exposure } from '../exposures.ts';
import { teller } from '../graphql-fields.ts';
import { defineCheck } from '../support.ts';

const order: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

export default defineCheck({
  id: 'sensitive-property-returned',
  category: 'dataExposure',
  severity: 'high',
  docs: {
    title: 'An answer holds properties that should never leave the server',
    risk: 'Passwords, hashes, keys, tokens and internal fields reach every client that asks, its logs and its caches, whether the page shows them or not.',
    remedy:
      'Name the properties that an answer may hold (an inclusion projection, a response schema, a serializer with a field list) instead of returning the stored document. Store passwords only as salted hashes, and return neither.',
    cwe: [200, 213],
    owasp: 'API3:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => !subject.world.authOperations.has(subject.operation.id) && answersOf(subject).length > 0,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const found = answersOf(subject).flatMap(({ as, answer, others }) =>
      exposures(subject.world, answer, others ? null : as).map((exposure) => ({ exposure, answer, as })),
    );
    const telling = found.filter(
      ({ exposure, answer }) =>
        !isItsPurpose(subject, exposure) && (teller(subject.world, answer, exposure) ?? subject.operation.id) === subject.operation.id,
    );
    const [worst] = [...telling].sort((left, right) => rank(right.exposure) - rank(left.exposure));
    if (!worst) return { outcome: 'pass' };
    const names = [...new Set(telling.map(({ exposure }) => exposure.name))];
    const exhibits: Exhibit[] = [
      {
        label: worst.as === null ? 'the anonymous caller' : `${worst.as} calls it`,
        answer: worst.answer,
        highlights: [`"${worst.exposure.name}"`],
      },
    ];
    return {
      outcome: 'fail',
      confidence: worst.exposure.confidence,
      severity: worst.exposure.severity,
      proof: `The answer holds ${names.map((name) => `"${name}"`).join(', ')}: ${worst.exposure.kind}${worst.exposure.planted ? ', and it is the one that was planted in an account of ours' : ''} (at ${worst.exposure.pointer}).`,
      exhibits,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The password comes back with the account',
        routes: { 'GET /me': { secured: true, reply: ({ me }) => (me ? ok({ username: me.username, password: me.password }) : refused) } },
      }),
      exampleApi({
        title: 'A password hash, nested in a list',
        routes: {
          'GET /people': {
            reply: ({ users }) =>
              ok({
                people: users.map((user) => ({
                  name: user.username,
                  login: { hash: '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO' },
                })),
              }),
          },
        },
      }),
      exampleApi({
        title: 'The settings of the process, as it was started',
        routes: {
          'GET /info': { reply: () => ok({ pid: 71, env: { PATH: '/usr/local/bin:/usr/bin:/bin', PWD: '/srv/app', LANG: 'C.UTF-8' } }) },
        },
      }),
      exampleApi({
        title: 'The profile of one of many shows a card',
        users: ['carol', 'dave'],
        routes: {
          'GET /people': {
            secured: true,
            reply: ({ me, users }) => (me ? ok({ people: users.map(({ username }) => ({ username })) }) : refused),
          },
          'GET /users/{username}': {
            secured: true,
            reply: ({ me, path }) =>
              me ? ok({ username: path['username'] ?? '', cardNumber: path['username'] === 'dave' ? '4426111122223333' : null }) : refused,
          },
        },
      }),
      exampleApi({
        title: 'An API key in the profile',
        routes: {
          'GET /profile': { secured: true, reply: ({ me }) => (me ? ok({ username: me.username, api_key: 'k-5b1f0c2d9e8a' }) : refused) },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Only public properties' }),
      exampleApi({
        title: 'The password is masked',
        routes: { 'GET /me': { secured: true, reply: ({ me }) => (me ? ok({ username: me.username, password: '********' }) : refused) } },
      }),
      exampleApi({
        title: 'A field named token that is public by design',
        routes: { 'GET /invites': { reply: () => ok([{ token: 'spring-party', uses: 3 }]) } },
      }),
      exampleApi({
        title: 'A page that says whether a password is set',
        routes: {
          'GET /me': {
            secured: true,
            reply: ({ me }) => (me ? ok({ username: me.username, password: true, password_set: true }) : refused),
          },
        },
      }),
      exampleApi({
        title: 'An owner reads back the secret that was written',
        routes: {
          'GET /notes': {
            secured: true,
            reply: ({ me, notes }) =>
              me ? ok(notes.filter((note) => note.owner === me.username).map((note) => ({ ...shown(note), secret: note.text }))) : refused,
          },
        },
      }),
      exampleApi({
        title: 'A page for managing keys shows keys',
        routes: { 'GET /api-keys': { secured: true, reply: ({ me }) => (me ? ok([{ name: 'ci', api_key: 'k-5b1f0c2d9e8a' }]) : refused) } },
      }),
      exampleApi({
        title: 'Where a file stands, and where a process works',
        routes: { 'GET /files': { reply: () => ok({ path: '/usr/share/logo.png', PATH: '/files', PWD: '/srv/app' }) } },
      }),
      exampleApi({
        title: "A card on one's own page, and a name on those of others",
        users: ['carol', 'dave'],
        routes: {
          'GET /people': {
            secured: true,
            reply: ({ me, users }) => (me ? ok({ people: users.map(({ username }) => ({ username })) }) : refused),
          },
          'GET /users/{username}': {
            secured: true,
            reply: ({ me, path }) =>
              me
                ? ok({ username: path['username'] ?? '', cardNumber: path['username'] === me.username ? '4426111122223333' : null })
                : refused,
          },
        },
      }),
      exampleApi({
        title: 'A checksum of a file is no password hash',
        routes: { 'GET /files': { reply: () => ok([{ name: 'logo.png', hash: '9e107d9d372bb6826bd81d3542a419d6' }]) } },
      }),
    ],
  },
});

interface Seen {
  readonly as: string | null;
  readonly answer: Answer;
  /** It shows somebody else. */
  readonly others: boolean;
}

/** Every answer of the operation that ordinary calls got. */
function answersOf({ world, operation, looks, accesses }: OperationSubject): Seen[] {
  const seen: Seen[] = looks.flatMap((look) =>
    look.baseline.answers.slice(0, 1).map((answer) => ({ as: look.as, answer, others: look.others === true })),
  );
  for (const access of accesses)
    for (const answer of access.baseline?.answers.slice(0, 1) ?? []) seen.push({ as: access.object.owner, answer, others: false });
  for (const object of world.objects) {
    const made = object.madeBy;
    if (made && world.makers.some((maker) => maker.operation.id === operation.id && maker.type === object.type))
      seen.push({ as: object.owner, answer: made, others: false });
  }
  return seen;
}

/** An operation that manages keys is there to show them to their owner. */
function isItsPurpose({ operation }: OperationSubject, exposure: Exposure): boolean {
  return exposure.kind === 'credential' && !exposure.planted && /key|token|credential|secret|webhook|session/i.test(operation.path);
}

function rank(exposure: Exposure): number {
  return (exposure.confidence === 'certain' ? 20 : exposure.confidence === 'firm' ? 10 : 0) + order.indexOf(exposure.severity);
}
