import { fromBase62, fromBase64, toBase64 } from './id-text.ts';

export type IdKind =
  | 'integer'
  | 'padded number'
  | 'prefixed number'
  | 'UUID v1'
  | 'UUID v4'
  | 'UUID v6'
  | 'UUID v7'
  | 'UUID'
  | 'ObjectId'
  | 'ULID'
  | 'KSUID'
  | 'snowflake'
  | 'encoded'
  | 'global id'
  | 'short code'
  | 'e-mail address'
  | 'slug'
  | 'name'
  | 'composite key'
  | 'random text';

/**
 * How well an id is guessed by somebody who has seen one of its kind. `sequential`: the next one follows. `time-based`: a time and a
 * counter, which can be computed. `low entropy`: a name, an address, a code that is short enough to try. `random`: not at all.
 */
export type Predictability = 'sequential' | 'time-based' | 'low entropy' | 'random';

/** What an id is made of, as far as one of them shows. */
export interface IdReading {
  readonly kind: IdKind;
  readonly predictability: Predictability;
  /** When it was made, in milliseconds since the Unix epoch, where the id tells. */
  readonly time?: number;
  /** The number in it that counts, where there is one: of an ObjectId its last three bytes. */
  readonly counter?: bigint;
  /** The id inside an encoded one, and the parts of a composite key. */
  readonly parts?: readonly string[];
}

const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f])([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const prefixed = /^((?:[A-Za-z]{1,8}[-_.#]?|(?:[A-Za-z0-9]{1,8}[-_./]){1,3}))(\d{1,12})$/;
const composite = /^([^\s:|/,@]{1,64})([:|/,])([^\s:|/,@]{1,64})$/;
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Reads an id by its looks alone. */
export function readId(id: string): IdReading {
  return ofDigits(id) ?? ofUuid(id) ?? ofObjectId(id) ?? ofSortable(id) ?? ofEncoded(id) ?? ofParts(id) ?? ofText(id);
}

function ofDigits(id: string): IdReading | undefined {
  if (/^\d{17,20}$/.test(id)) {
    const time = Number(BigInt(id) >> 22n) + 1_288_834_974_657;
    const plausible = isRecent(time) || isRecent(time - 1_288_834_974_657 + 1_420_070_400_000);
    if (plausible) return { kind: 'snowflake', predictability: 'time-based', time, counter: BigInt(id) };
  }
  if (/^\d{1,20}$/.test(id)) {
    const counter = BigInt(id);
    if (id.length === 13 && isRecent(Number(id))) return { kind: 'integer', predictability: 'time-based', time: Number(id), counter };
    const kind = id.startsWith('0') && id.length > 1 ? 'padded number' : 'integer';
    return { kind, predictability: String(counter).length <= 8 ? 'sequential' : 'low entropy', counter };
  }
  const [, , digits] = prefixed.exec(id) ?? [];
  return digits === undefined ? undefined : { kind: 'prefixed number', predictability: 'sequential', counter: BigInt(digits) };
}

function ofUuid(id: string): IdReading | undefined {
  const [, low = '', mid = '', version, high = ''] = uuid.exec(id) ?? [];
  switch (version) {
    case undefined:
      return undefined;
    case '1':
      return { kind: 'UUID v1', predictability: 'time-based', ...ofTicks(`${high}${mid}${low}`) };
    case '6':
      return { kind: 'UUID v6', predictability: 'time-based', ...ofTicks(`${low}${mid}${high}`) };
    case '7':
      return { kind: 'UUID v7', predictability: 'random', time: Number.parseInt(low + mid, 16) };
    case '4':
      return { kind: 'UUID v4', predictability: 'random' };
    default:
      return { kind: 'UUID', predictability: 'random' };
  }
}

/** Hundreds of nanoseconds since the Gregorian calendar began (RFC 9562, 5.1). */
function ofTicks(hex: string): { time: number; counter: bigint } {
  const ticks = BigInt(`0x${hex}`);
  return { time: Number((ticks - 122_192_928_000_000_000n) / 10_000n), counter: ticks };
}

function ofObjectId(id: string): IdReading | undefined {
  if (!/^[0-9a-f]{24}$/i.test(id)) return undefined;
  const time = Number.parseInt(id.slice(0, 8), 16) * 1000;
  if (!isRecent(time)) return { kind: 'random text', predictability: 'random' };
  return { kind: 'ObjectId', predictability: 'time-based', time, counter: BigInt(`0x${id.slice(18)}`) };
}

function ofSortable(id: string): IdReading | undefined {
  if (/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(id)) {
    const time = [...id.slice(0, 10).toUpperCase()].reduce((sum, digit) => sum * 32 + crockford.indexOf(digit), 0);
    if (isRecent(time)) return { kind: 'ULID', predictability: 'random', time };
  }
  if (/^[0-9A-Za-z]{27}$/.test(id)) {
    const time = Number((fromBase62(id) >> 128n) + 1_400_000_000n) * 1000;
    if (isRecent(time)) return { kind: 'KSUID', predictability: 'random', time };
  }
  return undefined;
}

function ofEncoded(id: string): IdReading | undefined {
  const text = fromBase64(id);
  if (text === undefined) return undefined;
  const global = /^(?:gid:\/\/[^/]+\/)?[A-Za-z_]\w*[:/|](.+)$/.exec(text)?.[1];
  const inner = readId(global ?? text);
  if (global === undefined && !isTelling(inner)) return undefined;
  return { ...inner, kind: global === undefined ? 'encoded' : 'global id', parts: [global ?? text] };
}

/** True for what base64 text is not decoded to by accident. */
function isTelling({ kind }: IdReading): boolean {
  return kind !== 'name' && kind !== 'slug' && kind !== 'short code' && kind !== 'random text' && kind !== 'encoded';
}

const byPredictability: readonly Predictability[] = ['sequential', 'time-based', 'low entropy', 'random'];

function ofParts(id: string): IdReading | undefined {
  const [, left, , right] = composite.exec(id) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const readings = [readId(left), readId(right)];
  const hardest = Math.max(...readings.map(({ predictability }) => byPredictability.indexOf(predictability)));
  return { kind: 'composite key', predictability: byPredictability[hardest] ?? 'random', parts: [left, right] };
}

function ofText(id: string): IdReading {
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(id)) return { kind: 'e-mail address', predictability: 'low entropy' };
  const isMixed = /\d/.test(id) && /[A-Za-z]/.test(id);
  const digits = id.replaceAll(/\D/g, '').length;
  if (/^[\w-]{20,}$/.test(id) && isMixed && !/^[a-z]+(?:-[a-z0-9]+)+$/.test(id)) return { kind: 'random text', predictability: 'random' };
  if (/^[a-z0-9]+(?:[-_][a-z0-9]+)+$/i.test(id)) return { kind: 'slug', predictability: 'low entropy' };
  if (/^[0-9A-Za-z]{4,16}$/.test(id) && isMixed && digits < id.length) return { kind: 'short code', predictability: 'low entropy' };
  if (/^[0-9A-Za-z]{17,}$/.test(id) && isMixed) return { kind: 'random text', predictability: 'random' };
  return { kind: 'name', predictability: 'low entropy' };
}

function isRecent(time: number): boolean {
  return time > 1_262_304_000_000 && time < 2_208_988_800_000;
}

/**
 * Up to `n` ids on either side of one, nearest first, in its own spelling; empty where none can be computed. Of an ObjectId and a
 * snowflake they differ in the counter.
 */
export function neighboursOf(id: string, n: number): string[] {
  const near = Array.from({ length: n }, (_, turn) => BigInt(turn + 1)).flatMap((distance) => [-distance, distance]);
  return near.flatMap((distance) => moved(id, distance) ?? []);
}

function moved(id: string, by: bigint): string | undefined {
  const { kind, counter, parts } = readId(id);
  switch (kind) {
    case 'integer':
    case 'padded number':
    case 'snowflake':
      return counter === undefined || counter + by < 0n ? undefined : padded(counter + by, id);
    case 'prefixed number': {
      const [, head = '', digits = ''] = prefixed.exec(id) ?? [];
      return counter === undefined || counter + by < 0n ? undefined : head + padded(counter + by, digits);
    }
    case 'ObjectId':
      return counter === undefined ? undefined : `${id.slice(0, 18)}${((counter + by) & 0xff_ff_ffn).toString(16).padStart(6, '0')}`;
    case 'UUID v1':
    case 'UUID v6':
      return counter === undefined ? undefined : atTick(id, kind, counter + by);
    case 'encoded':
    case 'global id':
    case 'composite key':
      return within(id, parts?.at(-1) ?? '', (inner) => moved(inner, by));
    default:
      return undefined;
  }
}

function padded(counter: bigint, like: string): string {
  return like.startsWith('0') ? counter.toString().padStart(like.length, '0') : counter.toString();
}

function atTick(id: string, kind: 'UUID v1' | 'UUID v6', ticks: bigint): string {
  const hex = ticks.toString(16).padStart(15, '0').slice(-15);
  const [, , , ...rest] = id.split('-');
  const head =
    kind === 'UUID v1' ? [hex.slice(7), hex.slice(3, 7), `1${hex.slice(0, 3)}`] : [hex.slice(0, 8), hex.slice(8, 12), `6${hex.slice(12)}`];
  return [...head, ...rest].join('-');
}

/** An id with the id inside it replaced, in the same encoding. */
function within(id: string, inner: string, change: (inner: string) => string | undefined): string | undefined {
  const replaced = change(inner);
  if (replaced === undefined) return undefined;
  const text = fromBase64(id);
  if (text === undefined || !text.endsWith(inner)) return id.endsWith(inner) ? id.slice(0, id.length - inner.length) + replaced : undefined;
  return toBase64(text.slice(0, text.length - inner.length) + replaced, id);
}

/** An id of the same kind that names nothing, decided by `token`: as random as the kind allows, and of the same length where that counts. */
export function absentId(id: string, token: string): string {
  const { kind, parts } = readId(id);
  const digits = [...token]
    .map((character) => character.charCodeAt(0) % 10)
    .join('')
    .repeat(3);
  const hex = [...token]
    .map((character) => (character.charCodeAt(0) % 16).toString(16))
    .join('')
    .repeat(4);
  const letters = [...hex].map((digit) => crockford.charAt(Number.parseInt(digit, 16) + 10)).join('');
  switch (kind) {
    case 'snowflake':
      return `${id.slice(0, 6)}${digits}`.slice(0, id.length);
    case 'integer':
      return id.length >= 9 ? `9${digits}`.slice(0, id.length) : String(900_000_000 + Number(digits.slice(0, 7)));
    case 'padded number':
      return `09${digits}`.slice(0, Math.max(4, id.length));
    case 'prefixed number': {
      const [, head = '', number = ''] = prefixed.exec(id) ?? [];
      return head + `9${digits}`.slice(0, Math.max(5, number.length));
    }
    case 'UUID v1':
    case 'UUID v4':
    case 'UUID v6':
    case 'UUID v7':
    case 'UUID':
      // The first group of a time-ordered id is its time: only what is random changes.
      return `${kind === 'UUID v7' || kind === 'UUID v6' ? id.slice(0, 13) : `${hex.slice(0, 8)}-${hex.slice(8, 12)}`}-${id.charAt(14)}${hex.slice(13, 16)}-${id.charAt(19)}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    case 'ObjectId':
      return id.slice(0, 8) + hex.slice(0, 16);
    case 'ULID':
      return id.slice(0, 10) + letters.slice(0, 16);
    case 'KSUID':
      return id.slice(0, 6) + letters.slice(0, 21);
    case 'encoded':
    case 'global id':
    case 'composite key':
      return within(id, parts?.at(-1) ?? '', (inner) => absentId(inner, token)) ?? token;
    case 'e-mail address':
      return `${token}@example.com`;
    case 'random text':
      return /^[0-9a-f]+$/i.test(id) ? hex.slice(0, id.length).padEnd(id.length, '7') : letters.slice(0, id.length).padEnd(id.length, 'x');
    case 'short code':
    case 'slug':
    case 'name':
      return token;
  }
}
