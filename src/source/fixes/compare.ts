import type { Access } from '../flow/access.ts';
import type { Expression, Statement } from '../python/syntax.ts';
import type { Edit } from './edit.ts';
import type { Deny } from './refuse.ts';
import type { Project } from './candidate.ts';
import type { Owner } from './identity.ts';
import { isAccessItself, loadedAt, styleOf, type Loaded } from './loaded.ts';
import type { Written } from './pairs.ts';
import { nameFor } from './names.ts';
import { behind } from './scope-documents.ts';
import { bodyAround, linesAfter, linesBefore, quoted, replaced, written } from './source.ts';
import { statementsIn } from '../python/walk.ts';

/** A test whose branch refuses, as lines. */
export function refusing(source: Written['source'], test: string, deny: Deny): readonly string[] {
  return [`if ${test}:`, `${unitOf(source.text)}${deny.text}`];
}

/** What one level of indentation is in a file. */
export function unitOf(text: string): string {
  const [, first = '    '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return first.startsWith('\t') ? '\t' : first.length >= 8 ? '    ' : first;
}

/** Compares the owner of an object after it was loaded, and answers one of somebody else like one that is missing. */
export function comparedAfter(at: Written, access: Access, owner: Owner, deny: Deny, project: Project): readonly Edit[] | undefined {
  const { source, statement, node } = at;
  const known = loadedAt(at, access, project);
  // What a helper returns is an object or a dictionary as it is used here; where that does not show, nothing is compared.
  if (!known || (!isAccessItself(at, access) && !isShown(at, known))) return undefined;
  const { projection } = access;
  if (projection && (projection.how === 'only') !== projection.fields.includes(owner.field)) return undefined;
  const ownerOf = (item: string): string => ownerIn(item, access, owner.field, at, styleHere(at, access, known));
  if (known.name !== undefined) return comparedInPlace(at, known.name, known, ownerOf(known.name), owner, deny);
  const name = assignedTo(statement, known.whole);
  // What is missing must not end in an error of its own, or it is told from what is somebody else's.
  const isItem = access.library === 'dictionary' && node.kind === 'Subscript';
  const loaded = isItem ? `${written(source, node.value)}.get(${written(source, node.index)})` : written(source, known.whole);
  if (name !== undefined) {
    const test = `${itemOf(name, access, at)} is None or ${ownerOf(itemOf(name, access, at))} != ${owner.identity}`;
    const next = testBelow(at, [name]);
    const quietly = isItem ? [replaced(source, node, loaded)] : [];
    if (next) return [...quietly, replaced(source, next.test, test)];
    const after = linesAfter(source, statement, refusing(source, test, deny));
    return after && [...quietly, after];
  }
  if (!isStraight(at)) return undefined;
  const variable = nameFor(access.resource, at);
  const test = `${variable} is None or ${ownerOf(variable)} != ${owner.identity}`;
  const before = linesBefore(source, statement, [`${variable} = ${loaded}`, ...refusing(source, test, deny)]);
  return before && [before, replaced(source, known.whole, variable)];
}

/** Where the object comes with a flag, or in a test: what refuses there, or passes it over, does so for somebody else's, too. */
function comparedInPlace(
  at: Written,
  name: string,
  { flags, isInTest }: Loaded,
  holder: string,
  owner: Owner,
  deny: Deny,
): readonly Edit[] | undefined {
  const { source, statement } = at;
  if (isInTest && statement.kind === 'If')
    return [replaced(source, statement.test, `(${written(source, statement.test)}) and ${holder} == ${owner.identity}`)];
  const next = testBelow(at, [name, ...flags]);
  if (next) return [replaced(source, next.test, `${written(source, next.test)} or ${holder} != ${owner.identity}`)];
  const after = linesAfter(source, statement, refusing(source, `${name} is None or ${holder} != ${owner.identity}`, deny));
  return after && [after];
}

function isShown(at: Written, known: Loaded): boolean {
  const name = known.name ?? assignedTo(at.statement, known.whole);
  return known.style !== undefined || (name !== undefined && styleOf(name, at) !== undefined);
}

function styleHere(at: Written, access: Access, known: Loaded): Loaded['style'] {
  if (isAccessItself(at, access)) return undefined;
  const name = known.name ?? assignedTo(at.statement, known.whole);
  return known.style ?? (name === undefined ? undefined : styleOf(name, at));
}

/** A record of a dictionary is compared before it is taken out or overwritten. */
export function comparedInStore(at: Written, owner: Owner, deny: Deny): readonly Edit[] | undefined {
  const { source, statement, node } = at;
  const store =
    node.kind === 'Subscript' ? node.value : node.kind === 'Call' && node.callee.kind === 'Attribute' ? node.callee.value : undefined;
  const key = node.kind === 'Subscript' ? node.index : node.kind === 'Call' ? node.args[0] : undefined;
  if (!store || !key) return undefined;
  const record = `(${written(source, store)}.get(${written(source, key)}) or {})`;
  const edit = linesBefore(source, statement, refusing(source, `${record}.get(${quoted(source, owner.field)}) != ${owner.identity}`, deny));
  return edit && [edit];
}

/** The variable that gets what was loaded. */
function assignedTo(statement: Statement, node: Expression): string | undefined {
  if (statement.kind !== 'Assign' || !statement.value || statement.targets.length !== 1) return undefined;
  const [target] = statement.targets;
  let value: Expression = statement.value;
  // `.get('Item')` of what was loaded, and its first row, are still the object.
  while (value !== node) {
    if (value.kind === 'Call' && value.callee.kind === 'Attribute') value = value.callee.value;
    else if (value.kind === 'Subscript' || value.kind === 'Attribute') value = value.value;
    else return undefined;
  }
  return target?.kind === 'Name' ? target.name : undefined;
}

/** Answers of DynamoDB hold the item. */
function itemOf(name: string, { library }: Access, { statement, node }: Written): string {
  const isAnswer = library === 'dynamodb' && statement.kind === 'Assign' && statement.value === node && isRequest(node);
  return isAnswer ? `${name}.get('Item')` : name;
}

function isRequest(node: Expression): boolean {
  return node.kind === 'Call' && node.callee.kind === 'Attribute' && node.callee.name === 'get_item';
}

function ownerIn(item: string, access: Access, field: string, { source }: Written, style?: Loaded['style']): string {
  if (style === 'attributes') return `${item}.${field}`;
  if (style === 'items') return `${item}.get(${quoted(source, field)})`;
  const isObject = access.entity !== undefined || ['sqlalchemy', 'peewee', 'mongoengine', 'pynamodb'].includes(access.library);
  const isRow = /sql/i.test(access.library) && access.entity === undefined;
  if (isRow) return `${item}[${quoted(source, field)}]`;
  if (isObject) return `${item}.${field}`;
  return `${item}.get(${quoted(source, field)})`;
}

/** `if row is None:` or `if not row:` right below, which refuses what is missing. */
function testBelow({ source, spot, statement }: Written, names: readonly string[]): (Statement & { readonly kind: 'If' }) | undefined {
  const body = statementsIn(bodyAround(source, spot.functions));
  const next = body[body.indexOf(statement) + 1];
  if (next?.kind !== 'If' || next.otherwise.length > 0) return undefined;
  const text = written(source, next.test);
  const isEnd = next.body.length > 0 && ['Return', 'Raise'].includes(next.body.at(-1)?.kind ?? '');
  const isCall = next.body.length === 1 && next.body[0]?.kind === 'Expr';
  return (isEnd || isCall) && names.some((name) => text === `${name} is None` || text === `not ${name}`) ? next : undefined;
}

/** True where what is evaluated in a statement of its own before is evaluated all the same. */
export function isStraight({ spot, node, statement }: Written): boolean {
  const path = spot.expressions.slice(0, -1);
  const isBranching = path.some(
    (each, index) =>
      each.kind === 'Lambda' ||
      'generators' in each ||
      (each.kind === 'IfExp' && path[index + 1] !== each.test && each.test !== node) ||
      (each.kind === 'BoolOp' && path[index + 1] !== each.left && each.left !== node),
  );
  return !isBranching && statement.kind !== 'While' && statement.kind !== 'For';
}

/** Whose it is, and the one that the client names, are compared before anything is read. */
export function comparedBefore(
  at: Written,
  value: Expression,
  owner: Owner,
  access: Access,
  deny: Deny,
  statement: Statement,
): readonly Edit[] | undefined {
  const { source } = at;
  const [left, right] = alike(written(source, value), owner.identity, value, at, access);
  const edit = linesBefore(source, statement, refusing(source, `${left} != ${right}`, deny));
  return edit && [edit];
}

/** SQL casts what it is asked for, and Python does not: there both sides are made text, unless the client's is a number already. */
function alike(value: string, identity: string, expression: Expression, at: Written, { library }: Access): readonly [string, string] {
  const isStrict = ['pymongo', 'dynamodb', 'pynamodb', 'dictionary'].includes(library);
  const meant = written(at.source, behind(expression, at));
  const name = expression.kind === 'Name' ? expression.name : '';
  const isNumber = /\btype\s*=\s*int\b|^int\(/.test(meant) || isIntVariable(name, at) || expression.kind === 'Call';
  return isStrict || isNumber ? [value, identity] : [`str(${value})`, `str(${identity})`];
}

function isIntVariable(name: string, { source, spot }: Written): boolean {
  const def = spot.functions.at(-1);
  const parameter = def?.parameters.find((each) => each.name === name);
  if (!def || !parameter) return false;
  const isAnnotated = parameter.annotation?.kind === 'Name' && parameter.annotation.name === 'int';
  return isAnnotated || def.decorators.some((decorator) => written(source, decorator).includes(`<int:${name}>`));
}
