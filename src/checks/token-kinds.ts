import { isDenied, isServed } from '../model/answer.ts';
import type { OperationSubject } from '../model/check.ts';
import { jsonOf } from '../model/http.ts';
import type { LentCredential, World } from '../model/world.ts';
import type { Guarded } from './credential-probes.ts';

/** Requests that a forged token is tried on: a token that is accepted is one finding, so a few stand for all. */
const mostPlaces = 3;
/** Kinds of tokens that are tried: each may be verified by code of its own. */
const mostKinds = 3;

/** A lent credential that is a JWT. */
export type LentJwt = LentCredential & { readonly jwt: NonNullable<LentCredential['jwt']> };

/** A request where a token makes the difference, and whose token it is. */
export interface TokenPlace extends Guarded {
  readonly lent: LentJwt;
  /** The first place of its kind of token: where everything is tried. */
  readonly isFirst: boolean;
}

const known = new WeakMap<World, readonly TokenPlace[]>();

/**
 * The requests that forged tokens are tried on: the anonymous caller is not served there, as far as was seen, and the bearer of a
 * JWT is. Tokens of another issuer, key or algorithm have a place of their own.
 */
export function tokenPlaces(world: World): readonly TokenPlace[] {
  const places = known.get(world) ?? kindsOf(world).flatMap((lent, index) => placesOf(world, lent, index === 0 ? mostPlaces : 1));
  known.set(world, places);
  return places;
}

/** The bearers of JWTs, one for each way in which they may be verified. */
function kindsOf({ lent = [] }: World): LentJwt[] {
  const kinds = new Map<string, LentJwt>();
  for (const each of lent) {
    const kind = kindBy(each);
    if (each.jwt && !kinds.has(kind)) kinds.set(kind, { ...each, jwt: each.jwt });
  }
  return [...kinds.values()].slice(0, mostKinds);
}

function kindBy({ jwt, cookies }: LentCredential): string {
  return jwt ? JSON.stringify([jwt.header['alg'], jwt.header['kid'], jwt.claims['iss']]) : cookies.join(' ');
}

/** What the credential of an identity is like: those of the same kind are verified alike. */
export function kindOf({ lent }: World, identity: string): string {
  const found = lent?.find((each) => each.identity === identity);
  return found ? kindBy(found) : '';
}

function placesOf(world: World, lent: LentJwt, most: number): TokenPlace[] {
  const open = new Set(
    world.looks.filter((look) => look.as === null && !look.baseline.answers.every(isDenied)).map((look) => look.operation.id),
  );
  const places = new Map<string, Guarded>();
  for (const item of [...world.looks, ...world.accesses]) {
    const { operation, baseline } = item;
    const as = 'object' in item ? item.object.owner : item.as;
    if (operation.method !== 'GET' || as !== lent.identity || !baseline?.answers.every(isServed) || open.has(operation.id)) continue;
    if (!places.has(operation.id)) places.set(operation.id, { as, call: baseline.call, baseline });
  }
  // An answer with content tells more than an empty one.
  const told = [...places.values()].sort((one, other) => Number(isEmpty(one)) - Number(isEmpty(other)));
  return told.slice(0, most).map((place, index) => ({ ...place, lent, isFirst: index === 0 }));
}

function isEmpty({ baseline }: Guarded): boolean {
  const [answer] = baseline.answers;
  if (answer?.kind !== 'exchange') return true;
  const json = jsonOf(answer.response);
  return answer.response.body.trim() === '' || (Array.isArray(json) && json.length === 0);
}

/** The JWT of the first kind; `undefined` away from the first operation that it is tried on: it is one subject for all. */
export function jwtHere({ world, operation }: OperationSubject): LentJwt | undefined {
  const [place] = tokenPlaces(world);
  return place?.call.operation === operation.id ? place.lent : undefined;
}

/** The JWTs of all kinds, at the operation where the first of them is tried. */
export function jwtsHere(subject: OperationSubject): readonly LentJwt[] {
  return jwtHere(subject) ? tokenPlaces(subject.world).flatMap(({ isFirst, lent }) => (isFirst ? lent : [])) : [];
}
