import { isTenantHeader } from '../model/credential-place.ts';
import type { ObjectSubject } from '../model/check.ts';
import { atPointer, withPointer } from '../model/json.ts';
import { isSameSlot, valueAt, withValue, type Slot } from '../model/slot.ts';
import type { Access, ApiObject, ParameterValues } from '../model/world.ts';
import { namesOf, sees } from './support.ts';

/** Another way in which a stranger may ask for the object than with the owner's own request. */
export interface Attempt {
  /** Words for a proof: `under a project of one's own`. */
  readonly how: string;
  readonly values: ParameterValues;
}

/**
 * The foreign object under a parent of the stranger's own, and the foreign id in a list beside one of the stranger's own: a target may
 * check the parent, or the first of several, and nothing else. `undefined` where the stranger has nothing of the kind.
 */
export function attemptsOf(subject: ObjectSubject): { readonly ownParent?: Attempt; readonly beside?: Attempt } {
  const own = ownAccess(subject);
  if (!own) return {};
  const ownParent = underOwnParent(subject, own);
  const beside = besideOwn(subject, own);
  return { ...(ownParent ? { ownParent } : {}), ...(beside ? { beside } : {}) };
}

/** How the stranger addresses an object of his own of the same type at the same operation, or one that he shares with others. */
function ownAccess({ world, operation, access, stranger }: ObjectSubject): Pick<Access, 'values'> | undefined {
  const { type } = access.object;
  const own = world.accesses.find(
    (candidate) => candidate.operation.id === operation.id && candidate.object.owner === stranger && candidate.object.type === type,
  );
  if (own) return own;
  const isShown = (object: ApiObject): boolean => namesOf(object).some((name) => name.length >= 4 && sees(world, stranger, name));
  const shared = world.objects.find((object) => object.type === type && object.owner === null && isShown(object));
  const values = shared && world.address(operation, shared);
  return values && { values };
}

function underOwnParent({ access }: ObjectSubject, own: Pick<Access, 'values'>): Attempt | undefined {
  const parents = parentsOf(access);
  const swapped = parents.filter((slot) => valueAt(own.values, slot) !== valueAt(access.values, slot));
  if (swapped.length === 0) return undefined;
  const values = swapped.reduce((changed, slot) => withValue(changed, slot, valueAt(own.values, slot) ?? ''), access.values);
  return { how: "under a parent of the stranger's own", values };
}

/** The values with the parents that others name, and the object itself as before. */
export function withParents(values: ParameterValues, access: Access, others: ParameterValues): ParameterValues {
  return parentsOf(access).reduce((changed, slot) => withValue(changed, slot, valueAt(others, slot) ?? ''), values);
}

function parentsOf({ values, slots }: Access): Slot[] {
  const inPath = Object.keys(values.path ?? {}).map((name): Slot => ({ in: 'path', name }));
  const tenant = Object.keys(values.header ?? {}).filter(isTenantHeader);
  return [...inPath, ...tenant.map((name): Slot => ({ in: 'header', name }))].filter(
    (slot) => !slots.some((each) => isSameSlot(each, slot)),
  );
}

function besideOwn({ access }: ObjectSubject, own: Pick<Access, 'values'>): Attempt | undefined {
  const [slot] = access.slots;
  const how = "in a list beside one of the stranger's own";
  if (slot?.in === 'query' && isListName(slot.name)) {
    const both = [own, access].map(({ values }) => valueAt(values, slot));
    return both.includes(undefined) ? undefined : { how, values: withValue(own.values, slot, both.join(',')) };
  }
  if (slot?.in !== 'body' || !slot.name.endsWith('/0')) return undefined;
  const [first, second] = [own, access].map(({ values }) => atPointer(values.body ?? null, slot.name));
  if (first === undefined || second === undefined || first === second) return undefined;
  return { how, values: { ...own.values, body: withPointer(own.values.body ?? {}, slot.name.slice(0, -2), [first, second]) } };
}

function isListName(name: string): boolean {
  return /(?:id|uuid|guid|key|slug)s$/i.test(name);
}
