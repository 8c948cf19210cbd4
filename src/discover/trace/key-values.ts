import { isObject, leaves, type Json } from '../../model/json.ts';
import { isHollowSegment, isPlural, plainName, wordsOf } from '../../model/names.ts';

const keyName =
  /^(?:_?id|uuid|guid|pk|oid|slug|handle|username|login|email|name|title|code|key|number|sku|isbn)$|(?:id|uuid|slug|number|code|username|name|title)$/;
/** Segments that stand where an id could and name an operation. */
const actionWords = new Set(
  (
    'me self my mine current all new search find list count stats status summary export import login logout register signup signin ' +
    'recent latest popular featured active archived trash favorites favourites public private feed info details settings upload download'
  ).split(' '),
);

/** Values by which answers name things → the name of the property: what later stands in a path is then known to be an id. */
export type KeyValues = Map<string, string>;

/** Adds what an answer tells. */
export function addKeyValues(known: KeyValues, answer: Json | undefined): void {
  if (answer === undefined) return;
  for (const { name, value } of leaves(answer, 5_000)) {
    if (typeof value !== 'string' || value.length < 2 || value.length > 120 || known.size > 20_000) continue;
    const plain = plainName(name);
    const before = known.get(value);
    // A property that names nothing else than its own object tells more than a reference to it.
    if (keyName.test(plain) && (before === undefined || plain.length < plainName(before).length)) known.set(value, name);
  }
}

/** Which segments of a path are such values, by index. A value counts after a plural (`/books/dune`), and not when it names an action. */
export function namedSegments(path: string, known: ReadonlyMap<string, string>): Readonly<Record<string, string>> | undefined {
  const segments = path.split('/').map(decoded);
  const named = segments.flatMap((segment, index): [string, string][] => {
    const name = known.get(segment);
    return name !== undefined && maySegmentBeId(segments, index) ? [[String(index), name]] : [];
  });
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** True for a segment after a plural noun that is no known action. */
export function maySegmentBeId(segments: readonly string[], index: number): boolean {
  const [before = '', segment = ''] = [segments[index - 1], segments[index]];
  if (segment === '' || actionWords.has(plainName(segment)) || isHollowSegment(before)) return false;
  return isPlural(wordsOf(before).at(-1) ?? '');
}

/** Percent-decoding that leaves alone what is not encoded well. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The property names of an object and of the objects in it, sorted; `undefined` for a list. */
export function propertiesOf(json: Json | undefined): readonly string[] | undefined {
  if (!isObject(json)) return undefined;
  return Object.entries(json)
    .flatMap(([name, value]) => (isObject(value) ? [name, ...Object.keys(value).map((inner) => `${name}.${inner}`)] : [name]))
    .toSorted()
    .slice(0, 200);
}
