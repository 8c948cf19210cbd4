import { jsonOf, type Answer } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { leaves } from '../model/json.ts';
import { wordsOf } from '../model/names.ts';
import type { Surface } from '../model/operation.ts';
import type { Report } from '../model/report.ts';
import { frameworks, stores, type Auth, type Stack } from '../model/stack.ts';
import { signsOf, surfaceSigns, type Sign } from './stack-signs.ts';

/** What is known of the target's stack, as the report says it. */
export type SeenStack = NonNullable<Report['target']['stack']>;

/** As many ids as settle it; more are not kept. */
const enoughIds = 3;

/** Gathers, answer by answer, what a scan sees of the stack behind the target. */
export class StackWatch {
  readonly #signs = new Map<string, Sign>();
  readonly #objectIds = new Set<string>();
  #hasOtherHex = false;

  see(answer: Answer): void {
    for (const sign of signsOf(answer)) this.#signs.set(sign.what, sign);
    if (this.#hasOtherHex || answer.kind === 'silence' || answer.response.status >= 400) return;
    for (const id of hexIdsOf(answer)) {
      if (isObjectId(id, answer.startedAt)) {
        if (this.#objectIds.size < enoughIds) this.#objectIds.add(id);
        continue;
      }
      // What only comes back from the request was made up by us.
      const { path, body = '' } = answer.request;
      if (!path.includes(id) && !body.includes(id)) this.#hasOtherHex = true;
    }
  }

  /** What was seen so far, told parts first; `read` is what other material says. `undefined` when nothing is known. */
  stack(
    surface: Pick<Surface, 'operations'>,
    credentials: readonly Credential[],
    told?: Stack,
    read: readonly Sign[] = [],
  ): SeenStack | undefined {
    const ids: Sign[] =
      this.#objectIds.size >= enoughIds && !this.#hasOtherHex ? [{ of: 'mongodb', what: 'ids that are ObjectIds', weight: 2 }] : [];
    return stackFrom([...this.#signs.values(), ...ids, ...surfaceSigns(surface), ...read], authOf(credentials), told);
  }
}

/** The 24 hex digits in properties that are called an id. */
function hexIdsOf(answer: Extract<Answer, { kind: 'exchange' }>): string[] {
  const json = jsonOf(answer.response);
  if (json === undefined || !/"[0-9a-f]{24}"/.test(answer.response.body)) return [];
  return leaves(json, 5000).flatMap(({ name, value }) =>
    wordsOf(name).at(-1) === 'id' && typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? value : [],
  );
}

/** An ObjectId begins with the second in which it was made: after MongoDB's first release, and not tomorrow. */
function isObjectId(id: string, now: number): boolean {
  const seconds = Number.parseInt(id.slice(0, 8), 16);
  return seconds > 1_230_000_000 && seconds < now / 1000 + 86_400;
}

/** The way of authentication that all credentials share; `undefined` when there is none or they differ. */
export function authOf(credentials: readonly Credential[]): Auth | undefined {
  const kinds = new Set(
    credentials.map(({ headers, cookies, query }): Auth | undefined => {
      const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
      if (authorization !== undefined)
        return /^bearer /i.test(authorization) ? 'bearer' : /^basic /i.test(authorization) ? 'basic' : 'api-key';
      if (headers.length + query.length > 0 && cookies.length === 0) return 'api-key';
      return cookies.length > 0 && headers.length + query.length === 0 ? 'session' : undefined;
    }),
  );
  const [kind] = kinds;
  return kinds.size === 1 ? kind : undefined;
}

/**
 * The stack, part by part: as it was told, else as the signs agree. A part for which too little speaks, or for which signs speak
 * of two, stays unknown. `undefined` when nothing is known.
 */
export function stackFrom(signs: readonly Sign[], auth: Auth | undefined, told: Stack = {}): SeenStack | undefined {
  const framework = part(told.framework, 'framework', decided(signs, frameworks));
  const store = part(told.store, 'store', decided(signs, stores));
  const way = part(told.auth, 'auth', { value: auth, why: ['the credentials in use'] });
  const seenIn = [...framework.seenIn, ...store.seenIn, ...way.seenIn];
  return seenIn.length === 0 ? undefined : { ...framework.known, ...store.known, ...way.known, seenIn };
}

interface Decided<T> {
  readonly value: T | undefined;
  readonly why: readonly string[];
}

function part<K extends keyof Stack>(
  told: Stack[K],
  name: K,
  { value, why }: Decided<NonNullable<Stack[K]>>,
): { known: { [P in K]?: NonNullable<Stack[K]> }; seenIn: string[] } {
  const known = told ?? value;
  if (known === undefined) return { known: {}, seenIn: [] };
  const entry: { [P in K]?: NonNullable<Stack[K]> } = {};
  entry[name] = known;
  return { known: entry, seenIn: told === undefined ? why.map((reason) => `${known}: ${reason}`) : [`${known}: as told`] };
}

function decided<T extends string>(signs: readonly Sign[], known: readonly T[]): Decided<T> {
  const found = known.flatMap((value) => {
    const own = signs.filter((sign) => sign.of === value);
    return own.reduce((sum, { weight }) => sum + weight, 0) >= 2 ? [{ value, why: own.map(({ what }) => what).toSorted() }] : [];
  });
  const [first, second] = found;
  return first && !second ? first : { value: undefined, why: [] };
}
