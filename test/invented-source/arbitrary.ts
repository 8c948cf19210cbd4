import fc from 'fast-check';
import {
  answers,
  frameworks,
  guards,
  identities,
  layers,
  operationKinds,
  stores,
  type Design,
  type Operation,
  type Plant,
  type Resource,
  type Style,
} from './design.ts';
import { possiblePlants } from './possible-plants.ts';

// The first of each list is the plainest: an app that fails shrinks towards it.
const nouns = ['letter', 'crate', 'recipe', 'boat', 'sketch', 'parcel', 'lamp', 'ledger', 'ticket', 'garden'];
const children = ['page', 'leg', 'stop', 'remark', 'part'];
const owners = ['user_id', 'owner_id', 'account', 'keeper', 'holder', 'org', 'author_id', 'belongs_to'];

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(...operationKinds),
  guard: fc.constantFrom(...guards),
  layer: fc.constantFrom('view', ...layers),
  answer: fc.constantFrom(...answers),
  refusal: fc.constantFrom(404, 404, 403),
  isIdInBody: fc.constantFrom(false, false, true),
  form: fc.nat(100_000),
});

const resource: fc.Arbitrary<Resource> = fc.record({
  noun: fc.constantFrom(...nouns),
  owner: fc.constantFrom(...owners),
  sharing: fc.constantFrom('owned', 'owned', 'owned', 'team', 'open'),
  title: fc.constantFrom('title', 'name', 'label', 'subject'),
  text: fc.constantFrom('text', 'body', 'note'),
  child: fc.constantFrom(null, ...children),
  parameter: fc.constantFrom('noun-id', 'noun-id', 'id', 'key', 'noun'),
  operations: fc.uniqueArray(operation, { minLength: 3, maxLength: 9, selector: ({ kind }) => kind }),
});

const style: fc.Arbitrary<Style> = fc.record({
  modules: fc.constantFrom(1, 2, 3, 4),
  isPackage: fc.boolean(),
  hints: fc.boolean(),
  docstrings: fc.boolean(),
  logging: fc.boolean(),
  tries: fc.boolean(),
  aliases: fc.constantFrom(false, false, true),
  base: fc.constantFrom('', '/api', '/v2'),
});

const design: fc.Arbitrary<Design> = fc
  .record({
    framework: fc.constantFrom(...frameworks),
    store: fc.constantFrom(...stores),
    identity: fc.constantFrom(...identities),
    resources: fc.array(resource, { minLength: 1, maxLength: 3 }),
    style,
    form: fc.nat(100_000),
    plants: fc.constant([]),
  })
  .map(settled);

/** Designs: a third with nothing planted, the others with one to three weaknesses where there is room for them. */
export const designs: fc.Arbitrary<Design> = fc.noBias(
  fc
    .tuple(
      design,
      fc.oneof(
        { weight: 1, arbitrary: fc.constant<number[]>([]) },
        { weight: 2, arbitrary: fc.array(fc.nat(9_999), { minLength: 1, maxLength: 3 }) },
      ),
    )
    .map(([whole, picks]) => ({ ...whole, plants: chosen(possiblePlants(whole), picks) })),
);

/** The design of a number: the same for ever, as long as the arbitraries stay as they are. */
export function designOf(seed: number): Design {
  const [found] = fc.sample(designs, { seed, numRuns: 1 });
  if (!found) throw new Error('fast-check gave no sample');
  return found;
}

/** One weakness per operation, and one of the identity. */
function chosen(possible: readonly (readonly Plant[])[], picks: readonly number[]): Plant[] {
  const plants: Plant[] = [];
  for (const pick of picks) {
    // First the kind, then the place: else what fits everywhere would be planted nearly always.
    const kind = possible[pick % Math.max(1, possible.length)] ?? [];
    const plant = kind[Math.floor(pick / 100) % Math.max(1, kind.length)];
    if (plant && plants.every((other) => other.resource !== plant.resource || other.operation !== plant.operation)) plants.push(plant);
  }
  // Where everybody may say who they are, nothing else can be told.
  const presence = plants.find(({ kind }) => kind === 'presence');
  return presence ? [presence] : plants;
}

/** Takes back what does not go together. */
function settled(raw: Design): Design {
  const taken = new Set<string>();
  const isOfFunctions = ['plain', 'shortcut', 'rules', 'blueprint', 'nested'].includes(raw.framework);
  const resources = raw.resources.map((each): Resource => {
    const noun = [each.noun, ...nouns].find((candidate) => !taken.has(candidate)) ?? each.noun;
    taken.add(noun);
    const child =
      each.sharing === 'open'
        ? null
        : ([each.child, ...children].find((name) => each.child !== null && name !== null && !taken.has(name)) ?? null);
    if (child !== null) taken.add(child);
    const operations = each.operations
      .filter(({ kind }) => child !== null || !kind.startsWith('child'))
      .filter(({ kind }) => each.sharing !== 'open' || kind === 'read' || kind === 'list')
      .filter(({ kind }) => each.sharing !== 'team' || kind !== 'of-user')
      .map((one) => ({
        ...one,
        guard:
          one.guard === 'decorator' && (!isOfFunctions || (one.kind === 'action' && one.isIdInBody)) ? ('compare' as const) : one.guard,
      }));
    return { ...each, noun, child, operations };
  });
  const isSplit = raw.style.modules > 1;
  return { ...raw, resources, style: { ...raw.style, isPackage: raw.style.isPackage && isSplit && raw.framework !== 'connexion' } };
}
