import { isTenantHeader, isTenantNoun } from '../../model/credential-place.ts';
import type { Identity, Session } from '../../model/identity.ts';
import { wordsOf } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import type { ApiObject } from '../../model/world.ts';
import type { Shapes } from './address.ts';
import { isReading } from './reading.ts';
import { isRequiredSlot } from './slots.ts';

/** The header by which a credential says in which tenant it acts, by identity. */
export type TenantHeaders = ReadonlyMap<string, { readonly header: string; readonly value: string }>;

export async function tenantHeadersOf(identities: readonly Identity[], sessions: ReadonlyMap<string, Session>): Promise<TenantHeaders> {
  const found = new Map<string, { header: string; value: string }>();
  for (const { name } of identities) {
    const credential = await sessions.get(name)?.credential();
    const [header, value] = credential && 'headers' in credential ? (credential.headers.find(([key]) => isTenantHeader(key)) ?? []) : [];
    if (header !== undefined && value !== undefined) found.set(name, { header, value });
  }
  return found;
}

/** What goes with the credentials is a parameter of every operation that reads, whether it is described or not. */
export function withTenantHeader(operations: readonly Operation[], headers: TenantHeaders): readonly Operation[] {
  const [first] = headers.values();
  if (!first) return operations;
  const parameter = { name: first.header, in: 'header', required: false, examples: [] } as const;
  return operations.map((operation) => {
    const isKnown = operation.parameters.some(({ in: place, name }) => place === 'header' && isTenantHeader(name));
    return isKnown || !isReading(operation) ? operation : { ...operation, parameters: [...operation.parameters, parameter] };
  });
}

const tenantKey = /^(?:id|uuid|key|slug|name)$/;

/**
 * The tenants in which the identities act, as objects of theirs: by the header that goes with the credential, by what their account
 * says (`tenant_id`), else by what was declared. One in which several act is nobody's, unless it was declared to be theirs.
 */
export function tenantsOf(identities: readonly Identity[], accounts: readonly ApiObject[], headers: TenantHeaders): ApiObject[] {
  const values = identities.flatMap((identity) => {
    const account = accounts.find((object) => object.owner === identity.name);
    const value = headers.get(identity.name)?.value ?? (account && tenantIn(account)) ?? identity.tenant;
    return value === undefined ? [] : [{ identity, value }];
  });
  const found = new Map<string, ApiObject>();
  for (const { identity, value } of values) {
    const isShared = values.some((other) => other.identity !== identity && other.value === value && other.identity.tenant === undefined);
    const owner = isShared ? null : identity.name;
    const id = owner === null ? `tenant ${value}` : `tenant ${value} of ${owner}`;
    found.set(id, { id, type: 'tenant', owner, keys: { id: value }, markers: [], learned: 'seen' });
  }
  return [...found.values()];
}

function tenantIn({ keys }: ApiObject): string | undefined {
  const found = Object.entries(keys).filter(([name]) => {
    const [first = '', second = 'name', ...more] = wordsOf(name);
    return more.length === 0 && isTenantNoun(first) && tenantKey.test(second);
  });
  return (found.find(([name]) => /id$/i.test(name)) ?? found[0])?.[1];
}

/** True for an operation that must be told a tenant beside its path. */
export function asksForTenant(operation: Operation, shapeFor: Shapes): boolean {
  return shapeFor(operation).beside.some((slot) => isTenantNoun(slot.noun) && isRequiredSlot(operation, slot));
}
