import { testValue, unknown, type Arguments, type Value } from '../flow/value.ts';
import type { Test } from '../flow/test.ts';
import type { Place } from '../python/syntax.ts';
import { columnOf, lookUpOf } from './conditions.ts';
import { isOneOf } from './load-stores.ts';
import type { Store } from './schema.ts';

function column(field: string, entity = ''): Value {
  return { labels: new Set(), shape: { is: 'column', entity, field } };
}

/** `column.in_(values)`, `Key('owner').eq(value)`, `Model.owner.has(id=me)`. */
export function comparison(
  stores: readonly Store[],
  receiver: Value | undefined,
  name: string,
  args: Arguments,
  at: Place,
): Value | undefined {
  if (!receiver) return undefined;
  const [other] = args.args;
  for (const store of stores) {
    const kind = store.comparisons[name];
    if (!kind) continue;
    const named = columnOf(receiver) ? receiver : fieldOf(store, receiver);
    if (!named) continue;
    // `Model.children.any(Child.owner == me)` asks what the test in it asks, of what the column leads to.
    if (other?.shape.is === 'test' && kind === 'equal') return testValue(withoutEntity(other.shape.test));
    if (!other && args.keywords.size > 0 && kind === 'equal') return keywordTests(args, at);
    const operator = kind === 'equal' ? '==' : kind === 'member' ? 'in' : 'other';
    return testValue({ is: 'compare', operator, left: named, right: other ?? unknown, place: at, text: '' });
  }
  return undefined;
}

function withoutEntity(test: Test): Test {
  switch (test.is) {
    case 'compare': {
      const bare = (side: Value): Value => {
        const named = columnOf(side);
        return named ? column(named.field) : side;
      };
      return { ...test, left: bare(test.left), right: bare(test.right) };
    }
    case 'truth':
      return test.value.shape.is === 'test' ? withoutEntity(test.value.shape.test) : test;
    case 'not':
      return { is: 'not', test: withoutEntity(test.test) };
    case 'all':
    case 'any':
      return { ...test, tests: test.tests.map(withoutEntity) };
    case 'predicate':
      return test;
  }
}

function fieldOf(store: Store, { shape }: Value): Value | undefined {
  if (shape.is !== 'symbol' || !shape.path.endsWith('()') || !isOneOf(store.fields, shape.path.slice(0, -2))) return undefined;
  const [name] = shape.call?.args ?? [];
  return column(name?.shape.is === 'constant' ? String(name.shape.value) : '*');
}

/** `and_(..)`, `or_(..)`, `Q(owner=me)`. */
export function joinedTests(stores: readonly Store[], path: string, args: Arguments, at: Place): Value | undefined {
  for (const { conjunctions, disjunctions, predicates } of stores) {
    const is = isOneOf(conjunctions, path) ? 'all' : isOneOf(disjunctions, path) ? 'any' : undefined;
    if (is) return testValue({ is, tests: args.args.map((value) => ({ is: 'truth', value })) });
    if (isOneOf(predicates, path)) return keywordTests(args, at);
  }
  return undefined;
}

/** A test of fields by their names; what stands without a name is a test itself, or whom the object must belong to. */
function keywordTests({ args, keywords, rest }: Arguments, at: Place): Value {
  const compared = (left: Value, right: Value, isEqual: boolean): Test => ({
    is: 'compare',
    operator: isEqual ? '==' : 'other',
    left,
    right,
    place: at,
    text: '',
  });
  const given = args.map((arg): Test => (arg.shape.is === 'test' ? arg.shape.test : compared(column('*'), arg, arg.shape.is !== 'column')));
  const named = [...keywords].map(([name, value]) => {
    const { field, isEqual } = lookUpOf(name);
    return compared(column(field), value, isEqual);
  });
  return testValue({ is: 'all', tests: [...given, ...named, ...(rest ? [compared(column('*'), rest, false)] : [])] });
}
