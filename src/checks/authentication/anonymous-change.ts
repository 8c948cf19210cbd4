import type { OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import { isAccountNoun } from '../../model/names.ts';
import { declaresSecurity } from '../../model/operation.ts';
import { decisionOf } from '../../model/permissions.ts';
import { privilegeMark } from '../../model/privilege.ts';
import { isDeleting } from '../../model/verbs.ts';
import { isTrial, type Trial } from '../trial.ts';
import { trialAt, ownersAt, reads } from '../trial-at.ts';
import { change, created, done, exampleApi, ok, refused, remove, shown, text, type ExampleRoute } from '../example-api.ts';
import { defineCheck } from '../support.ts';

/** Makes a note, for whoever asks. */
const addNote = (secured: boolean): ExampleRoute => ({
  secured,
  body: { title: text, text },
  reply: ({ me, notes, body }) => {
    const note = {
      id: 101 + notes.length,
      owner: me?.username ?? 'nobody',
      title: String(body['title']),
      text: String(body['text']),
      shared: true,
    };
    notes.push(note);
    return created(shown(note));
  },
});
const allNotes: ExampleRoute = { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) };

export default defineCheck({
  id: 'anonymous-change',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'An operation that needs a log-in changes things without one',
    risk: 'Anybody on the network can change or delete what belongs to others, or add to it, without an account and without leaving a name.',
    remedy:
      'Require the credential in one place for all operations (a before_request hook or the router), for every verb, and list the public ones as exceptions.',
    cwe: [306, 862],
    owasp: 'API2:2023',
  },
  needs: ['identity', 'write'],
  yieldsTo: ['permission-violated'],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => trialOf(subject) !== undefined,
  plan: (subject): Probes => {
    const trial = trialOf(subject);
    if (!trial) throw new Error('anonymous-change was planned without a trial');
    return { anonymous: trial.probe } satisfies Record<string, Probe>;
  },
  judge: (subject, results): Verdict => verdictOf(subject, results),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Notes are deleted without a token, against the description',
        routes: {
          'DELETE /notes/{id}': { secured: true, reply: ({ note, notes }) => (note && notes.splice(notes.indexOf(note), 1), done) },
        },
      }),
      exampleApi({
        title: 'Notes are changed without a token, and the answer says that they are not',
        routes: {
          'PUT /notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: ({ me, note, body }) => {
              if (note && (!me || note.owner === me.username)) note.text = String(body['text']);
              return me && note ? ok(shown(note)) : refused;
            },
          },
        },
      }),
      exampleApi({
        title: 'Accounts are deleted without a token, against the description',
        routes: {
          'DELETE /users/{username}': {
            secured: true,
            reply: ({ users, path }) => {
              const at = users.findIndex(({ username }) => username === path['username']);
              if (at >= 0) users.splice(at, 1);
              return done;
            },
          },
        },
      }),
      exampleApi({ title: 'Notes are made without a token', routes: { 'GET /notes': allNotes, 'POST /notes': addNote(true) } }),
    ],
    safe: [
      exampleApi({ title: 'Every change needs a token' }),
      exampleApi({ title: 'A guest book: described as open', routes: { 'GET /notes': allNotes, 'POST /notes': addNote(false) } }),
      exampleApi({
        title: 'Changes without a token are answered as done, and nothing is done',
        routes: {
          'DELETE /notes/{id}': {
            secured: true,
            reply: (context) => (context.me ? remove(context, context.note?.owner === context.me.username) : done),
          },
          'PUT /notes/{id}': {
            secured: true,
            body: { title: text, text },
            reply: (context) => (context.me ? change(context, context.note?.owner === context.me.username) : ok(context.body)),
          },
          'POST /notes': { secured: true, body: { title: text, text }, reply: ({ body }) => created({ id: 9, ...body }) },
        },
      }),
    ],
  },
});

/** Where the description says that a credential is needed, the anonymous caller tries it on what is made for it. */
function trialOf(subject: OperationSubject): Trial | undefined {
  const { world, operation } = subject;
  if (reads(subject) || decisionOf(world.permissions, operation.id, null) !== undefined) return undefined;
  if (!declaresSecurity(operation) && (operation.security !== undefined || privilegeMark(operation)?.explicit !== true)) return undefined;
  // An account is signed up for each trial: what changes one is left to those who have one.
  if (subject.accesses.some(({ object }) => isAccountNoun(object.type)) && !isDeleting(operation)) return undefined;
  return ownersAt(subject)
    .map((on) => trialAt(subject, null, on, 'anonymous'))
    .find(isTrial);
}

function verdictOf(subject: OperationSubject, results: Results<Probes>): Verdict {
  const outcome = trialOf(subject)?.outcome(results['anonymous'] ?? []);
  if (!outcome || outcome.got === 'unknown') return { outcome: 'inconclusive', why: outcome?.why ?? 'nobody could try it' };
  if (outcome.got === 'refused') return { outcome: 'pass' };
  if (outcome.got === 'unproven') return { outcome: 'pass', why: outcome.why };
  const mark = declaresSecurity(subject.operation) ? 'described as needing a credential' : 'meant for a privileged role';
  return {
    outcome: 'fail',
    confidence: 'certain',
    proof: `It is ${mark}, and the anonymous caller ${outcome.seen}.`,
    exhibits: outcome.exhibits,
    replay: outcome.replay,
  };
}
