/** The text that base64 or base64url stands for; `undefined` when it is not that, or not of printable ASCII. */
export function fromBase64(encoded: string): string | undefined {
  if (encoded.length < 4 || encoded.length > 400 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) return undefined;
  if (encoded.replace(/=+$/, '').length % 4 === 1) return undefined;
  const text = decoded(encoded);
  return text !== undefined && text !== '' && /^[\x20-\x7e]+$/.test(text) && toBase64(text, encoded) === encoded ? text : undefined;
}

function decoded(encoded: string): string | undefined {
  try {
    return atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

/** Text of ASCII in base64, in the spelling of another: with its alphabet, and padded where that is. */
export function toBase64(text: string, like: string): string {
  const padded = btoa(text);
  const isPadded = like.endsWith('=') || (like.length % 4 === 0 && !/[-_]/.test(like));
  const spelled = isPadded ? padded : padded.replace(/=+$/, '');
  return /[-_]/.test(like) ? spelled.replaceAll('+', '-').replaceAll('/', '_') : spelled;
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The number that base62 digits stand for. */
export function fromBase62(digits: string): bigint {
  return [...digits].reduce((sum, digit) => sum * 62n + BigInt(Math.max(0, base62.indexOf(digit))), 0n);
}
