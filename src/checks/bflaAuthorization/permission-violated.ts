import { isDenied, isServed } from '../../model/answer.ts';
import type { Confidence, Exhibit, OperationSubject, Probe, Probes, Results, Severity, Verdict } from '../../model/check.ts';
import { decisionOf, roleOf } from '../../model/permissions.ts';
import { callerName, isTrial, type Trial } from '../trial.ts';
import { trialAt, ownersAt, reads } from '../trial-at.ts';
import { created, done, exampleApi, forbidden, missing, ok, refused, remove, shown, text } from '../example-api.ts';
import { defineCheck, sameContent } from '../support.ts';

const people = {
  users: ['root', 'alice', 'bob'],
  identities: [
    { name: 'root', role: 'admin', bearer: 'token-of-root' },
    { name: 'alice', bearer: 'token-of-alice' },
    { name: 'bob', bearer: 'token-of-bob' },
  ],
};
const roles = { admin: ['root'], user: ['alice', 'bob'] };
const totals = { users: 3, revenue: 4100, region: 'north' };
const denied = (operation: string, ...names: readonly string[]) => ({
  ...people,
  permissions: {
    roles,
    rules: { [operation]: { admin: 'allow' as const, ...Object.fromEntries(names.map((name) => [name, 'deny' as const])) } },
  },
});

export default defineCheck({
  id: 'permission-violated',
  category: 'bflaAuthorization',
  severity: 'high',
  docs: {
    title: 'An operation works for a role to which the permissions deny it',
    risk: 'Whoever has that role, or no account at all, can do what was decided to be reserved to others.',
    remedy:
      'Check the role on the server for this operation, next to its route, and deny by default: a decorator or a policy that names the roles that may use it. If the operation is meant for this role, correct the file of permissions.',
    cwe: [285, 862],
    owasp: 'API5:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => trialsOf(subject).length > 0,
  plan: (subject): Probes => Object.fromEntries(trialsOf(subject).map((trial): [string, Probe] => [nameOf(trial), trial.probe])),
  judge: (subject, results): readonly Verdict[] => trialsOf(subject).map((trial) => verdictOf(subject, trial, results)),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The totals are denied to users, and served to them',
        ...denied('GET /totals', 'user'),
        allow: 'read',
        routes: { 'GET /totals': { secured: true, reply: ({ me }) => (me ? ok(totals) : refused) } },
      }),
      exampleApi({
        title: 'Users, who may make no announcement, make one that everybody reads',
        ...denied('POST /announcements', 'user', 'anonymous'),
        routes: {
          'GET /announcements': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) },
          'POST /announcements': {
            secured: true,
            body: { title: text, text },
            reply: ({ me, notes, body }) => {
              if (!me) return refused;
              const note = {
                id: 500 + notes.length,
                owner: me.username,
                title: String(body['title']),
                text: String(body['text']),
                shared: true,
              };
              notes.push(note);
              return created(shown(note));
            },
          },
        },
      }),
      exampleApi({
        title: 'Users may not delete notes, not even their own, and can',
        ...denied('DELETE /notes/{id}', 'user'),
      }),
      exampleApi({
        title: 'Nobody without an account may read notes, and anybody can',
        ...denied('GET /notes/{id}', 'anonymous'),
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'What is denied is refused',
        ...denied('GET /totals', 'user', 'anonymous'),
        routes: { 'GET /totals': { secured: true, reply: ({ me }) => (!me ? refused : me.username === 'root' ? ok(totals) : forbidden) } },
      }),
      exampleApi({
        title: 'A refusal with status 200, and a message instead of an error',
        ...denied('GET /totals', 'user'),
        routes: {
          'GET /totals': {
            secured: true,
            reply: ({ me }) => (!me ? refused : me.username === 'root' ? ok(totals) : ok({ message: 'This page is for staff' })),
          },
        },
      }),
      exampleApi({
        title: 'A page for people stands in for everything',
        ...denied('GET /totals', 'user', 'anonymous'),
        routes: {
          'GET /totals': {
            secured: true,
            reply: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html><div id="app"></div></html>' }),
          },
        },
      }),
      exampleApi({
        title: 'Users are served an empty list',
        ...denied('GET /totals', 'user'),
        routes: { 'GET /totals': { secured: true, reply: ({ me }) => (!me ? refused : ok(me.username === 'root' ? [totals] : [])) } },
      }),
      exampleApi({
        title: 'Deletions are answered with 204, and nothing is deleted',
        ...denied('DELETE /notes/{id}', 'user', 'anonymous'),
        routes: {
          'DELETE /notes/{id}': {
            secured: true,
            reply: (context) => (context.me?.username === 'root' ? remove(context, true) : done),
          },
        },
      }),
      exampleApi({
        title: 'Creations are answered with what was sent, and nothing is made',
        ...denied('POST /notes', 'user', 'anonymous'),
        routes: { 'POST /notes': { secured: true, body: { title: text, text }, reply: ({ body }) => created({ id: 9, ...body }) } },
      }),
      exampleApi({
        title: 'What is allowed is served',
        ...people,
        permissions: { roles, rules: { 'GET /totals': { user: 'allow', admin: 'allow' } } },
        routes: { 'GET /totals': { secured: true, reply: ({ me }) => (me ? ok(totals) : refused) } },
      }),
      exampleApi({
        title: 'Those who are denied are told to slow down',
        ...denied('GET /totals', 'user'),
        routes: {
          'GET /totals': {
            secured: true,
            reply: ({ me }) =>
              !me ? refused : me.username === 'root' ? ok(totals) : { status: 429, body: { error: 'too many requests' } },
          },
        },
      }),
    ],
  },
});

function nameOf({ as }: Trial): string {
  return as ?? '';
}

/** One trial for each caller that is denied, of a role one where it changes things: on its own object, which is the easiest to be served with. */
function trialsOf(subject: OperationSubject): readonly Trial[] {
  const { world, operation } = subject;
  if (!world.permissions?.rules[operation.id]) return [];
  const tried = new Set<string>();
  const owners = ownersAt(subject);
  return [...world.identities, null].flatMap((identity): Trial[] => {
    const role = roleOf(identity, world.permissions);
    if (decisionOf(world.permissions, operation.id, identity) !== 'deny') return [];
    if (!reads(subject) && tried.has(role)) return [];
    const as = identity?.name ?? null;
    for (const on of [...owners.filter((owner) => owner === as), ...owners.filter((owner) => owner !== as)]) {
      const trial = trialAt(subject, as, on, 'permission');
      if (!isTrial(trial)) continue;
      tried.add(role);
      return [trial];
    }
    return [];
  });
}

function verdictOf(subject: OperationSubject, trial: Trial, results: Results<Probes>): Verdict {
  const { world } = subject;
  const { as } = trial;
  const outcome = trial.outcome(results[nameOf(trial)] ?? []);
  if (outcome.got === 'refused') return { outcome: 'pass' };
  if (outcome.got === 'unproven') return { outcome: 'pass', why: outcome.why };
  if (outcome.got === 'unknown') return { outcome: 'inconclusive', why: outcome.why };
  const role = roleOf(world.identities.find(({ name }) => name === as) ?? null, world.permissions);
  const isEffect = !reads(subject);
  const rightful = isEffect || trial.on !== null ? undefined : rightfulAnswer(subject, outcome.exhibits[0]);
  const isSure = isEffect || trial.on !== null || rightful?.isOther === false;
  // Something else than what is reserved may be meant for everybody.
  const confidence: Confidence = isSure ? 'certain' : rightful ? 'tentative' : 'firm';
  const severity: Severity = as === null && isEffect ? 'critical' : 'high';
  const who = as === null ? callerName(as) : `${as} (${role})`;
  return {
    outcome: 'fail',
    confidence,
    severity,
    part: role,
    proof: `The permissions deny it to ${role}, and ${who} ${outcome.seen}${rightful ? `, ${rightful.isOther ? 'which is not what' : 'the same as'} ${rightful.name} gets` : ''}.`,
    exhibits: rightful ? [...outcome.exhibits, rightful.exhibit] : outcome.exhibits,
    replay: outcome.replay,
  };
}

interface Rightful {
  readonly name: string;
  readonly exhibit: Exhibit;
  /** It is something else than what the denied caller is served. */
  readonly isOther: boolean;
}

/** What somebody gets who may use it. */
function rightfulAnswer({ world, operation, looks }: OperationSubject, exhibit: Exhibit | undefined): Rightful | undefined {
  const allowed = world.identities.filter((identity) => {
    const decision = decisionOf(world.permissions, operation.id, identity);
    return decision !== undefined && decision !== 'deny';
  });
  const found = looks.filter(({ as, baseline }) => allowed.some(({ name }) => name === as) && baseline.answers.every(isServed));
  const seen = exhibit?.answer;
  const same = found.find(({ baseline }) => sameContent(baseline.answers[0], seen, baseline.noise));
  const look = same ?? found[0];
  const answer = look?.baseline.answers[0];
  if (!look || !answer || isDenied(answer)) return undefined;
  const name = look.as ?? '';
  return { name, isOther: same === undefined, exhibit: { label: `${name}, who may, reads it`, answer } };
}
