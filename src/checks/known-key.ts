import type { World } from '../model/world.ts';
import type { Forgeries, Forgery } from './forged-token.ts';
import { signedBy, type Forging } from './jwt.ts';
import type { LentJwt } from './token-kinds.ts';

/** The key by which a token was signed, where it could be found out. */
export function keyOf({ keys }: World, { identity }: LentJwt): string | undefined {
  return keys?.secretOf(identity);
}

/** One forgery of tokens whose key is known: other claims, signed as they should be. None for other tokens. */
export function signedWithKnownKey(
  world: World,
  label: string,
  claims: NonNullable<Forging['claims']>,
  more: Pick<Forgery, 'keepsName'> = {},
): Forgeries {
  return (lent) => {
    const key = keyOf(world, lent);
    if (key === undefined) return [];
    const by = (sign: string): Forging => ({ claims, sign: signedBy(sign) });
    return [{ label, forging: by(key), control: by(`${key}, and not quite`), ...more }];
  };
}

/** Enough to know the key again, and not enough to use it. */
export function hinted(key: string): string {
  if (key === '') return 'an empty text';
  return key.length < 4 ? `${key.length} characters` : `${key.length} characters, the first "${key.charAt(0)}"`;
}
