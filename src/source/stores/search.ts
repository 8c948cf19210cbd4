import type { Condition } from '../flow/access.ts';
import { optionsOf, type Value } from '../flow/value.ts';

/** What the query of a search index asks: `{'bool': {'filter': [{'term': {'owner': me}}]}}`. */
export function conditionsOfSearch(value: Value, depth = 0): readonly Condition[] {
  const { shape, labels } = value;
  if (depth > 8) return [];
  if (shape.is === 'either') return [{ is: 'any', parts: optionsOf(value).map((each) => all(each, depth)) }];
  if (shape.is === 'sequence') return membersOf(value).flatMap((each) => conditionsOfSearch(each, depth + 1));
  if (shape.is !== 'record') return labels.size === 0 ? [] : [{ is: 'field', entity: undefined, field: '*', binds: false, value }];
  return [...shape.entries].flatMap(([name, inner]) => clause(name, inner, depth));
}

function clause(name: string, inner: Value, depth: number): readonly Condition[] {
  switch (name) {
    case 'should':
      return [{ is: 'any', parts: membersOf(inner).map((each) => all(each, depth)) }];
    case 'must_not':
      return [];
    case 'ids':
      return fieldsOf(inner, true).map((condition) => ({ ...condition, field: '_id' }));
    case 'term':
    case 'terms':
      return fieldsOf(inner, true);
    case 'match':
    case 'match_phrase':
    case 'prefix':
    case 'wildcard':
    case 'range':
    case 'multi_match':
    case 'query_string':
    case 'simple_query_string':
      return fieldsOf(inner, false);
    default:
      return inner.shape.is === 'record' || inner.shape.is === 'sequence' ? conditionsOfSearch(inner, depth + 1) : [];
  }
}

function all(value: Value, depth: number): Condition {
  return { is: 'all', parts: conditionsOfSearch(value, depth + 1) };
}

function membersOf({ shape, ...value }: Value): readonly Value[] {
  return shape.is === 'sequence' ? [...shape.items, ...(shape.each ? [shape.each] : [])] : [{ ...value, shape }];
}

/** `{'owner': me}`, or `{'owner': {'value': me}}`. */
function fieldsOf({ shape }: Value, binds: boolean): readonly Extract<Condition, { is: 'field' }>[] {
  if (shape.is !== 'record') return [];
  return [...shape.entries].map(([field, value]) => ({
    is: 'field',
    entity: undefined,
    field: field.replace(/\.keyword$/, ''),
    binds,
    value,
  }));
}
