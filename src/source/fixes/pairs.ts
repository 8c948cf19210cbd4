import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression, Statement } from '../python/syntax.ts';
import { bodyAround, definitionOf } from './source.ts';
import { locate, namesIn, within, type Spot } from '../python/walk.ts';
import type { Place } from '../python/syntax.ts';

/** A field and what it is compared with or set to, as it is written. */
export interface Pair {
  readonly field: string;
  readonly value: Expression;
  /** The dict item, keyword or comparison that it stands in. */
  readonly holder: Expression;
  /** `:me`, where the value is given under a name of its own. */
  readonly alias?: string;
}

/** The pairs of an expression: `{'owner': me}`, `owner=me`, `Row.owner == me`, `row['owner'] != me`, `Key('owner').eq(me)`. */
export function pairsIn(expression: Expression): readonly Pair[] {
  return within(expression).flatMap((each): readonly Pair[] => {
    if (each.kind === 'Dict') {
      return each.items.flatMap(({ key, value }) => {
        const field = key && textOf(key);
        return field === undefined ? [] : [{ field, value: scalarOf(value), holder: each }];
      });
    }
    if (each.kind === 'Compare') return comparisons(each);
    if (each.kind !== 'Call') return [];
    const named = each.keywords.flatMap(({ name, value }) => (name === undefined ? [] : [{ field: name, value, holder: each }]));
    return [...named, ...conditionOf(each), ...parametersOf(each), ...expressionOf(each)];
  });
}

/** `Key('owner').eq(me)` */
function conditionOf(call: Extract<Expression, { readonly kind: 'Call' }>): readonly Pair[] {
  const { callee, args } = call;
  const [value] = args;
  if (callee.kind !== 'Attribute' || callee.name !== 'eq' || callee.value.kind !== 'Call' || !value) return [];
  const [name] = callee.value.args;
  const field = name && textOf(name);
  return field === undefined ? [] : [{ field, value, holder: call }];
}

/** `{'S': me}`, as the client of DynamoDB writes a scalar. */
function scalarOf(value: Expression): Expression {
  const [only, ...others] = value.kind === 'Dict' ? value.items : [];
  return only?.key && others.length === 0 && /^[SN]$/.test(textOf(only.key) ?? '') ? only.value : value;
}

/** `KeyConditionExpression='owner = :me', ExpressionAttributeValues={':me': …}` */
function expressionOf({ keywords }: Extract<Expression, { readonly kind: 'Call' }>): readonly Pair[] {
  const values = keywords.find(({ name }) => name === 'ExpressionAttributeValues')?.value;
  if (values?.kind !== 'Dict') return [];
  const texts = keywords.flatMap(({ name, value }) =>
    /^(?:KeyCondition|Filter|Condition)Expression$/.test(name ?? '') ? (textOf(value) ?? []) : [],
  );
  return texts.flatMap((text) =>
    [...text.matchAll(/([A-Za-z_]\w*)\s*=\s*(:\w+)/g)].flatMap(([, field, alias]): Pair[] => {
      const item = values.items.find(({ key }) => key && textOf(key) === alias);
      return field === undefined || alias === undefined || !item ? [] : [{ field, value: scalarOf(item.value), holder: item.value, alias }];
    }),
  );
}

/** `execute('… WHERE owner = ?', (me,))`: the columns that are compared with placeholders, and their parameters. */
function parametersOf(call: Extract<Expression, { readonly kind: 'Call' }>): readonly Pair[] {
  const [statement, parameters] = call.args;
  const inner = statement?.kind === 'Call' ? statement.args[0] : statement;
  const text = inner && textOf(inner);
  if (text === undefined || !parameters || !('items' in parameters)) return [];
  const marks = [...text.matchAll(/(?:([\w."]+)\s*=\s*)?(?:\?|%s|%\((\w+)\)s|(?<![:\w]):(\w+))/g)];
  return marks.flatMap(([, column, named, colon], index): Pair[] => {
    const field = column?.replaceAll('"', '').split('.').at(-1);
    const name = named ?? colon;
    const value =
      parameters.kind === 'Dict'
        ? parameters.items.find(({ key }) => key && name !== undefined && textOf(key) === name)?.value
        : parameters.items[index];
    return field === undefined || !value ? [] : [{ field, value, holder: call }];
  });
}

function comparisons(compare: Extract<Expression, { readonly kind: 'Compare' }>): readonly Pair[] {
  const [left, right, ...others] = compare.operands;
  if (!left || !right || others.length > 0 || !/^(?:==|!=)$/.test(compare.operators[0] ?? '')) return [];
  return [
    [left, right],
    [right, left],
  ].flatMap(([named, value]): Pair[] => {
    const field = named && fieldOf(named);
    return field === undefined || !value ? [] : [{ field, value, holder: compare }];
  });
}

/** `row.owner`, `row['owner']`, `row.get('owner')` */
export function fieldOf(expression: Expression): string | undefined {
  if (expression.kind === 'Attribute') return expression.name;
  if (expression.kind === 'Subscript') return textOf(expression.index);
  if (expression.kind !== 'Call' || expression.callee.kind !== 'Attribute' || expression.callee.name !== 'get') return undefined;
  const [name] = expression.args;
  return name && textOf(name);
}

export function textOf(expression: Expression): string | undefined {
  return expression.kind === 'Constant' && typeof expression.value === 'string' ? expression.value : undefined;
}

/** Where an access is written: the expression, its statement, and what its local variables are given. */
export interface Written {
  readonly source: ParsedFile;
  readonly spot: Spot;
  readonly statement: Statement;
  readonly node: Expression;
  /** The expressions that local variables of the access stand for, nearest first. */
  readonly behind: readonly Expression[];
}

export function writtenAt(files: ReadonlyMap<string, ParsedFile>, file: string, place: Place): Written | undefined {
  const source = files.get(file);
  const spot = source && locate(source.module, place);
  const statement = spot?.statements.at(-1);
  const node = spot?.expressions.at(-1);
  if (!source || !spot || !statement || !node) return undefined;
  const body = bodyAround(source, spot.functions);
  const behind: Expression[] = [];
  const waiting = [...namesIn(node)];
  const seen = new Set<string>();
  for (let name = waiting.shift(); name !== undefined && behind.length < 8; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const value = definitionOf(name, body, node)?.value;
    if (!value) continue;
    behind.push(value);
    waiting.push(...namesIn(value));
  }
  return { source, spot, statement, node, behind };
}

/** The pairs of an access, those in its own text first, then those behind its variables, then the rest of its statement. */
export function pairsOf({ node, behind, spot }: Written): readonly Pair[] {
  const whole = spot.expressions[0];
  return [node, ...behind, ...(whole && whole !== node ? [whole] : [])].flatMap(pairsIn);
}
