/** The hashes of JWT's HMACs, and SHA-1 for older signatures. Strings are of bytes: one character, one byte. Checked against Node's own in the tests. */
type Hash = (text: string) => string;

const bytesOf = (value: bigint, length: number): string =>
  Array.from({ length }, (_, index) => String.fromCharCode(Number((value >> BigInt(8 * (length - 1 - index))) & 255n))).join('');

function numberOf(text: string, from: number, length: number): bigint {
  let value = 0n;
  for (let at = from; at < from + length; at++) value = (value << 8n) | BigInt(text.charCodeAt(at));
  return value;
}

/** The message as blocks: a bit, zeros, and its length at the end. */
function padded(text: string, block: number): string {
  const lengthBytes = block / 8;
  const zeros = (((block - lengthBytes - 1 - text.length) % block) + block) % block;
  return `${text}\u0080${'\0'.repeat(zeros)}${bytesOf(BigInt(text.length * 8), lengthBytes)}`;
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  return found;
}

/** The first bits after the point of the square or cube root, from which SHA-2 takes its constants. */
function rootBits(prime: bigint, degree: 2 | 3, bits: number): bigint {
  const wanted = prime << BigInt(bits * degree);
  let low = 0n;
  let high = 1n << BigInt(bits + 5);
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(degree) <= wanted) low = middle;
    else high = middle;
  }
  return low & ((1n << BigInt(bits)) - 1n);
}

function sha256Of(): Hash {
  const round = primes(64).map((prime) => Number(rootBits(prime, 3, 32)));
  const start = primes(8).map((prime) => Number(rootBits(prime, 2, 32)));
  const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
  return (text) => {
    const message = padded(text, 64);
    const state = Int32Array.from(start);
    const words = new Int32Array(64);
    for (let at = 0; at < message.length; at += 64) {
      for (let i = 0; i < 16; i++) {
        const from = at + i * 4;
        words[i] = [0, 1, 2, 3].reduce((word, byte) => (word << 8) | message.charCodeAt(from + byte), 0);
      }
      for (let i = 16; i < 64; i++) {
        const [early, late] = [words[i - 15] ?? 0, words[i - 2] ?? 0];
        const spread = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
        words[i] = (words[i - 16] ?? 0) + spread + (words[i - 7] ?? 0) + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
      }
      let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
      for (let i = 0; i < 64; i++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (round[i] ?? 0) + (words[i] ?? 0)) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) + value;
    }
    return [...state].map((word) => bytesOf(BigInt(word >>> 0), 4)).join('');
  };
}

function sha1(text: string): string {
  const message = padded(text, 64);
  const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  for (let at = 0; at < message.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = [0, 1, 2, 3].reduce((word, byte) => (word << 8) | message.charCodeAt(at + i * 4 + byte), 0);
    for (let i = 16; i < 80; i++)
      words[i] = turn((words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const mixed = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)] ?? 0;
      [a, b, c, d, e] = [(turn(a, 5) + mixed + e + constant + (words[i] ?? 0)) | 0, a, turn(b, 30), c, d];
    }
    for (const [i, value] of [a, b, c, d, e].entries()) state[i] = (state[i] ?? 0) + value;
  }
  return [...state].map((word) => bytesOf(BigInt(word >>> 0), 4)).join('');
}

const mask64 = (1n << 64n) - 1n;

function sha512Of(start: readonly bigint[], length: number): Hash {
  const round = primes(80).map((prime) => rootBits(prime, 3, 64));
  const turn = (word: bigint, by: bigint): bigint => ((word >> by) | (word << (64n - by))) & mask64;
  return (text) => {
    const message = padded(text, 128);
    const state = [...start];
    for (let at = 0; at < message.length; at += 128) {
      const words = Array.from({ length: 16 }, (_, i) => numberOf(message, at + i * 8, 8));
      for (let i = 16; i < 80; i++) {
        const [early, late] = [words[i - 15] ?? 0n, words[i - 2] ?? 0n];
        const spread = turn(early, 1n) ^ turn(early, 8n) ^ (early >> 7n);
        words.push(((words[i - 16] ?? 0n) + spread + (words[i - 7] ?? 0n) + (turn(late, 19n) ^ turn(late, 61n) ^ (late >> 6n))) & mask64);
      }
      let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
      for (const [i, constant] of round.entries()) {
        const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & mask64 & g)) + constant + (words[i] ?? 0n);
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask64, c, b, a, (one + two) & mask64];
      }
      for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0n) + value) & mask64;
    }
    return state
      .map((word) => bytesOf(word, 8))
      .join('')
      .slice(0, length);
  };
}

const hashes = {
  HS256: { block: 64, make: sha256Of },
  HS384: {
    block: 128,
    make: () =>
      sha512Of(
        primes(16)
          .slice(8)
          .map((prime) => rootBits(prime, 2, 64)),
        48,
      ),
  },
  HS512: {
    block: 128,
    make: () =>
      sha512Of(
        primes(8).map((prime) => rootBits(prime, 2, 64)),
        64,
      ),
  },
} as const;

/** The HMAC algorithms of JWT (RFC 7518, 3.2). */
export type HmacAlgorithm = keyof typeof hashes;

export function isHmac(algorithm: unknown): algorithm is HmacAlgorithm {
  return typeof algorithm === 'string' && Object.hasOwn(hashes, algorithm);
}

const made = new Map<HmacAlgorithm, Hash>();

/** SHA-256 of a string of bytes, as a string of bytes. */
export function sha256(text: string): string {
  return hashFor('HS256')(text);
}

function hashFor(algorithm: HmacAlgorithm): Hash {
  const hash = made.get(algorithm) ?? hashes[algorithm].make();
  made.set(algorithm, hash);
  return hash;
}

/** The HMAC of an ASCII text by a key, as base64url. For a handful of texts: the engine's own is what searches for keys. */
export function hmac(algorithm: HmacAlgorithm, key: string, text: string): string {
  return base64url(keyed(hashFor(algorithm), hashes[algorithm].block, asBytes(key), text));
}

/** The HMAC by SHA-1 of an ASCII text, as a string of bytes. The key is one, too. */
export function hmacSha1(key: string, text: string): string {
  return keyed(sha1, 64, key, text);
}

/** A text as a string of its UTF-8 bytes. */
export function asBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function keyed(hash: Hash, block: number, key: string, text: string): string {
  const full = (key.length > block ? hash(key) : key).padEnd(block, '\0');
  const mixed = (value: number): string => [...full].map((byte) => String.fromCharCode(byte.charCodeAt(0) ^ value)).join('');
  return hash(mixed(0x5c) + hash(mixed(0x36) + text));
}

/** A string of bytes as base64url. */
export function base64url(bytes: string): string {
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
