import { isAccountNoun } from '../../model/names.ts';
import { buildRequest } from '../../model/build-request.ts';
import { isServed } from '../../model/answer.ts';
import type { Listener } from '../../model/events.ts';
import { valueAt } from '../../model/slot.ts';
import type { Identity, Proof, SendAs, Session } from '../../model/identity.ts';
import { isSafe, type Operation, type OperationId, type Surface } from '../../model/operation.ts';
import type { Allow } from '../../model/report.ts';
import type { Access, ApiObject, LeftOut, Look, SignUp, World } from '../../model/world.ts';
import { addressesOf, addressOf, provenName, shapes, type ProvenKeys, type Shapes } from './address.ts';
import { whyLeftOut } from './left-out.ts';
import { baselineOf, look, lookable } from './look.ts';
import { makersOf } from './make.ts';
import { completed, makeObjects } from './make-objects.ts';
import { accountOf, nestedObjects, seenObjects } from './ownership.ts';
import { isReading, showsEffect, showsSomething } from './reading.ts';
import { lookAtPeople } from './people.ts';
import { asksForTenant, tenantHeadersOf, tenantsOf, withTenantHeader } from './tenants.ts';
import { visitedObjects } from './visited.ts';

export interface ObserveInput {
  readonly surface: Surface;
  /** Only those proven usable act. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly proofs: readonly Proof[];
  readonly signUp?: SignUp;
  readonly authOperations: ReadonlySet<OperationId>;
  readonly sendAs: SendAs;
  readonly allow: Allow;
  readonly token: (salt: string) => string;
  readonly onEvent: Listener;
  /** Operations that the user excluded. */
  readonly excluded: (operation: Operation) => boolean;
}

/** Learns the world by ordinary calls: who sees what, who owns what, what is noise. Makes objects when it may write. */
export async function observe(input: ObserveInput): Promise<World> {
  const { surface, token, sendAs } = input;
  const identities = input.proofs.filter((proof) => proof.usable).flatMap((proof) => input.sessions.get(proof.identity)?.identity ?? []);
  const callers: (string | null)[] = [...identities.map((identity) => identity.name), null];
  const shapeFor = shapes(surface.operations);
  const leftOut = leaveOut(input);
  const skipped = new Set(leftOut.map((item) => item.operation));
  const may = (operation: Operation): boolean => input.allow !== 'read' || isSafe(operation) || !isReading(operation);
  const headers = await tenantHeadersOf(identities, input.sessions);
  const operations = withTenantHeader(surface.operations, headers).filter(
    (operation) => !skipped.has(operation.id) && !input.authOperations.has(operation.id) && may(operation),
  );
  const places = lookable(operations, shapeFor);
  const namedBy = slotNames(operations, shapeFor);
  let tenants: readonly ApiObject[] = [];
  const sending = { origin: surface.origin, sendAs, token, shapeFor, known: () => tenants };
  const writes = input.allow !== 'read' && identities.length > 0;
  const [inTenants, plain] = split(places, (operation) => asksForTenant(operation, shapeFor));
  let looks = await look(plain, callers, writes ? 1 : 2, sending);
  tenants = tenantsOf(identities, accounts(identities, looks), headers);
  looks = [...looks, ...(await look(inTenants, callers, writes ? 1 : 2, sending))];
  const base = (): ApiObject[] => [...accounts(identities, looks), ...tenants, ...seenObjects(looks, shapeFor, namedBy)];
  let made: ApiObject[] = [];
  let seen = base();
  const makers = writes
    ? makersOf(
        operations.filter((operation) => !isReading(operation)),
        { origin: surface.origin, operations, shapeFor, token, known: () => [...made, ...seen] },
      )
    : [];
  if (writes) {
    made = await makeObjects(makers, identities, input, (object) => (made = [...made, object]));
    looks = await look(places, callers, 2, sending);
    made = made.map((object) => completed(object, looks, shapeFor));
    seen = base();
  }
  const visited = await visitedObjects({ surface, operations, identities, looks, shapeFor, namedBy, sendAs, token });
  const outer = unique([...made, ...seen, ...visited]);
  const addressing = { ...sending, single: identities.length === 0 };
  const first = await accessesOf(operations, outer, outer, addressing);
  const nested = nestedObjects(first.accesses, shapeFor, outer);
  const objects = [...outer, ...nested];
  const second = await accessesOf(operations, nested, objects, addressing);
  const accesses = [...first.accesses, ...second.accesses];
  const proven = new Map([...first.proven, ...second.proven]);
  const unseen = operations.filter((operation) => isReading(operation) && !places.includes(operation));
  const people = await lookAtPeople(operations, looks, identities, sending);
  looks = [...looks, ...people, ...(await lookAtShared(unseen, objects, callers, sending))];
  return {
    surface,
    identities,
    sessions: input.sessions,
    proofs: input.proofs,
    objects,
    looks,
    accesses,
    makers,
    leftOut,
    authOperations: input.authOperations,
    ...(input.signUp ? { signUp: input.signUp } : {}),
    token,
    address: (operation, object) => addressOf(operation, object, objects, shapeFor, token, proven)?.values,
  };
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function leaveOut({ surface, excluded }: ObserveInput): LeftOut[] {
  return surface.operations.flatMap((operation): LeftOut[] => {
    if (excluded(operation)) return [{ operation: operation.id, why: 'it was excluded by the user', excluded: true }];
    const why = whyLeftOut(operation);
    return why === undefined ? [] : [{ operation: operation.id, why }];
  });
}

/** The parameters by which paths name each type of object. */
function slotNames(operations: readonly Operation[], shapeFor: Shapes): (type: string) => readonly string[] {
  const names = new Map<string, Set<string>>();
  for (const operation of operations) {
    for (const slot of shapeFor(operation).path) names.set(slot.noun, (names.get(slot.noun) ?? new Set()).add(slot.name));
  }
  return (type) => [...(names.get(type) ?? [])];
}

function accounts(identities: readonly Identity[], looks: readonly Look[]): ApiObject[] {
  return identities.flatMap((identity) => accountOf(identity, looks) ?? []);
}

function unique(objects: readonly ApiObject[]): ApiObject[] {
  const byId = new Map<string, ApiObject>();
  const tokens = new Set<string>();
  const accountTokens = new Set<string>();
  for (const object of objects) {
    if (byId.has(object.id)) continue;
    const carried = object.learned === 'seen' ? Object.values(object.keys) : [];
    if (carried.some((value) => tokens.has(value) || (isAccountNoun(object.type) && accountTokens.has(value)))) continue;
    for (const marker of object.markers) (object.learned === 'made' ? tokens : accountTokens).add(marker.value);
    byId.set(object.id, object);
  }
  return [...byId.values()];
}

interface AccessInput {
  readonly origin: string;
  readonly sendAs: SendAs;
  readonly token: (salt: string) => string;
  readonly shapeFor: Shapes;
  readonly single: boolean;
}

const mostKeys = 3;

/** Every operation that addresses a wanted object, with the owner's baseline where it is a GET. GETs show which key a parameter takes. */
async function accessesOf(
  operations: readonly Operation[],
  wanted: readonly ApiObject[],
  objects: readonly ApiObject[],
  input: AccessInput,
): Promise<{ accesses: Access[]; proven: ProvenKeys }> {
  const owned = wanted.filter((object) => object.owner !== null || input.single);
  const proven = new Map<string, string>();
  const doubtful = new Set<string>();
  const pairs = operations.flatMap((operation) => owned.map((object) => ({ operation, object })));
  const readings = pairs.map(async ({ operation, object }): Promise<Access[]> => {
    if (!isReading(operation)) return [];
    const access = await readAccess(operation, object, objects, input);
    const [slot] = access?.slots ?? [];
    const value = access && slot && valueAt(access.values, slot);
    if (!access || !slot || value === undefined) return access ? [access] : [];
    const name = provenName(operation, slot, object, input.shapeFor);
    if (access.baseline?.answers.every(showsSomething) === true) proven.set(name, value);
    else doubtful.add(name);
    return [access];
  });
  const read = (await Promise.all(readings)).flat();
  const written = pairs.flatMap(({ operation, object }): Access[] => {
    if (isReading(operation)) return [];
    const address = addressOf(operation, object, objects, input.shapeFor, input.token, proven);
    const [slot] = address?.slots ?? [];
    const name = slot && provenName(operation, slot, object, input.shapeFor);
    // Reading showed the object under none of its keys: which one changes it takes is seen by the effect.
    const isOpen = name !== undefined && doubtful.has(name) && !proven.has(name);
    const all = isOpen ? addressesOf(operation, object, objects, input.shapeFor, input.token).slice(0, mostKeys) : [];
    return (isOpen ? all : address ? [address] : []).map((one) => ({ operation, object, ...one }));
  });
  return { accesses: [...read, ...written], proven };
}

/** The first of the likely keys under which the owner is shown something; else under which there is an answer. */
async function readAccess(
  operation: Operation,
  object: ApiObject,
  objects: readonly ApiObject[],
  input: AccessInput,
): Promise<Access | undefined> {
  let hollow: Access | undefined;
  let refused: Access | undefined;
  for (const address of addressesOf(operation, object, objects, input.shapeFor, input.token).slice(0, mostKeys)) {
    const call = { as: object.owner, operation: operation.id, request: buildRequest(input.origin, operation, address.values) };
    const baseline = await baselineOf(call, input.sendAs);
    if (baseline.answers.some((answer) => showsEffect(answer, operation.method))) return undefined;
    const access = { operation, object, ...address, baseline };
    if (baseline.answers.every(showsSomething)) return access;
    if (baseline.answers.every(isServed)) hollow ??= access;
    refused ??= access;
  }
  return hollow ?? refused;
}

/** What callers see of an object that is nobody's, at operations that address no object of anybody: one object tells of all. */
async function lookAtShared(
  operations: readonly Operation[],
  objects: readonly ApiObject[],
  callers: readonly (string | null)[],
  input: { origin: string; sendAs: SendAs; token: (salt: string) => string; shapeFor: Shapes },
): Promise<Look[]> {
  const tasks: Promise<Look>[] = [];
  for (const operation of operations) {
    const addressed = objects.flatMap((object) => {
      const address = addressOf(operation, object, objects, input.shapeFor, input.token);
      return address ? [{ object, address }] : [];
    });
    const [shared] = addressed;
    if (!shared || addressed.some(({ object }) => object.owner !== null)) continue;
    const request = buildRequest(input.origin, operation, shared.address.values);
    for (const as of callers) {
      const call = { as, operation: operation.id, request };
      tasks.push(baselineOf(call, input.sendAs, as === null ? 1 : 2).then((baseline) => ({ operation, as, baseline })));
    }
  }
  return Promise.all(tasks);
}
