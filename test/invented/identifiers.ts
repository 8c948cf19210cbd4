import { createHash } from 'node:crypto';
import type { IdKind } from './blueprint.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const epoch = 1_790_000_000_000;

/** The id of the `count`th object of a kind, as a target of today would mint it. */
export function mint(kind: IdKind | 'username' | 'email', noun: string, count: number, title: string): string | number {
  const hex = createHash('sha256').update(`${noun}/${count}`).digest('hex');
  const millis = epoch + count * 7_919;
  // Each kind of object is minted by a machine of its own.
  const machine = createHash('sha256').update(noun).digest('hex');
  switch (kind) {
    case 'integer':
      return count + 3;
    case 'padded':
      return `${noun.replaceAll('-', '').slice(0, 3).toUpperCase()}-${String(count + 40).padStart(5, '0')}`;
    case 'uuid4':
      return dashed(`${hex.slice(0, 12)}4${hex.slice(13, 16)}a${hex.slice(17, 32)}`);
    case 'uuid1': {
      const time = (BigInt(millis) * 10_000n + 122_192_928_000_000_000n).toString(16).padStart(15, '0');
      return dashed(`${time.slice(7)}${time.slice(3, 7)}1${time.slice(0, 3)}8${machine.slice(0, 15)}`);
    }
    case 'uuid6': {
      const time = (BigInt(millis) * 10_000n + 122_192_928_000_000_000n).toString(16).padStart(15, '0');
      return dashed(`${time.slice(0, 12)}6${time.slice(12)}8${machine.slice(0, 15)}`);
    }
    case 'ksuid':
      return base62(BigInt(`0x${Math.floor(millis / 1000 - 1_400_000_000).toString(16)}${hex.slice(0, 32)}`)).padStart(27, '0');
    case 'snowflake':
      return String((BigInt(millis - 1_288_834_974_657) << 22n) + BigInt(Number.parseInt(machine.slice(0, 3), 16) % 1_024) * 4_096n);
    case 'short-code':
      return base62(BigInt(`0x${hex.slice(0, 12)}`)).padStart(9, '0');
    case 'composite':
      return `${['eu', 'us', 'asia'][count % 3] ?? 'eu'}:${count + 40}`;
    case 'uuid7':
      return dashed(`${millis.toString(16).padStart(12, '0')}7${hex.slice(0, 3)}9${hex.slice(3, 18)}`);
    case 'objectId':
      return `${Math.floor(millis / 1000).toString(16)}${machine.slice(0, 10)}${(0x1a2b30 + count).toString(16)}`;
    case 'ulid':
      return ulid(millis, hex);
    case 'base64':
      return Buffer.from(`${noun}:${count + 11}`).toString('base64');
    case 'slug':
    case 'username':
    case 'email':
      return (
        title
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, '-')
          .replaceAll(/^-|-$/g, '') || `${noun}-${count}`
      );
  }
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: bigint): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
  return text;
}

function dashed(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function ulid(millis: number, hex: string): string {
  let time = '';
  for (let rest = millis, turn = 0; turn < 10; turn++, rest = Math.floor(rest / 32)) time = crockford.charAt(rest % 32) + time;
  return (
    time +
    Array.from({ length: 16 }, (_, index) => crockford.charAt(Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) % 32)).join('')
  );
}
