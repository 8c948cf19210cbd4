import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import type { Identity } from '../../model/identity.ts';
import { isHollowSegment } from '../../model/names.ts';
import { decisionOf, roleOf } from '../../model/permissions.ts';
import { isPrivilegedRole, privilegeMark } from '../../model/privilege.ts';
import type { Look } from '../../model/world.ts';
import { isTrial, type Trial } from '../trial.ts';
import { trialAt, ownersAt } from '../trial-at.ts';
import { exampleApi, forbidden, ok, refused, type ExampleRoute } from '../example-api.ts';
import { defineCheck, listed, sameContent } from '../support.ts';

const people = {
  users: ['root', 'alice', 'bob', 'carol'],
  allow: 'read',
  identities: [
    { name: 'root', role: 'admin', bearer: 'token-of-root' },
    { name: 'alice', bearer: 'token-of-alice' },
    { name: 'bob', bearer: 'token-of-bob' },
    { name: 'carol', bearer: 'token-of-carol' },
  ],
} as const;
const figures = { orders: 17, revenue: 4100, region: 'north' };
const servedTo = (...names: readonly string[]): ExampleRoute => ({
  secured: true,
  reply: ({ me }) => (!me ? refused : names.includes(me.username) ? ok(figures) : forbidden),
});
const everybody = ['root', 'alice', 'bob', 'carol'];
const controlRoom = {
  'GET /control/users': servedTo('root'),
  'GET /control/audit': servedTo('root'),
  'GET /control/limits': servedTo('root'),
};

export default defineCheck({
  id: 'role-boundary-crossed',
  category: 'bflaAuthorization',
  severity: 'high',
  docs: {
    title: 'An ordinary account is served what its role is refused',
    risk: 'Where the boundary between roles has a hole, ordinary accounts see and do what is kept from their peers: the check was forgotten at one operation, or rests on something else than the role.',
    remedy:
      'Decide by the role of the account, in one place for all operations of a kind (the router or the blueprint, denying by default), instead of operation by operation.',
    cwe: [285, 863],
    owasp: 'API5:2023',
  },
  needs: ['second-identity'],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => holeAt(subject) !== undefined,
  plan: (subject): Probes => {
    const hole = holeAt(subject);
    if (!hole) throw new Error('role-boundary-crossed was planned without a hole');
    const probes: Record<string, Probe> = { crossing: hole.crossing.probe, anonymous: hole.anonymous.probe };
    for (const trial of hole.peers) probes[`peer ${trial.as ?? ''}`] = trial.probe;
    return probes;
  },
  judge: (subject, results): Verdict => verdictOf(subject, results),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'One account is served what its peers are refused',
        ...people,
        routes: { 'GET /figures': servedTo('root', 'carol') },
      }),
      exampleApi({
        title: 'Of the pages of the control room, one forgets to ask for the role',
        ...people,
        routes: { ...controlRoom, 'GET /control/export': servedTo(...everybody) },
      }),
    ],
    safe: [
      exampleApi({ title: 'Only the role decides', ...people, routes: { ...controlRoom, 'GET /figures': servedTo('root') } }),
      exampleApi({ title: 'All accounts are served the same', ...people, routes: { 'GET /figures': servedTo(...everybody) } }),
      exampleApi({
        title: "One of the pages of the control room shows everybody one's own part",
        ...people,
        routes: {
          ...controlRoom,
          'GET /control/profile': { secured: true, reply: ({ me }) => (me ? ok({ username: me.username, email: me.email }) : refused) },
        },
      }),
      exampleApi({
        title: 'The control room has a public page',
        ...people,
        routes: { ...controlRoom, 'GET /control/status': { secured: false, reply: () => ok({ up: true, since: 'Monday morning' }) } },
      }),
      exampleApi({
        title: 'A role between the others is served more than the lowest',
        ...people,
        identities: people.identities.map((identity) => (identity.name === 'carol' ? { ...identity, role: 'editor' } : identity)),
        routes: { 'GET /figures': servedTo('root', 'carol') },
      }),
      exampleApi({
        title: 'Ordinary accounts are served an empty list',
        ...people,
        routes: {
          ...controlRoom,
          'GET /control/alerts': { secured: true, reply: ({ me }) => (!me ? refused : ok(me.username === 'root' ? [figures] : [])) },
        },
      }),
      exampleApi({
        title: 'A refusal that is a message with status 200',
        ...people,
        routes: {
          'GET /figures': {
            secured: true,
            reply: ({ me }) =>
              !me
                ? refused
                : me.username === 'root'
                  ? ok(figures)
                  : me.username === 'carol'
                    ? ok({ message: 'Your request for access is being looked at' })
                    : forbidden,
          },
        },
      }),
    ],
  },
});

interface Hole {
  readonly crossing: Trial;
  readonly anonymous: Trial;
  readonly higher: Look;
  /** Of the same role, and refused. */
  readonly peers: readonly Trial[];
  /** Operations beside it that serve the higher role and refuse the lower one. */
  readonly beside: readonly string[];
}

/** Where an account of a lower role is served what the higher role is, and its peers are refused, or the role is refused all around it. */
function holeAt(subject: OperationSubject): Hole | undefined {
  const { operation, looks } = subject;
  if (privilegeMark(operation) !== undefined || looks.length === 0 || ownersAt(subject)[0] !== null) return undefined;
  const higher = looks.find((look) => isHigher(subject, look) && look.baseline.answers.every(isServed));
  const got = (name: string, is: (look: Look) => boolean): boolean => looks.some((look) => look.as === name && is(look));
  const crossed = ordinary(subject).find(({ name }) => got(name, ({ baseline }) => baseline.answers.every(isServed)));
  if (!higher || crossed === undefined) return undefined;
  const role = ordinary(subject).filter((identity) => roleOf(identity) === roleOf(crossed));
  const peersRefused = role.map(({ name }) => name).filter((name) => got(name, ({ baseline }) => baseline.answers.every(isDenied)));
  const beside = besides(
    subject,
    role.map(({ name }) => name),
  );
  if (peersRefused.length === 0 && beside.length < 2) return undefined;
  const crossing = trialAt(subject, crossed.name, null, 'boundary');
  const anonymous = trialAt(subject, null, null, 'boundary');
  const peers = peersRefused.map((name) => trialAt(subject, name, null, 'boundary')).filter(isTrial);
  return isTrial(crossing) && isTrial(anonymous) ? { crossing, anonymous, higher, peers, beside } : undefined;
}

/** Those whose roles are not privileged, and of whom permissions say nothing here. */
function ordinary({ world, operation }: OperationSubject): readonly Identity[] {
  return world.identities.filter(
    (identity) => !isPrivilegedRole(identity.role) && decisionOf(world.permissions, operation.id, identity) === undefined,
  );
}

function isHigher({ world }: OperationSubject, { as }: Look): boolean {
  return as !== null && isPrivilegedRole(world.identities.find(({ name }) => name === as)?.role);
}

/** The operations under the same path that serve the higher role and refuse everybody of a role; none when one of them serves one. */
function besides(subject: OperationSubject, members: readonly string[]): readonly string[] {
  const { world, operation } = subject;
  const above = aboveOf(operation.path);
  if (above === undefined) return [];
  const found = new Map<string, Look[]>();
  for (const look of world.looks) {
    if (look.operation.id === operation.id || aboveOf(look.operation.path) !== above) continue;
    found.set(look.operation.id, [...(found.get(look.operation.id) ?? []), look]);
  }
  const guarded = [...found].filter(([, looks]) => {
    const isKept = members.every((name) => looks.some((look) => look.as === name && look.baseline.answers.every(isDenied)));
    return isKept && looks.some((look) => isHigher(subject, look) && look.baseline.answers.every(isServed));
  });
  return guarded.length === found.size ? guarded.map(([id]) => id) : [];
}

/** The path above a last literal segment, where it says more than a version. */
function aboveOf(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const above = segments.slice(0, -1);
  return segments.at(-1)?.includes('{') || above.every((segment) => isHollowSegment(segment) || segment.includes('{'))
    ? undefined
    : above.join('/');
}

function verdictOf(subject: OperationSubject, results: Results<Probes>): Verdict {
  const hole = holeAt(subject);
  if (!hole) return { outcome: 'inconclusive', why: 'nobody could try it' };
  const outcome = hole.crossing.outcome(results['crossing'] ?? []);
  if (outcome.got === 'refused') return { outcome: 'pass' };
  if (outcome.got !== 'served') return { outcome: outcome.got === 'unproven' ? 'pass' : 'inconclusive', why: outcome.why };
  const nobody = hole.anonymous.outcome(results['anonymous'] ?? []);
  if (nobody.got === 'unknown') return { outcome: 'inconclusive', why: nobody.why };
  if (nobody.got === 'served') return { outcome: 'pass', why: 'it is open to the anonymous caller' };
  const { baseline, as: admin } = hole.higher;
  const [own] = baseline.answers;
  if (!sameContent(own, outcome.exhibits[0]?.answer, baseline.noise))
    return { outcome: 'pass', why: 'the ordinary account is served something else than the privileged one' };
  const kept = hole.peers.flatMap((trial) => {
    const came = trial.outcome(results[`peer ${trial.as ?? ''}`] ?? []);
    return came.got === 'refused' ? [{ name: trial.as ?? '', answer: came.answer }] : [];
  });
  const isMost = kept.length > 1 || hole.beside.length > 2;
  if (kept.length === 0 && hole.beside.length === 0) return { outcome: 'pass', why: 'its peers are no longer refused' };
  const around = kept.length > 0 ? kept.map(({ name }) => name) : hole.beside;
  const reason = kept.length > 0 ? `of the same role, ${listed(around)} are refused` : `beside it, ${listed(around)} refuse the role`;
  return {
    outcome: 'fail',
    confidence: isMost ? 'firm' : 'tentative',
    proof: `${hole.crossing.as ?? ''}, an ordinary account, is given what ${admin ?? ''} gets, though ${reason}.`,
    exhibits: [
      ...outcome.exhibits,
      ...(own ? [{ label: 'the privileged account reads it', answer: own }] : []),
      ...kept.slice(0, 1).map(({ answer }) => ({ label: 'a peer is refused', answer })),
    ],
  };
}
