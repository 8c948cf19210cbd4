import type { Request } from '../../src/model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Reply } from '../../src/model/example.ts';
import type { Blueprint } from './blueprint.ts';
import { mint } from './identifiers.ts';

export interface Account {
  readonly id: string | number;
  readonly username: string;
  readonly email: string;
  password: string;
  readonly tenant: string;
  readonly role: 'user' | 'admin';
  decided: Json;
  bio: string;
  /** The opaque token or API key that was given to it. */
  readonly token: string;
}

export interface Item {
  readonly id: string | number;
  readonly owner: Account;
  readonly parent: string | null;
  readonly fields: Record<string, Json>;
  /** It is in no list any more. */
  isDeleted?: true;
}

/** Everything that an instance remembers. */
export interface State {
  readonly blueprint: Blueprint;
  readonly accounts: Account[];
  /** By resource. */
  readonly items: Item[][];
  /** Counts answers and things made, so that no two are alike. */
  next: () => number;
}

/** A request as a route sees it. */
export interface Visit {
  readonly state: State;
  readonly request: Request;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly caller: Account | undefined;
}

/** One operation of an invented API: what it does and how it is described. */
export interface Route {
  /** `0.read`, `account.me`: what plants and the answer key call it. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** It turns away callers without a credential. */
  readonly secured: boolean;
  readonly summary: string;
  readonly tag: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' | 'header' | 'cookie'; readonly type: string }[];
  readonly body?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly form?: boolean;
  /** It is served, and no description has it. */
  readonly hidden?: true;
  /** Schema of the answer. */
  readonly returns?: Json;
  readonly handle: (visit: Visit) => Reply;
}

const cast = ['alice', 'bob', 'carol', 'root'] as const;

/** Those to whom the scanner is lent a credential. */
export function lentNames({ accounts, tenants, root }: Blueprint): string[] {
  if (accounts.from === 'sign-up') return [];
  return cast.filter((name) => (name === 'carol' ? tenants : name === 'root' ? root : true));
}

/** The inhabitants of a fresh instance, each with two objects of each resource. */
export function freshState(blueprint: Blueprint): State {
  let count = 0;
  const next = (): number => ++count;
  const state: State = { blueprint, accounts: [], items: blueprint.resources.map(() => []), next };
  for (const name of [...lentNames(blueprint), 'dora', 'emil'])
    addAccount(
      state,
      { username: `${name}${next()}`, email: `${name}.${next()}@people.test`, password: `Pw-${name}-${next() * 7_919}` },
      name,
    );
  blueprint.resources.forEach((resource, index) => {
    for (const owner of state.accounts) {
      for (const turn of [1, 2]) {
        const parent = resource.parent === null ? undefined : state.items[resource.parent]?.find((item) => item.owner === owner);
        const words = `${resource.noun} ${turn} of ${owner.username} ${(next() * 7_919).toString(36)}`;
        addItem(state, index, owner, parent ? String(parent.id) : null, { [resource.title]: words, [resource.text]: `about ${words}` });
      }
    }
  });
  return state;
}

export function addAccount(state: State, given: { username: string; email: string; password: string }, name?: string): Account {
  const { accounts: plan } = state.blueprint;
  const count = state.next();
  const account: Account = {
    ...given,
    id: plan.key === 'uuid4' ? mint('uuid4', 'account', count, '') : count + 100,
    tenant: name === undefined ? given.username : name === 'bob' ? 'south' : 'north',
    role: name === 'root' ? 'admin' : 'user',
    decided: name === 'root' && plan.decided.value === 'user' ? 'admin' : plan.decided.value,
    bio: `lives in ${(count * 104_729).toString(36)} street`,
    token: `${mint('uuid4', 'token', count, '')}${mint('ulid', 'token', count, '')}`,
  };
  state.accounts.push(account);
  return account;
}

export function addItem(state: State, index: number, owner: Account, parent: string | null, fields: Record<string, Json>): Item {
  const resource = state.blueprint.resources[index];
  if (!resource) throw new Error(`there is no resource ${index}`);
  const all = state.items[index] ?? [];
  const title = String(fields[resource.title] ?? '');
  const wanted = mint(resource.id, resource.noun, all.length, title);
  const id = all.some((item) => item.id === wanted) ? `${wanted}-${state.next()}` : wanted;
  const flags = {
    ...(resource.decided ? { [resource.decided.name]: resource.decided.value } : {}),
    ...(resource.flag ? { pinned: false } : {}),
    ...(resource.action ? { state: 'open' } : {}),
  };
  const item = { id, owner, parent, fields: { ...flags, ...fields } };
  all.push(item);
  return item;
}

/** The body of a request as fields, JSON or form. */
export function bodyFields(request: Request): JsonObject {
  const json = parseJson(request.body ?? '');
  if (isObject(json)) return json;
  return request.body !== undefined && request.body.includes('=') ? Object.fromEntries(new URLSearchParams(request.body)) : {};
}
