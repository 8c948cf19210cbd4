import { isServed, meaningOf } from '../../model/answer.ts';
import type { OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { Call } from '../../model/identity.ts';
import { decisionOf } from '../../model/permissions.ts';
import { isPrivilegedRole } from '../../model/privilege.ts';
import type { Baseline, Marker } from '../../model/world.ts';
import { hasContent } from '../trial-read.ts';
import { exampleApi, forbidden, missing, ok, refused, shown } from '../example-api.ts';
import { call, defineCheck, first, markersIn, markersOf, privateValues, sameContent } from '../support.ts';

const people = {
  users: ['root', 'alice'],
  identities: [
    { name: 'root', role: 'admin', bearer: 'token-of-root' },
    { name: 'alice', bearer: 'token-of-alice' },
  ],
};
const figures = { orders: 17, revenue: 4100, region: 'north' };

export default defineCheck({
  id: 'refusal-lifted-for-anonymous',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'What an account is refused is given to callers without one',
    risk: 'The check looks at who the caller is, and lets pass whoever is nobody: anybody on the network gets what accounts are kept from, by leaving the token out.',
    remedy:
      'Refuse first whoever has no credential, then decide by account or role. Let a missing identity never compare as equal or as permitted.',
    cwe: [306, 863],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  yieldsTo: ['permission-violated', 'anonymous-access'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => casesAt(subject).length > 0,
  plan: (subject): Probes => {
    const probes: Record<string, Probe> = {};
    casesAt(subject).forEach(({ baseline, kept }, index) => {
      probes[`${index} served`] = [baseline.call];
      probes[`${index} kept`] = [kept, kept];
      probes[`${index} anonymous`] = [{ ...kept, as: null }];
    });
    return probes;
  },
  judge: (subject, results): readonly Verdict[] => casesAt(subject).map((each, index) => verdictOf(each, index, results)),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A note of another is refused to accounts, and given to nobody in particular',
        routes: {
          'GET /notes/{id}': {
            reply: ({ me, note }) => (!note ? missing : !me || note.owner === me.username ? ok(shown(note)) : forbidden),
          },
        },
      }),
      exampleApi({
        title: 'The figures are refused to users, and given to callers without a token',
        ...people,
        routes: { 'GET /figures': { reply: ({ me }) => (!me || me.username === 'root' ? ok(figures) : forbidden) } },
      }),
    ],
    safe: [
      exampleApi({ title: 'Others and nobody are refused alike' }),
      exampleApi({
        title: 'Public notes',
        routes: { 'GET /notes/{id}': { secured: false, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'Who is logged in is refused the pages for guests',
        routes: { 'GET /welcome': { reply: ({ me }) => (me ? forbidden : ok({ offer: 'A month for nothing', until: 'the end of May' })) } },
      }),
      exampleApi({
        title: 'Callers without a token get a part that is for everybody',
        ...people,
        routes: {
          'GET /figures': { reply: ({ me }) => (!me ? ok({ region: 'north' }) : me.username === 'root' ? ok(figures) : forbidden) },
        },
      }),
      exampleApi({
        title: 'Callers without a token get the log-in page with status 200',
        ...people,
        routes: {
          'GET /figures': {
            reply: ({ me }) =>
              !me
                ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<form><input type="password"></form>' }
                : me.username === 'root'
                  ? ok(figures)
                  : forbidden,
          },
        },
      }),
      exampleApi({
        title: 'A list that is public, and an account that must confirm its address first',
        ...people,
        routes: {
          'GET /figures': { secured: false, reply: ({ me }) => (me && me.username !== 'root' ? forbidden : ok(figures)) },
        },
      }),
      exampleApi({
        title: 'Without a token the request is turned away elsewhere',
        routes: {
          'GET /notes/{id}': { reply: ({ me, note }) => (!me ? refused : note?.owner === me.username ? ok(shown(note)) : forbidden) },
        },
      }),
    ],
  },
});

/** Somebody is served, and another account asks for the same. */
interface Case {
  readonly served: string;
  readonly baseline: Baseline;
  readonly refused: string;
  readonly kept: Call;
  /** What is planted in it, or was seen under its owner alone. */
  readonly values: readonly Marker[];
}

function casesAt(subject: OperationSubject): readonly Case[] {
  const { world, operation } = subject;
  if (decisionOf(world.permissions, operation.id, null) !== undefined || operation.security?.length === 0) return [];
  return [...objectCases(subject), ...pageCases(subject)].slice(0, 1);
}

function objectCases({ world, operation, accesses }: OperationSubject): Case[] {
  return accesses.flatMap(({ object, values, baseline }): Case[] => {
    const { owner } = object;
    const other = world.identities.find(({ name, role }) => name !== owner && !isPrivilegedRole(role))?.name;
    if (owner === null || other === undefined || !baseline?.answers.every(isServed)) return [];
    const planted = markersIn(baseline.answers[0], markersOf(world, owner));
    const held = planted.length > 0 ? planted : privateValues(world, baseline, other);
    return held.length === 0
      ? []
      : [{ served: owner, baseline, refused: other, kept: call(world, operation, values, other), values: held }];
  });
}

/** A page that a privileged account is served and an ordinary one is refused. */
function pageCases({ world, looks }: OperationSubject): Case[] {
  const isHigher = (name: string | null): boolean => isPrivilegedRole(world.identities.find((identity) => identity.name === name)?.role);
  const higher = looks.find(({ as, baseline }) => isHigher(as) && baseline.answers.every(isServed));
  const lower = looks.find(
    ({ as, baseline }) => as !== null && !isHigher(as) && baseline.answers.every((answer) => meaningOf(answer) === 'refused'),
  );
  const open = looks.find(({ as, baseline }) => as === null && baseline.answers.every(isServed));
  if (!higher?.as || !lower?.as || !open) return [];
  return [{ served: higher.as, baseline: higher.baseline, refused: lower.as, kept: lower.baseline.call, values: [] }];
}

function verdictOf(each: Case, index: number, results: Results<Probes>): Verdict {
  const served = first(results[`${index} served`]);
  const kept = results[`${index} kept`] ?? [];
  const anonymous = first(results[`${index} anonymous`]);
  if (!served || !isServed(served)) return { outcome: 'inconclusive', why: 'nobody is served there any more' };
  if (!anonymous || anonymous.kind === 'silence') return { outcome: 'inconclusive', why: 'the anonymous caller got no answer' };
  const [refusal] = kept;
  if (!refusal || !kept.every((answer) => meaningOf(answer) === 'refused')) return { outcome: 'pass', why: 'accounts are not refused' };
  const shown = markersIn(anonymous, each.values);
  const isObject = each.values.length > 0 && shown.length === each.values.length;
  const isPage = each.values.length === 0 && isSamePage(served, anonymous, each.baseline);
  if (!isObject && !isPage) return { outcome: 'pass' };
  return {
    outcome: 'fail',
    confidence: isObject ? 'certain' : 'firm',
    proof: `${each.refused} is refused what ${each.served} is served, and a caller without a credential is given the same.`,
    exhibits: [
      { label: 'the anonymous caller', answer: anonymous, highlights: shown.map(({ value }) => value) },
      { label: `${each.refused} is refused`, answer: refusal },
      { label: `${each.served} is served`, answer: served },
    ],
  };
}

function isSamePage(served: Answer, anonymous: Answer, { noise }: Baseline): boolean {
  return isServed(anonymous) && hasContent(anonymous) && sameContent(served, anonymous, noise);
}
