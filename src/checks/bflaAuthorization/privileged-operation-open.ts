import { isServed } from '../../model/answer.ts';
import type { OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import type { Identity } from '../../model/identity.ts';
import { declaresSecurity } from '../../model/operation.ts';
import { decisionOf } from '../../model/permissions.ts';
import { isPrivilegedRole, privilegeMark } from '../../model/privilege.ts';
import type { Look, World } from '../../model/world.ts';
import { isTrial, type Trial } from '../trial.ts';
import { trialAt, ownersAt, reads } from '../trial-at.ts';
import {
  change,
  created,
  done,
  exampleApi,
  forbidden,
  missing,
  ok,
  refused,
  remove,
  shown,
  text,
  type ExampleContext,
} from '../example-api.ts';
import { defineCheck, sameContent } from '../support.ts';

const people = {
  users: ['root', 'alice', 'bob'],
  identities: [
    { name: 'root', role: 'admin', bearer: 'token-of-root' },
    { name: 'alice', bearer: 'token-of-alice' },
    { name: 'bob', bearer: 'token-of-bob' },
  ],
};
const totals = { users: 3, revenue: 4100, region: 'north' };
const isRoot = ({ me }: ExampleContext): boolean => me?.username === 'root';

/** Makes a notice that everybody reads. */
function announce({ me, notes, body }: ExampleContext, allowed: boolean) {
  if (!me) return refused;
  if (!allowed) return forbidden;
  const note = { id: 500 + notes.length, owner: me.username, title: String(body['title']), text: String(body['text']), shared: true };
  notes.push(note);
  return created(shown(note));
}

export default defineCheck({
  id: 'privileged-operation-open',
  category: 'bflaAuthorization',
  severity: 'high',
  docs: {
    title: 'An operation for privileged roles works for an ordinary account',
    risk: 'Ordinary accounts can do what is meant for administrators: read everything, change what others own, switch protections off.',
    remedy:
      'Check the role on the server for every privileged operation, next to the route (a decorator or a policy that denies by default), not only in the user interface that links to it.',
    cwe: [285, 862],
    owasp: 'API5:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => privilegeMark(subject.operation) !== undefined && trialsOf(subject) !== undefined,
  plan: (subject): Probes => {
    const trials = trialsOf(subject);
    if (!trials) throw new Error('privileged-operation-open was planned without an ordinary identity');
    const anonymous = trials.anonymous?.probe;
    return { ordinary: trials.ordinary.probe, ...(anonymous ? { anonymous } : {}) } satisfies Record<string, Probe>;
  },
  judge: (subject, results): Verdict => verdictOf(subject, results),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Anybody with an account may delete any account',
        routes: {
          'DELETE /users/{id}': {
            summary: 'Delete an account (admins only)',
            secured: true,
            reply: ({ me, users, path }) => {
              const at = users.findIndex(({ id }) => String(id) === path['id']);
              if (!me) return refused;
              if (at < 0) return missing;
              users.splice(at, 1);
              return done;
            },
          },
        },
      }),
      exampleApi({
        title: 'Anybody with an account may publish a notice',
        routes: {
          'GET /notices': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.filter((note) => note.shared).map(shown)) : refused) },
          'POST /admin/notices': { secured: true, body: { title: text, text }, reply: (context) => announce(context, true) },
        },
      }),
      exampleApi({
        title: 'The deletion for moderators deletes for anybody',
        routes: {
          'DELETE /moderation/notes/{id}': {
            summary: 'Delete any note (admins only)',
            secured: true,
            reply: (context) => remove(context, true),
          },
        },
      }),
      exampleApi({
        title: 'The editor of the back office asks for nothing but an account',
        ...people,
        routes: {
          'PUT /admin/notes/{id}': { secured: true, body: { title: text, text }, reply: (context) => change(context, true) },
        },
      }),
      exampleApi({
        title: 'The back office shows any note to anybody with an account',
        routes: {
          'GET /admin/notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'The admin page only asks for a token',
        routes: { 'GET /admin/totals': { secured: true, reply: ({ me }) => (me ? ok(totals) : refused) } },
      }),
      exampleApi({
        title: 'Described as for admins only, served to all',
        ...people,
        routes: { 'GET /totals': { summary: 'Totals (admins only)', secured: true, reply: ({ me }) => (me ? ok(totals) : refused) } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Deletions of accounts are answered with 204, and only those of administrators delete',
        routes: {
          'DELETE /users/{id}': { summary: 'Delete an account (admins only)', secured: true, reply: ({ me }) => (me ? done : refused) },
          'PUT /admin/users/{id}': { secured: true, body: { email: text }, reply: ({ me, body }) => (me ? ok(body) : refused) },
        },
      }),
      exampleApi({
        title: 'The back office asks for the role, whatever is done',
        ...people,
        routes: {
          'POST /admin/notices': { secured: true, body: { title: text, text }, reply: (context) => announce(context, isRoot(context)) },
          'DELETE /admin/notes/{id}': { secured: true, reply: (context) => remove(context, isRoot(context)) },
          'PUT /admin/notes/{id}': { secured: true, body: { title: text, text }, reply: (context) => change(context, isRoot(context)) },
        },
      }),
      exampleApi({
        title: 'Everything is answered as done, and nothing is done',
        routes: {
          'POST /admin/notices': {
            secured: true,
            body: { title: text, text },
            reply: ({ me, body }) => (me ? created({ id: 7, ...body }) : refused),
          },
          'DELETE /admin/notes/{id}': { secured: true, reply: ({ me }) => (me ? done : refused) },
          'PUT /admin/notes/{id}': { secured: true, body: { title: text, text }, reply: ({ me, body }) => (me ? ok(body) : refused) },
        },
      }),
      exampleApi({
        title: "Administrators change anybody's notes, owners their own by the same operation",
        routes: {
          'PUT /notes/{id}': {
            summary: 'Change a note (requires admin rights, unless it is your own)',
            secured: true,
            body: { title: text, text },
            reply: (context) => change(context, context.note?.owner === context.me?.username),
          },
        },
      }),
      exampleApi({
        title: 'A form of the staff that everybody may send, with or without an account',
        routes: {
          'POST /staff/applications': {
            body: { title: text, text },
            reply: ({ me, notes, body }) => {
              const note = {
                id: 700 + notes.length,
                owner: me?.username ?? 'nobody',
                title: String(body['title']),
                text: String(body['text']),
                shared: true,
              };
              notes.push(note);
              return created(shown(note));
            },
          },
          'GET /staff/applications': { reply: ({ notes }) => ok(notes.filter((note) => note.shared).map(shown)) },
        },
      }),
      exampleApi({
        title: 'The admin page asks for the role',
        ...people,
        routes: {
          'GET /admin/totals': { secured: true, reply: ({ me }) => (!me ? refused : me.username === 'root' ? ok(totals) : forbidden) },
        },
      }),
      exampleApi({
        title: 'A refusal with status 200',
        routes: {
          'GET /admin/totals': { secured: true, reply: ({ me }) => (me ? ok({ success: false, message: 'permission denied' }) : refused) },
        },
      }),
      exampleApi({
        title: 'An admin path with a public page',
        routes: { 'GET /admin/totals': { secured: false, reply: () => ok(totals) } },
      }),
      exampleApi({
        title: 'Ordinary accounts get an empty list',
        routes: { 'GET /admin/users': { secured: true, reply: ({ me }) => (me ? ok([]) : refused) } },
      }),
      exampleApi({
        title: "Ordinary accounts get one's own part of what admins get",
        ...people,
        routes: {
          'GET /admin/users': {
            secured: true,
            reply: ({ me, users }) =>
              !me
                ? refused
                : ok(users.filter((user) => me.username === 'root' || user === me).map(({ id, username }) => ({ id, username }))),
          },
        },
      }),
    ],
  },
});

interface Trials {
  readonly ordinary: Trial;
  /** What is open to everybody is a finding of another kind, or public. Not tried where the description says that it needs a credential. */
  readonly anonymous?: Trial;
}

/** An ordinary account tries it; where objects are named, on one of somebody else. */
function trialsOf(subject: OperationSubject): Trials | undefined {
  const { world, operation } = subject;
  const decided = (identity: Identity): boolean => decisionOf(world.permissions, operation.id, identity) !== undefined;
  const ordinaries = world.identities.filter((identity) => !isPrivilegedRole(identity.role) && !decided(identity));
  // Whoever is served is the better witness.
  const served = (name: string): boolean => subject.looks.some(({ as, baseline }) => as === name && baseline.answers.every(isServed));
  const callers = ordinaries.map(({ name }) => name).toSorted((left, right) => Number(served(right)) - Number(served(left)));
  for (const as of callers) {
    for (const on of ownersAt(subject)) {
      if (on === as) continue;
      const ordinary = trialAt(subject, as, on, 'privileged');
      if (!isTrial(ordinary)) continue;
      const isSaid = !reads(subject) && declaresSecurity(operation);
      const anonymous = isSaid ? undefined : trialAt(subject, null, on, 'privileged');
      return { ordinary, ...(isTrial(anonymous) ? { anonymous } : {}) };
    }
  }
  return undefined;
}

function verdictOf(subject: OperationSubject, results: Results<Probes>): Verdict {
  const trials = trialsOf(subject);
  const mark = privilegeMark(subject.operation);
  if (!trials || !mark) return { outcome: 'inconclusive', why: 'nobody could try it' };
  const { ordinary, anonymous } = trials;
  const outcome = ordinary.outcome(results['ordinary'] ?? []);
  if (outcome.got === 'refused') return { outcome: 'pass' };
  if (outcome.got === 'unproven') return { outcome: 'pass', why: outcome.why };
  if (outcome.got === 'unknown') return { outcome: 'inconclusive', why: outcome.why };
  const nobody = anonymous?.outcome(results['anonymous'] ?? []);
  if (nobody?.got === 'unknown') return { outcome: 'inconclusive', why: `whether it is public cannot be told: ${nobody.why}` };
  if (nobody?.got === 'served')
    return { outcome: 'pass', why: 'it is open to the anonymous caller, which is a finding of another kind, or public' };
  const admin = reads(subject) && ordinary.on === null ? privilegedLook(subject) : undefined;
  const [own] = admin?.baseline.answers ?? [];
  const isSame = admin !== undefined && sameContent(own, outcome.exhibits[0]?.answer, admin.baseline.noise);
  if (admin && !isSame) return { outcome: 'pass', why: 'the ordinary identity is served something else than the privileged one' };
  const isForeign = ordinary.on !== null && outcome.exhibits.some(({ highlights }) => highlights !== undefined && highlights.length > 0);
  const isEffect = !reads(subject) && (ordinary.on !== null || mark.explicit);
  return {
    outcome: 'fail',
    confidence: isSame || isForeign || isEffect ? 'certain' : 'firm',
    proof: `It is meant for a privileged role (${mark.words})${nobody?.got === 'refused' ? ', refuses the anonymous caller' : ''}, and ${ordinary.as ?? ''}, an ordinary account, ${outcome.seen}${isSame ? `, what it gives ${admin.as ?? ''}` : ''}.`,
    exhibits: [
      ...outcome.exhibits,
      ...(own ? [{ label: 'the privileged account calls it', answer: own }] : []),
      ...(nobody?.got === 'refused' ? [{ label: 'the anonymous caller', answer: nobody.answer }] : []),
    ],
    replay: outcome.replay,
  };
}

function privilegedLook({ world, looks }: OperationSubject): Look | undefined {
  return looks.find(({ as, baseline }) => as !== null && isPrivilegedRole(roleNamed(world, as)) && baseline.answers.every(isServed));
}

function roleNamed(world: World, name: string): string | undefined {
  return world.identities.find((identity) => identity.name === name)?.role;
}
