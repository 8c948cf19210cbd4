import type { Condition, Projection } from '../flow/access.ts';
import type { Test } from '../flow/test.ts';
import { labelsOf, opaque, textOf, type Value } from '../flow/value.ts';
import type { Where } from './schema.ts';
import { conditionsOfSearch } from './search.ts';
import { untyped } from './typed.ts';

/** What a condition asks, as it is written for a library. */
export function conditionsOf(value: Value, as: Where): readonly Condition[] {
  switch (as) {
    case 'document':
    case 'record':
    case 'keywords':
      return conditionsOfRecord(value);
    case 'tests':
      return conditionsOfTests(value);
    case 'key':
      return value.shape.is === 'record' ? conditionsOfRecord(value) : [field('id', value)];
    case 'pipeline':
      return stagesOf(value, '$match').flatMap(conditionsOfRecord);
    case 'rows':
      return rowsOf(value).flatMap(conditionsOfRow);
    case 'search':
      return conditionsOfSearch(value);
    case 'expression':
    case 'sql':
      // These are read with what stands beside them in the call.
      return [];
  }
}

function field(name: string, value: Value, binds = true, entity?: string): Condition {
  return { is: 'field', entity, field: name, binds, value };
}

/** `id__in` of an object mapper: the field, and whether one value is asked for. */
export function lookUpOf(name: string): { readonly field: string; readonly isEqual: boolean } {
  return {
    field: name.replace(/__(?:in|exact|iexact|eq)$/, ''),
    isEqual: !/__(?:ne|gt|lt|gte|lte|nin|contains|icontains|startswith|istartswith|endswith|regex|ilike|like|exists|size)$/.test(name),
  };
}

const equalities = new Set(['$eq', '$in', '$all', '$elemMatch', 'S', 'N', 'B', 'SS']);

function conditionsOfRecord(value: Value): readonly Condition[] {
  if (value.shape.is === 'either') {
    return [{ is: 'any', parts: value.shape.options.map((option) => ({ is: 'all', parts: conditionsOfRecord(option) })) }];
  }
  if (value.shape.is !== 'record') return value.labels.size === 0 ? [] : [field('*', value)];
  const conditions = [...value.shape.entries].flatMap(([name, entry]): readonly Condition[] => {
    const parts = entry.shape.is === 'sequence' ? [...entry.shape.items, ...(entry.shape.each ? [entry.shape.each] : [])] : [entry];
    if (name === '$and') return parts.flatMap(conditionsOfRecord);
    if (name === '$or') return [{ is: 'any', parts: parts.map((part) => ({ is: 'all', parts: conditionsOfRecord(part) })) }];
    if (entry.shape.is === 'record' && [...entry.shape.entries.keys()].some((key) => key.startsWith('$'))) {
      return [...entry.shape.entries].map(([operator, operand]) => field(name, operand, equalities.has(operator)));
    }
    const { field: named, isEqual } = lookUpOf(name);
    return [field(named, untyped(entry), isEqual)];
  });
  return value.shape.rest ? [...conditions, field('*', value.shape.rest, false)] : conditions;
}

function rowsOf({ shape, labels }: Value): readonly Value[] {
  if (shape.is === 'sequence') return [...shape.items, ...(shape.each ? [shape.each] : [])];
  return labels.size === 0 ? [] : [{ labels, shape }];
}

/** What a row to be written is found by: its primary key. */
function conditionsOfRow(row: Value): readonly Condition[] {
  if (row.shape.is !== 'record') return row.labels.size === 0 ? [] : [field('*', row)];
  return [...row.shape.entries].flatMap(([name, value]) => (/^(?:_?id|pk|uuid)$/.test(name) ? [field(name, value)] : []));
}

function conditionsOfTests(value: Value): readonly Condition[] {
  if (value.shape.is === 'test') return [conditionOfTest(value.shape.test)];
  if (value.shape.is === 'sequence') return value.shape.items.flatMap(conditionsOfTests);
  return value.labels.size === 0 ? [] : [field('*', value, false)];
}

/** A test on columns as a condition; tests on anything else bind nothing. */
export function conditionOfTest(test: Test): Condition {
  switch (test.is) {
    case 'all':
    case 'any':
      return { is: test.is, parts: test.tests.map(conditionOfTest) };
    case 'not': {
      const inner = conditionOfTest(test.test);
      return inner.is === 'field' ? { ...inner, binds: false } : { is: 'all', parts: [] };
    }
    case 'compare': {
      const isEqual = test.operator === '==' || test.operator === 'in';
      const [column, other] = columnOf(test.left) ? [columnOf(test.left), test.right] : [columnOf(test.right), test.left];
      if (!column) return field('*', { ...opaque(labelsOf([test.left, test.right])) }, false);
      return field(column.field, other, isEqual && !columnOf(other), column.entity);
    }
    case 'truth':
      return test.value.shape.is === 'test' ? conditionOfTest(test.value.shape.test) : field('*', test.value, false);
    case 'predicate':
      return field('*', opaque(labelsOf(test.args)), false);
  }
}

/** The column that a value names: of a model, or of a class that is defined elsewhere. */
export function columnOf({ shape }: Value): { readonly entity: string | undefined; readonly field: string } | undefined {
  if (shape.is === 'column') return { entity: shape.entity === '' ? undefined : shape.entity, field: shape.field };
  if (shape.is !== 'symbol') return undefined;
  // `where('owner')`, `Query().owner`
  const queried = /^tinydb\.(?:where\(\)|(?:\w+\.)?Query\(\)\.(\w+))$/.exec(shape.path);
  const [named] = shape.call?.args ?? [];
  if (queried) return { entity: undefined, field: queried[1] ?? (named && textOf(named)) ?? '*' };
  if (shape.path.includes('(')) return undefined;
  // `Status.VALID.value` is a constant.
  const match = /(?:^|\.)([A-Z]\w*[a-z]\w*)\.(?:c\.)?([a-z_]\w*)$/.exec(shape.path);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { entity: match[1], field: match[2] };
}

/** What the stages of one kind in an aggregation hold. */
export function stagesOf(pipeline: Value, name: string): readonly Value[] {
  const stages = pipeline.shape.is === 'sequence' ? pipeline.shape.items : [];
  return stages.flatMap(({ shape }) => (shape.is === 'record' ? (shape.entries.get(name) ?? []) : []));
}

/** Which fields an access asks for; `undefined` for all of them. */
export function projectionOf(value: Value | undefined, as: 'document' | 'expression' | 'pipeline'): Projection | undefined {
  if (!value) return undefined;
  if (as === 'pipeline') return projectionOf(stagesOf(value, '$project').at(-1) ?? stagesOf(value, '$group').at(-1), 'document');
  if (as === 'expression') {
    const text = textOf(value);
    return { fields: text === undefined ? [] : text.split(',').map((each) => each.trim().replace(/^#/, '')), how: 'only', value };
  }
  if (value.shape.is === 'sequence') return { fields: value.shape.items.flatMap((item) => textOf(item) ?? []), how: 'only', value };
  if (value.shape.is !== 'record' || value.shape.entries.size === 0) return undefined;
  const included: string[] = [];
  const excluded: string[] = [];
  for (const [name, { shape }] of value.shape.entries) {
    const isOff = shape.is === 'constant' && (shape.value === 0 || shape.value === false);
    if (name !== '_id' || !isOff) (isOff ? excluded : included).push(name);
  }
  if (included.length > 0 && excluded.length > 0) return { fields: included, how: 'mixed', value };
  if (included.length > 0) return { fields: included, how: 'only', value };
  return { fields: [...excluded, '_id'], how: 'without', value };
}
