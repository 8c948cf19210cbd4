import { isHollowSegment, singular, wordsOf } from '../../model/names.ts';

/** A path whose ids have become parameters, with the values that stood there. */
export interface Template {
  readonly path: string;
  readonly slots: readonly { readonly name: string; readonly value?: string }[];
}

const idShapes = [
  /^\d+$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{24}$/i,
  /^[0-9a-f]{32,64}$/i,
  /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/,
  // A prefix and a number: INV-00042, order_1007, cus_9s6XKzkNRiz8i3.
  /^[A-Z]{1,8}[-_]?\d{2,}$/,
  /^[a-z]{2,12}[-_]\d{3,}$/,
  /^[a-z]{2,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]{10,}$/,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{16,}$/,
  /^[^@\s/]+@[^@\s/]+\.[a-z]{2,}$/i,
];

/** True for a path segment that has the shape of an id: number, UUID, 24 hexadecimal digits, ULID, digest, prefixed number, e-mail, random text. */
export function isIdShaped(segment: string): boolean {
  return idShapes.some((shape) => shape.test(segment));
}

/** Tells of a segment that it is an id though its shape does not show it: by the name of its slot. */
export type NameSegment = (segments: readonly string[], index: number) => string | undefined;

/** `/orders/12` → `/orders/{orderId}` with `12`. Slots already in the path (`{id}`, `:id`, `<int:id>`, `${id}`) are kept. */
export function templateOf(path: string, nameSegment: NameSegment = () => undefined): Template {
  const slots: { name: string; value?: string }[] = [];
  const segments = path.split('/').map((segment, index, all) => {
    const declared = /^(?::|\$?\{|<(?:\w+:)?)([A-Za-z_$][\w.$]*)[^/]*$/.exec(segment)?.[1];
    const told = declared === undefined ? nameSegment(all, index) : undefined;
    if (declared === undefined && told === undefined && !isIdShaped(segment)) return segment;
    const base = declared?.split('.').at(-1)?.replaceAll('$', '') || told || nameAfter(all.slice(0, index));
    const taken = slots.filter((slot) => slot.name.replace(/\d+$/, '') === base).length;
    const name = taken === 0 ? base : `${base}${taken + 1}`;
    slots.push(declared === undefined ? { name, value: segment } : { name });
    return `{${name}}`;
  });
  return { path: segments.join('/'), slots };
}

/** `userProfileId` after `user-profiles`; `id` where no noun stands before it. */
export function nameAfter(before: readonly string[]): string {
  const noun = before.findLast(
    (segment) => segment !== '' && !isHollowSegment(segment) && !isIdShaped(segment) && /^[\w-]+$/.test(segment),
  );
  const words = noun === undefined ? [] : wordsOf(noun);
  const last = words.at(-1);
  if (last === undefined) return 'id';
  const [first, ...rest] = [...words.slice(0, -1), singular(last)];
  return `${first}${rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Id`;
}
