import { isDenied, isServed } from '../../model/answer.ts';
import type { ObjectSubject } from '../../model/check.ts';
import { headerOf } from '../../model/http.ts';
import { exampleApi, forbidden, ok, refused, shown, text, type ExampleContext, type ExampleRoute } from '../example-api.ts';
import { foreignReads, isTenantSwitch, judgeForeignReads } from '../foreign-read.ts';
import { withValue, type Slot } from '../../model/slot.ts';
import type { ParameterValues } from '../../model/world.ts';
import { asCaller, defineCheck, markersIn, markersOf, sameContent } from '../support.ts';

export default defineCheck({
  id: 'tenant-switch-accepted',
  category: 'bolaAuthorization',
  severity: 'critical',
  docs: {
    title: 'The tenant is taken from the request, whoever sends it',
    risk: 'Anybody with an account in one tenant reads what belongs to another by naming it in a header or a parameter, with his own credential kept.',
    remedy:
      'Take the tenant from the session or token. Where a caller may choose among several, look the choice up among the memberships of the account before anything is read, and filter every query by it.',
    cwe: [639, 284],
    owasp: 'API1:2023',
  },
  needs: ['second-identity'],
  yieldsTo: ['permission-violated', 'foreign-object-read', 'foreign-collection-read'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) => isTenantSwitch(subject) && subject.access.baseline?.answers.every(isServed) === true,
  plan: (subject) => ({ ...foreignReads(subject), unswitched: [asCaller(subject, subject.stranger, ownTenant(subject))] }),
  judge: (subject, results) => {
    const verdict = judgeForeignReads(subject, results);
    if (verdict.outcome !== 'fail') return verdict;
    const [unswitched] = results.unswitched;
    if (!unswitched || !(isServed(unswitched) || isDenied(unswitched)))
      return { outcome: 'inconclusive', why: 'the stranger got no answer in his own tenant, so it cannot be told what the switch does' };
    const isSame = sameContent(unswitched, results.stranger[0], subject.access.baseline?.noise);
    if (isSame || markersIn(unswitched, markersOf(subject.world, subject.owner)).length > 0)
      return { outcome: 'pass', why: 'the stranger is served the same in his own tenant' };
    return verdict;
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The notes of whatever tenant the header names', routes: tenants(() => true) }),
      exampleApi({ title: 'The notes of whatever tenant the query names', routes: tenants(() => true, 'query') }),
    ],
    safe: [
      exampleApi({
        title: 'The tenant of the header is compared with that of the account',
        routes: tenants((own, asked) => own === asked),
      }),
      exampleApi({ title: 'The header is read by nobody', routes: tenants(() => true, 'nowhere') }),
      exampleApi({
        title: 'Anybody sees the notes of anybody, in whatever tenant',
        routes: {
          ...tenants(() => true),
          'GET /notes': {
            secured: true,
            headers: ['X-Tenant-Id'],
            reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused),
          },
        },
      }),
      exampleApi({
        title: 'Anybody sees the notes of anybody, and is told to slow down in his own tenant',
        routes: {
          ...tenants(() => true),
          'GET /notes': {
            secured: true,
            headers: ['X-Tenant-Id'],
            reply: ({ me, notes, request, users }) => {
              const isOwn = headerOf(request.headers, 'X-Tenant-Id') === `tenant-of-${me?.username ?? ''}`;
              if (!me) return refused;
              return me !== users[0] && isOwn ? { status: 429, body: { error: 'too many requests' } } : ok(notes.map(shown));
            },
          },
        },
      }),
      exampleApi({
        title: 'All accounts are in one tenant, and see its notes',
        routes: tenants(
          () => true,
          'header',
          () => 'main',
        ),
      }),
    ],
  },
});

/** The same request in the stranger's own tenant: the one that is known of him, else the one that goes with his credential. */
function ownTenant({ world, access: { values, slots, object }, stranger }: ObjectSubject): ParameterValues {
  const own = world.objects.find((other) => other.type === object.type && other.owner === stranger)?.keys['id'];
  return slots.reduce((changed, slot) => (own === undefined ? withoutValue(changed, slot) : withValue(changed, slot, own)), values);
}

function withoutValue(values: ParameterValues, slot: Slot): ParameterValues {
  if (slot.in === 'body') return values;
  return { ...values, [slot.in]: Object.fromEntries(Object.entries(values[slot.in] ?? {}).filter(([name]) => name !== slot.name)) };
}

function tenants(
  allowed: (own: string, asked: string) => boolean,
  place: 'header' | 'query' | 'nowhere' = 'header',
  tenantOf: (username: string) => string = (username) => `tenant-of-${username}`,
): Readonly<Record<string, ExampleRoute>> {
  const askedBy = ({ request, query }: ExampleContext): string | undefined =>
    place === 'header' ? headerOf(request.headers, 'X-Tenant-Id') : place === 'query' ? (query.get('tenant_id') ?? undefined) : undefined;
  return {
    'GET /me': {
      secured: true,
      reply: ({ me }) => (me ? ok({ id: me.id, username: me.username, email: me.email, tenant_id: tenantOf(me.username) }) : refused),
    },
    'GET /notes': {
      secured: true,
      ...(place === 'query' ? { query: ['tenant_id'] } : { headers: ['X-Tenant-Id'] }),
      reply: (context) => {
        const { me, notes } = context;
        if (!me) return refused;
        const asked = askedBy(context) ?? tenantOf(me.username);
        return allowed(tenantOf(me.username), asked) ? ok(notes.filter((note) => tenantOf(note.owner) === asked).map(shown)) : forbidden;
      },
    },
    'POST /notes': {
      secured: true,
      body: { title: text, text },
      reply: ({ me, notes, body }) => {
        if (!me) return refused;
        const note = {
          id: 101 + notes.length,
          owner: me.username,
          title: String(body['title']),
          text: String(body['text']),
          shared: false,
        };
        notes.push(note);
        return { status: 201, body: shown(note) };
      },
    },
  };
}
