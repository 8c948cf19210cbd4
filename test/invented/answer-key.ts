import type { Blueprint, Plant, PlantKind } from './blueprint.ts';
import { isTold } from './office.ts';
import { routesOf } from './serve.ts';

/** A finding that must be made: the check at one of the operations (`METHOD /path/{}`). */
export interface Expected {
  readonly plant: Plant;
  readonly check: string;
  readonly operations: readonly string[];
  /** Why the engine is not asked for it; `undefined` when it is. */
  readonly unclaimed: string | undefined;
}

export interface AnswerKey {
  readonly expected: readonly Expected[];
  /** `check operation` of what may be reported besides, as an honest consequence of what was planted. */
  readonly tolerated: ReadonlySet<string>;
}

const checkOf: Readonly<Record<PlantKind, string>> = {
  'foreign-read': 'foreign-object-read',
  'foreign-change': 'foreign-object-change',
  'foreign-delete': 'foreign-object-delete',
  'foreign-list': 'foreign-collection-read',
  anonymous: 'anonymous-access',
  assignment: 'property-assignment',
  sensitive: 'sensitive-property-returned',
  unsigned: 'unsigned-token-accepted',
  'any-credential': 'any-credential-accepted',
  privileged: 'privileged-operation-open',
  existence: 'object-existence-revealed',
  'own-parent': 'foreign-object-read',
  'foreign-action': 'foreign-object-action',
  'foreign-child': 'foreign-parent-addition',
  bulk: 'foreign-collection-read',
  'bulk-first': 'foreign-collection-read',
  'identity-body': 'identity-from-body-trusted',
  'tenant-switch': 'tenant-switch-accepted',
  undeleted: 'deleted-object-served',
  boundary: 'role-boundary-crossed',
  'list-leak': 'foreign-object-listed',
  verb: 'verb-refusal-bypassed',
  'anonymous-change': 'anonymous-change',
  undescribed: 'undescribed-change-served',
};

/** The checks whose weaknesses can be planted. What other checks report of an invented API may be true of it, so it is not judged. */
export const judgedChecks: readonly string[] = [
  ...new Set(Object.values(checkOf)),
  'permission-violated',
  'refusal-lifted-for-anonymous',
  'undescribed-method-served',
];

/** An operation as findings and plants are compared: without the names of its parameters. */
export function nameless(method: string, path: string): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
}

/** What finds it: where it is told who may do what, a violation of that. */
function checkFor(blueprint: Blueprint, { kind, route }: Plant): string {
  if (isTold(blueprint) && (kind === 'privileged' || kind === 'boundary')) return 'permission-violated';
  if (kind === 'own-parent' && route.endsWith('.update')) return 'foreign-object-change';
  if (kind === 'own-parent' && route.endsWith('.delete')) return 'foreign-object-delete';
  return checkOf[kind];
}

/** What a scan of the API must and may report, known by construction. */
export function answerKey(blueprint: Blueprint): AnswerKey {
  const routes = routesOf(blueprint);
  const operation = (name: string): string[] =>
    routes.filter((route) => route.name === name).map(({ method, path }) => nameless(method, path));
  const guarded = routes.filter(({ method, secured }) => method === 'GET' && secured).map(({ method, path }) => nameless(method, path));
  // A method that is not described is told of at one that is.
  const beside = ({ route }: Plant): string[] => {
    const path = routes.find(({ name }) => name === route)?.path;
    return routes.filter((other) => other.path === path).map(({ method }) => nameless(method, path ?? ''));
  };
  const expected = blueprint.plants.map((plant): Expected => ({
    plant,
    check: checkFor(blueprint, plant),
    operations:
      plant.route === '*'
        ? guarded
        : plant.kind === 'undescribed'
          ? beside(plant)
          : operation(plant.kind === 'undeleted' ? plant.route.replace('delete', 'read') : plant.route),
    unclaimed: whyUnclaimed(blueprint, plant),
  }));
  const tolerated = new Set<string>();
  for (const { plant, check, operations } of expected) {
    for (const at of operations) {
      tolerated.add(`${check} ${at}`);
      // Whoever serves the anonymous caller serves a stranger, and takes any credential.
      if (plant.kind === 'anonymous') for (const also of ['foreign-object-read', 'foreign-collection-read']) tolerated.add(`${also} ${at}`);
      // What takes any credential takes one that nobody signed.
      if (plant.kind === 'any-credential') tolerated.add(`unsigned-token-accepted ${at}`);
      if (plant.kind === 'anonymous') tolerated.add(`refusal-lifted-for-anonymous ${at}`);
      // A secret in an answer for everybody is one for the anonymous caller and for strangers.
      if (plant.kind === 'sensitive') for (const also of ['anonymous-access', 'foreign-object-read']) tolerated.add(`${also} ${at}`);
      if (plant.kind === 'foreign-list' || plant.kind.startsWith('bulk')) tolerated.add(`foreign-object-read ${at}`);
    }
  }
  // Described as needing a log-in, and open: that is what the description says, whoever is mistaken.
  if (blueprint.description === 'unsure')
    for (const { method, path, secured } of routes) if (!secured) tolerated.add(`anonymous-access ${nameless(method, path)}`);
  return { expected, tolerated };
}

function whyUnclaimed(blueprint: Blueprint, { kind, route }: Plant): string | undefined {
  const { accounts, description } = blueprint;
  const resource = blueprint.resources[Number(route.split('.')[0])];
  const writes =
    /^(?:foreign-(?:change|delete|action|child)|assignment|undeleted|identity-body|undescribed)$/.test(kind) ||
    /\.(?:update|delete|publish|remove)$/.test(route);
  const byPost =
    (/body|form/.test(resource?.place ?? '') && route.endsWith('.read')) || (resource?.bulk === 'body' && route.endsWith('.bulk'));
  if (byPost && accounts.from === 'lent-read') return 'a POST is not sent without consent';
  if (kind === 'any-credential' && route !== '*' && blueprint.plants.some((plant) => plant.kind === kind && plant.route === '*'))
    return 'it is said once for all operations';
  if (blueprint.traps.includes('busy')) return 'the target was busy';
  if (blueprint.traps.includes('contacts') && accounts.directory && route === 'account.read' && kind === 'foreign-read')
    return 'nothing of it is private by name';
  if (resource && resource.parent !== null && blueprint.plants.some((plant) => plant.route === `${resource.parent}.list`))
    return 'a weakness of the list above hides whose it is';
  if (description === 'absent' && !/40[13]/.test(blueprint.style.turning)) return 'a crawl takes no such refusal for an operation';
  if (
    description === 'absent' &&
    ((resource && resource.place !== 'path') || kind.startsWith('bulk') || (resource?.ofOwner === 'query' && kind === 'foreign-list'))
  )
    return 'a crawl does not see where the id goes';
  if (description === 'absent' && writes) return 'without a description nothing can be made';
  if (description === 'absent' && kind === 'privileged' && blueprint.admin !== 'path') return 'nothing says that it is privileged';
  const reason = whyOfRoles(blueprint, { kind, route });
  if (reason !== undefined) return reason;
  if ((kind === 'anonymous' || kind === 'anonymous-change') && (description === 'incomplete' || description === 'absent'))
    return 'no description says that a log-in is needed';
  if (route === 'account.password' && (accounts.from !== 'sign-up' || blueprint.authentication === 'basic'))
    return 'no log-in shows which password is in force';
  if (route === 'account.read' && kind === 'foreign-read' && (accounts.fields === 'username' || accounts.key === 'email'))
    return 'nothing of it is private by name';
  if (route.startsWith('account.') && writes && accounts.from !== 'sign-up') return 'a lent account is not changed';
  if (
    resource?.sharing === 'listed' &&
    kind === 'foreign-read' &&
    (accounts.from === 'lent-read' || resource.operations === 'read-only' || description === 'absent')
  )
    return 'whose it is could only be told by making one';
  if (resource?.sharing === 'listed' && kind === 'foreign-read' && !/note|secret/.test(resource.text))
    return 'nothing of it is private by name';
  return undefined;
}

function whyOfRoles(
  { style, traps, resources, accounts, description, tenantHeader }: Blueprint,
  { kind, route }: Plant,
): string | undefined {
  const resource = resources[Number(route.split('.')[0])];
  const isReadAlone = accounts.from === 'lent-read' || resource?.operations === 'read-only';
  if (kind === 'list-leak' && isReadAlone && (tenantHeader || resource?.ofOwner === 'path'))
    return 'whose it is could only be told by making one';
  if (kind === 'list-leak' && traps.includes('ignored-id')) return 'whoever asks for what is not his own is given something else';
  if (
    kind === 'list-leak' &&
    (accounts.from === 'lent-read' || resource?.operations === 'read-only') &&
    !/note|secret/.test(resource?.text ?? '')
  )
    return 'nothing of it is private by name';
  if (kind === 'verb' && (style.refusal === '204' || style.refusal === '422' || traps.includes('queued') || traps.includes('echo')))
    return 'the refusal says nothing of who asks';
  if (kind === 'boundary' && description === 'absent') return 'a crawl tells less';
  return undefined;
}
