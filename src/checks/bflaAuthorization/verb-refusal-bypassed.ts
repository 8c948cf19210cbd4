import { isServed, meaningOf } from '../../model/answer.ts';
import type { Confidence, OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import { decisionOf } from '../../model/permissions.ts';
import { isPrivilegedRole } from '../../model/privilege.ts';
import { isTrial, type Trial } from '../trial.ts';
import { trialAt, reads } from '../trial-at.ts';
import { change, done, exampleApi, forbidden, missing, ok, refused, remove, shown, text, type ExampleContext } from '../example-api.ts';
import { defineCheck } from '../support.ts';

const team = {
  users: ['alice', 'carol'],
  identities: [
    { name: 'alice', tenant: 'north', bearer: 'token-of-alice' },
    { name: 'carol', tenant: 'north', bearer: 'token-of-carol' },
  ],
};
const isOwn = ({ me, note }: ExampleContext): boolean => note?.owner === me?.username;
const body = { title: text, text };
/** Members of the team read each other's notes, and change their own. */
const teamRoutes = {
  'GET /notes/{id}': { secured: true, reply: ({ me, note }: ExampleContext) => (!me ? refused : note ? ok(shown(note)) : missing) },
  'PUT /notes/{id}': {
    secured: true,
    body,
    reply: (context: ExampleContext) => (context.me && !isOwn(context) ? forbidden : change(context, isOwn(context))),
  },
};
const ownDelete = (context: ExampleContext) => (context.me && !isOwn(context) ? forbidden : remove(context, isOwn(context)));

export default defineCheck({
  id: 'verb-refusal-bypassed',
  category: 'bflaAuthorization',
  severity: 'high',
  docs: {
    title: 'What is refused by one method of a resource works by another',
    risk: 'The check that guards an object was put on one verb and forgotten on another: whoever may not change it replaces or deletes it all the same.',
    remedy: 'Put the check where the object is loaded, in one function that every method of the resource uses, instead of in each handler.',
    cwe: [863, 285],
    owasp: 'API5:2023',
  },
  needs: ['second-identity', 'write'],
  yieldsTo: ['permission-violated', 'privileged-operation-open', 'foreign-object-change', 'foreign-object-delete'],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => bypassAt(subject) !== undefined,
  plan: (subject): Probes => {
    const bypass = bypassAt(subject);
    if (!bypass) throw new Error('verb-refusal-bypassed was planned without a bypass');
    const probes: Record<string, Probe> = { bypass: bypass.trial.probe };
    for (const { name, peer, owner } of bypass.guards) {
      probes[`${name} peer`] = peer.probe;
      probes[`${name} owner`] = owner.probe;
    }
    return probes;
  },
  judge: (subject, results): Verdict => verdictOf(subject, results),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A member of the team may not change a note of another, and may delete it',
        ...team,
        routes: { ...teamRoutes, 'DELETE /notes/{id}': { secured: true, reply: (context) => remove(context, true) } },
      }),
      exampleApi({
        title: 'PUT asks whose note it is, and PATCH does not',
        ...team,
        routes: {
          ...teamRoutes,
          'PATCH /notes/{id}': { secured: true, body, reply: (context) => change(context, true) },
          'DELETE /notes/{id}': null,
        },
      }),
      exampleApi({
        title: 'A member of the team may not read a note of another, and may overwrite it',
        ...team,
        routes: { 'PUT /notes/{id}': { secured: true, body, reply: (context) => change(context, true) } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Members change and delete their own alone',
        ...team,
        routes: { ...teamRoutes, 'DELETE /notes/{id}': { secured: true, reply: ownDelete } },
      }),
      exampleApi({
        title: 'Members edit together, and the owner deletes',
        ...team,
        routes: {
          ...teamRoutes,
          'PUT /notes/{id}': { secured: true, body, reply: (context) => change(context, true) },
          'DELETE /notes/{id}': { secured: true, reply: ownDelete },
        },
      }),
      exampleApi({
        title: 'Members share everything',
        ...team,
        routes: {
          ...teamRoutes,
          'PUT /notes/{id}': { secured: true, body, reply: (context) => change(context, true) },
          'DELETE /notes/{id}': { secured: true, reply: (context) => remove(context, true) },
        },
      }),
      exampleApi({
        title: 'PUT is refused to everybody, the owner too',
        ...team,
        routes: {
          ...teamRoutes,
          'PUT /notes/{id}': { secured: true, body, reply: ({ me }) => (me ? forbidden : refused) },
          'DELETE /notes/{id}': { secured: true, reply: (context) => remove(context, true) },
        },
      }),
      exampleApi({
        title: 'The deletion is answered with 204, and nothing is deleted',
        ...team,
        routes: {
          ...teamRoutes,
          'DELETE /notes/{id}': { secured: true, reply: (context) => (isOwn(context) ? remove(context, true) : done) },
        },
      }),
    ],
  },
});

interface Guard {
  readonly name: string;
  readonly method: string;
  readonly peer: Trial;
  /** The owner must be served, or the refusal says nothing of the peer. */
  readonly owner: Trial;
}

interface Bypass {
  readonly peer: string;
  readonly trial: Trial;
  readonly guards: readonly Guard[];
}

/** Somebody of the owner's tenant, to whom nothing says that the object is foreign: other strangers are tried by checks of their own. */
function bypassAt(subject: OperationSubject): Bypass | undefined {
  const { world, operation } = subject;
  if (reads(subject)) return undefined;
  for (const owner of world.identities) {
    const peer = world.identities.find(
      (identity) =>
        identity.name !== owner.name &&
        identity.tenant !== undefined &&
        identity.tenant === owner.tenant &&
        !isPrivilegedRole(identity.role) &&
        decisionOf(world.permissions, operation.id, identity) === undefined,
    );
    const trial = peer && trialAt(subject, peer.name, owner.name, 'bypass');
    if (!peer || !isTrial(trial)) continue;
    const guards = siblingsOf(subject).flatMap((sibling): Guard[] => {
      const [theirs, own] = [peer.name, owner.name].map((name) => trialAt(sibling, name, owner.name, 'bypass'));
      return isTrial(theirs) && isTrial(own)
        ? [{ name: sibling.operation.id, method: sibling.operation.method, peer: theirs, owner: own }]
        : [];
    });
    if (guards.length > 0) return { peer: peer.name, trial, guards };
  }
  return undefined;
}

/** The methods of the same path whose refusal weighs against this one: whoever may not delete may often edit, and not the other way about. */
function siblingsOf({ world, operation }: OperationSubject): OperationSubject[] {
  return world.surface.operations
    .filter((other) => other.id !== operation.id && other.path === operation.path && /^(?:GET|PUT|PATCH)$/.test(other.method))
    .map((other) => ({
      kind: 'operation',
      world,
      operation: other,
      looks: [],
      accesses: world.accesses.filter((access) => access.operation.id === other.id),
    }));
}

function verdictOf(subject: OperationSubject, results: Results<Probes>): Verdict {
  const bypass = bypassAt(subject);
  if (!bypass) return { outcome: 'inconclusive', why: 'nobody could try it' };
  const outcome = bypass.trial.outcome(results['bypass'] ?? []);
  if (outcome.got === 'refused') return { outcome: 'pass' };
  if (outcome.got !== 'served') return { outcome: outcome.got === 'unproven' ? 'pass' : 'inconclusive', why: outcome.why };
  for (const { name, method, peer, owner } of bypass.guards) {
    const theirs = peer.outcome(results[`${name} peer`] ?? []);
    const own = owner.outcome(results[`${name} owner`] ?? []);
    if (theirs.got !== 'refused' || !isKeptOut(theirs) || own.got !== 'served') continue;
    const [served] = own.exhibits.filter(({ answer }) => isServed(answer));
    // Those who tidy up together may delete what they may not rewrite.
    const confidence: Confidence = subject.operation.method === 'DELETE' && method !== 'GET' ? 'firm' : 'certain';
    return {
      outcome: 'fail',
      confidence,
      proof: `${name} is refused to ${bypass.peer}, and by ${subject.operation.method} ${bypass.peer} ${outcome.seen}.`,
      exhibits: [
        ...outcome.exhibits,
        { label: `${method} is refused to ${bypass.peer}`, answer: theirs.answer },
        ...(served ? [{ label: `${method} serves the owner`, answer: served.answer }] : []),
      ],
      replay: outcome.replay,
    };
  }
  return { outcome: 'pass' };
}

function isKeptOut({ answer }: { readonly answer: Parameters<typeof meaningOf>[0] }): boolean {
  const meaning = meaningOf(answer);
  return meaning === 'refused' || meaning === 'absent';
}
