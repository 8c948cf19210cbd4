import fc from 'fast-check';
import {
  authentications,
  descriptions,
  envelopes,
  idKinds,
  places,
  refusals,
  sharings,
  traps,
  turnings,
  type Accounts,
  type Blueprint,
  type Decided,
  type Plant,
  type Resource,
  type Style,
  type Trap,
} from './blueprint.ts';
import { possiblePlants } from './possible-plants.ts';

// The first of each list is the plainest: an API that fails shrinks towards it.
const nouns = [
  'order',
  'note',
  'invoice',
  'ticket',
  'project',
  'booking',
  'device',
  'recipe',
  'story',
  'work-order',
  'blog-post',
  'policy',
];
const decidedForObjects: readonly Decided[] = [
  { name: 'approved', value: false },
  { name: 'discount', value: 0 },
  { name: 'verified', value: false },
  { name: 'credits', value: 5 },
];
const decidedForAccounts: readonly Decided[] = [
  { name: 'role', value: 'user' },
  { name: 'is_admin', value: false },
  { name: 'balance', value: 0 },
  { name: 'plan', value: 'free' },
];

const style: fc.Arbitrary<Style> = fc.record({
  base: fc.constantFrom('', '/api', '/v1', '/api/v2'),
  plural: fc.constantFrom(true, true, false),
  camel: fc.boolean(),
  parameter: fc.constantFrom('id', 'noun-id', 'noun'),
  envelope: fc.constantFrom(...envelopes),
  noise: fc.constantFrom('none', 'served', 'all'),
  refusal: fc.constantFrom(...refusals),
  turning: fc.constantFrom(...turnings),
  strict: fc.boolean(),
  quiet: fc.boolean(),
});

const accounts: fc.Arbitrary<Accounts> = fc.record({
  from: fc.constantFrom('sign-up', 'sign-up', 'lent', 'lent-read'),
  segment: fc.constantFrom('users', 'accounts', 'customers', 'members'),
  key: fc.constantFrom('integer', 'uuid4', 'username', 'email'),
  profile: fc.constantFrom('none', 'own', 'public'),
  me: fc.constantFrom('me', 'profile', 'users/me', 'account', 'auth/me'),
  change: fc.constantFrom('none', 'me', 'key'),
  password: fc.boolean(),
  directory: fc.boolean(),
  decided: fc.constantFrom(...decidedForAccounts),
  signUp: fc.constantFrom('register', 'signup', 'auth/register', 'users', 'auth/sign-up', 'accounts'),
  logIn: fc.constantFrom('login', 'auth/login', 'sessions', 'token', 'auth/sign-in'),
  fields: fc.constantFrom('both', 'username', 'email', 'nested'),
  form: fc.constantFrom(false, false, true),
  tokenName: fc.constantFrom('token', 'access_token', 'accessToken', 'jwt', 'auth_token'),
  tokenFrom: fc.constantFrom('log-in', 'log-in', 'sign-up'),
});

const resource: fc.Arbitrary<Resource> = fc.record({
  noun: fc.constantFrom(...nouns),
  id: fc.constantFrom(...idKinds),
  place: fc.constantFrom('path', 'path', 'path', 'path', ...places),
  sharing: fc.constantFrom('owned', 'owned', ...sharings),
  parent: fc.constantFrom(null, 0, 0, 1),
  operations: fc.constantFrom('all', 'all', 'all', 'no-list', 'no-read', 'read-only'),
  title: fc.constantFrom('title', 'name', 'subject', 'label'),
  text: fc.constantFrom('note', 'secret', 'text', 'content', 'memo'),
  decided: fc.constantFrom(null, ...decidedForObjects),
  flag: fc.boolean(),
  update: fc.constantFrom('PUT', 'PATCH'),
  created: fc.constantFrom('object', 'id', 'location'),
  ofOwner: fc.constantFrom('none', 'none', 'path', 'query'),
  othersGet: fc.constantFrom('refusal', 'nothing', 'own'),
  action: fc.boolean(),
  bulk: fc.constantFrom('none', 'none', 'body', 'query'),
});

const design: fc.Arbitrary<Blueprint> = fc
  .record({
    style,
    authentication: fc.constantFrom(...authentications),
    description: fc.constantFrom('right', 'right', ...descriptions),
    accounts,
    resources: fc.array(resource, { minLength: 1, maxLength: 3 }),
    admin: fc.constantFrom('none', 'none', 'path', 'tag', 'summary'),
    root: fc.boolean(),
    tenants: fc.constantFrom(false, false, true),
    tenantHeader: fc.boolean(),
    overview: fc.boolean(),
    traps: fc.oneof({ weight: 2, arbitrary: fc.constant<Trap[]>([]) }, { weight: 1, arbitrary: fc.subarray([...traps], { maxLength: 2 }) }),
    office: fc.record({ board: fc.boolean(), removal: fc.boolean(), desk: fc.boolean(), told: fc.constantFrom(false, false, true) }),
    plants: fc.constant([]),
  })
  .map(settled);

/** Blueprints: a third with nothing planted, the others with one to three weaknesses where the design has room for them. */
export const blueprints: fc.Arbitrary<Blueprint> = fc.noBias(
  fc
    .tuple(
      design,
      fc.oneof(
        { weight: 1, arbitrary: fc.constant<number[]>([]) },
        { weight: 2, arbitrary: fc.array(fc.nat(9_999), { minLength: 1, maxLength: 3 }) },
      ),
    )
    .map(([blueprint, picks]) => ({ ...blueprint, plants: chosen(possiblePlants(blueprint), picks) })),
);

/** The blueprint of a number: the same for ever, as long as the arbitraries stay as they are. */
export function blueprintOf(seed: number): Blueprint {
  const [blueprint] = fc.sample(blueprints, { seed, numRuns: 1 });
  if (!blueprint) throw new Error('fast-check gave no sample');
  return blueprint;
}

/** One weakness per resource, so that none hides another. */
function chosen(possible: readonly Plant[], picks: readonly number[]): Plant[] {
  const plants: Plant[] = [];
  for (const pick of picks) {
    const plant = possible[pick % Math.max(1, possible.length)];
    if (plant && plants.every((other) => !sitesOf(other).some((site) => sitesOf(plant).includes(site)))) plants.push(plant);
  }
  return plants;
}

function sitesOf({ kind, route }: Plant): string[] {
  const site = route === '*' ? kind.replace('unsigned', 'any-credential') : (route.split('.')[0] ?? '');
  return kind === 'any-credential' ? [site, kind] : [site];
}

/** Takes back what does not go together: nobody signs up for what no description tells of. */
function settled(raw: Blueprint): Blueprint {
  const needsLent = raw.authentication === 'api-key' || raw.description === 'absent';
  const from = needsLent && raw.accounts.from === 'sign-up' ? 'lent' : raw.accounts.from;
  const basicUnsaid = raw.authentication === 'basic' && raw.description === 'incomplete';
  const lent = from !== 'sign-up' || basicUnsaid;
  const taken = new Set<string>();
  const resources: Resource[] = [];
  for (const resource of raw.resources) {
    const noun = [resource.noun, ...nouns].find((candidate) => !taken.has(candidate)) ?? resource.noun;
    taken.add(noun);
    const above = resource.parent === null ? undefined : resources[resource.parent];
    const parent = above && above.parent === null && above.place === 'path' && above.sharing === 'owned' && above.operations !== 'no-list';
    const own = resource.sharing === 'owned' || resource.sharing === 'team';
    // Shared among accounts and listed nowhere: nobody outside could tell that from a missing check.
    const mustList = resource.sharing === 'members' || resource.sharing === 'listed';
    const { operations: wanted } = resource;
    const operations = (wanted === 'read-only' && !lent) || (wanted === 'no-list' && (lent || mustList)) ? 'all' : wanted;
    resources.push({
      ...resource,
      noun,
      parent: parent ? resource.parent : null,
      place: resource.place !== 'path' && resource.id === 'slug' ? 'path' : resource.place,
      sharing: parent ? 'owned' : resource.sharing === 'team' && !raw.tenants ? 'owned' : resource.sharing,
      operations,
      ofOwner: parent || !own || (resource.ofOwner === 'query' && operations === 'no-list') ? 'none' : resource.ofOwner,
    });
  }
  return {
    ...raw,
    accounts: {
      ...raw.accounts,
      from: basicUnsaid && from === 'sign-up' ? 'lent' : from,
      key: raw.accounts.key === 'email' && raw.accounts.fields === 'username' ? 'username' : raw.accounts.key,
      change: from === 'lent-read' ? 'none' : raw.accounts.change,
    },
    resources,
    root: raw.root && lent,
    tenants: raw.tenants,
    tenantHeader: raw.tenantHeader && raw.tenants && lent,
  };
}
