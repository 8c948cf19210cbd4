import { isDenied, isServed } from '../../model/answer.ts';
import type { Confidence, OperationSubject, Verdict } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { leaves } from '../../model/json.ts';
import { isPrivilegedRole, privilegeMark } from '../../model/privilege.ts';
import type { Look } from '../../model/world.ts';
import { exampleApi, forbidden, ok, refused } from '../example-api.ts';
import { defineCheck, first, sameContent } from '../support.ts';

const people = {
  users: ['root', 'alice', 'bob'],
  identities: [
    { name: 'root', role: 'admin', bearer: 'token-of-root' },
    { name: 'alice', bearer: 'token-of-alice' },
    { name: 'bob', bearer: 'token-of-bob' },
  ],
};
const totals = { users: 3, revenue: 4100, region: 'north' };

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
  phase: 'read',
  applies: (subject: OperationSubject) =>
    subject.operation.method === 'GET' && ordinary(subject) !== undefined && mark(subject) !== undefined,
  plan: (subject) => {
    const look = ordinary(subject);
    if (!look) throw new Error('privileged-operation-open was planned without an ordinary identity');
    return { ordinary: [look.baseline.call], anonymous: [{ ...look.baseline.call, as: null }] };
  },
  judge: (subject, results): Verdict => {
    const answer = first(results.ordinary);
    const anonymous = first(results.anonymous);
    if (!answer || answer.kind === 'silence' || !anonymous) return { outcome: 'inconclusive', why: 'the ordinary identity got no answer' };
    if (!isServed(answer) || isEmpty(answer)) return { outcome: 'pass' };
    if (!isDenied(anonymous))
      return { outcome: 'pass', why: 'it is open to the anonymous caller, which is a finding of another kind, or public' };
    const admin = served(subject, true);
    const same = admin !== undefined && sameContent(admin.baseline.answers[0], answer, admin.baseline.noise);
    if (admin && !same) return { outcome: 'pass', why: 'the ordinary identity is served something else than the privileged one' };
    const confidence: Confidence = same ? 'certain' : 'firm';
    const who = ordinary(subject)?.as ?? '';
    return {
      outcome: 'fail',
      confidence,
      proof: `It is meant for a privileged role (${mark(subject) ?? ''}), refuses the anonymous caller, and serves ${who}, an ordinary account${same ? `, what it serves ${admin?.as ?? ''}` : ''}.`,
      exhibits: [
        { label: 'an ordinary account calls it', answer },
        ...(admin?.baseline.answers[0] ? [{ label: 'the privileged account calls it', answer: admin.baseline.answers[0] }] : []),
        { label: 'the anonymous caller', answer: anonymous },
      ],
    };
  },
  examples: {
    vulnerable: [
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

function ordinary(subject: OperationSubject): Look | undefined {
  return served(subject, false) ?? subject.looks.find((look) => look.as !== null && !isPrivilegedRole(roleOf(subject, look.as)));
}

function served(subject: OperationSubject, privileged: boolean): Look | undefined {
  return subject.looks.find(
    (look) => look.as !== null && isPrivilegedRole(roleOf(subject, look.as)) === privileged && look.baseline.answers.every(isServed),
  );
}

function roleOf(subject: OperationSubject, name: string): string | undefined {
  return subject.world.identities.find((identity) => identity.name === name)?.role;
}

/** Why the operation counts as privileged: the description says so, or a privileged identity is served where every ordinary one but few is refused. */
function mark(subject: OperationSubject): string | undefined {
  const described = privilegeMark(subject.operation);
  if (described !== undefined) return described;
  const ordinaries = subject.looks.filter((look) => look.as !== null && !isPrivilegedRole(roleOf(subject, look.as)));
  const refusedOnes = ordinaries.filter((look) => look.baseline.answers.some(isDenied));
  const admin = served(subject, true);
  return admin && refusedOnes.length > ordinaries.length / 2 ? `it serves ${admin.as ?? ''} and refuses most others` : undefined;
}

function isEmpty(answer: Answer): boolean {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  return json === undefined ? answer.kind === 'exchange' && answer.response.body.trim() === '' : leaves(json, 10).length === 0;
}
