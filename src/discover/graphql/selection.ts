import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** How much of a result is asked for: enough to know an object by, little enough that no answer explodes. */
const limits = { depth: 2, fields: 120, fragments: 8, nestedItems: 5, nesting: 8 } as const;

interface Walk {
  readonly schema: GraphQLSchema;
  left: number;
  /** A list stands above: no further list is asked for. */
  readonly inList: boolean;
}

/**
 * The selection set of a field's result, braces included; '' for a scalar. Scalars first, then objects two levels down, no type
 * below itself, and no list inside a list. Every object names its type. Fields that need arguments are left out. `depth` is how
 * many levels of objects are wanted below the first.
 */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  { on, depth = limits.depth }: { readonly on?: GraphQLObjectType | undefined; readonly depth?: number } = {},
): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const walk: Walk = { schema, left: limits.fields, inList: isList(type) };
  return on ? `{ __typename ... on ${on.name} ${objectSelection(on, depth, [on], walk)} }` : selection(named, depth, [], walk);
}

/** The scalars of an object and nothing below: what is asked for when more is refused by the schema itself. */
export function plainSelection(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const fields = isUnionType(named)
    ? []
    : Object.values(named.getFields()).filter((field) => isOpen(field) && isLeafType(getNamedType(field.type)));
  return `{ ${['__typename', ...fields.map((field) => field.name)].join(' ')} }`;
}

function selection(type: GraphQLCompositeType, depth: number, above: readonly GraphQLCompositeType[], walk: Walk): string {
  if (isObjectType(type)) return objectSelection(type, depth, [...above, type], walk);
  const common = isInterfaceType(type) ? fieldsOf(type, depth, [...above, type], walk) : [];
  const names = new Set(common.map((text) => text.split(/[ ({]/)[0]));
  const fragments = walk.schema
    .getPossibleTypes(type)
    .slice(0, limits.fragments)
    .flatMap((possible) => {
      const own = leavesOf(possible, walk).filter((name) => !names.has(name));
      return own.length === 0 ? [] : [`... on ${possible.name} { ${own.join(' ')} }`];
    });
  return `{ ${['__typename', ...common, ...fragments].join(' ')} }`;
}

function objectSelection(type: GraphQLObjectType, depth: number, above: readonly GraphQLCompositeType[], walk: Walk): string {
  return `{ ${['__typename', ...fieldsOf(type, depth, above, walk)].join(' ')} }`;
}

function fieldsOf(
  type: Extract<GraphQLCompositeType, { getFields: () => unknown }>,
  depth: number,
  above: readonly GraphQLCompositeType[],
  walk: Walk,
): string[] {
  const found = leavesOf(type, walk);
  for (const field of Object.values(type.getFields())) {
    const named = getNamedType(field.type);
    const isItself = isItems(field) || isNode(field);
    if (!isOpen(field) || !isCompositeType(named) || above.includes(named) || walk.left <= 0 || above.length > limits.nesting) continue;
    if (depth <= 0 && !isItself) continue;
    if (/^(?:pageInfo|query|viewer)$/.test(field.name)) continue;
    // The list of a connection is the list itself, and not one inside it.
    if (isList(field.type) && walk.inList && !isItems(field)) continue;
    const below: Walk = { schema: walk.schema, left: walk.left - 1, inList: walk.inList || isList(field.type) };
    const inner = selection(named, isItself ? depth : depth - 1, above, below);
    walk.left = below.left;
    found.push(`${field.name}${fewOf(field, limits.nestedItems)} ${inner}`);
  }
  return found;
}

function leavesOf(type: Extract<GraphQLCompositeType, { getFields: () => unknown }>, walk: Walk): string[] {
  const names = Object.values(type.getFields())
    .filter((field) => isOpen(field) && isLeafType(getNamedType(field.type)) && field.name !== 'cursor')
    .map((field) => field.name)
    .slice(0, Math.max(0, walk.left));
  walk.left -= names.length;
  return names;
}

function isItems(field: Field): boolean {
  return isList(field.type) && /^(?:edges|nodes|items|results|data|records|content|objects)$/.test(field.name);
}

function isNode(field: Field): boolean {
  return field.name === 'node';
}

/** True for a field that needs no argument. */
export function isOpen(field: Field): boolean {
  return !field.args.some(isRequiredArgument);
}

/** An argument that asks for a few items only, where the field takes one: `(first: 5)`. */
export function fewOf(field: Field, count: number): string {
  const argument = field.args.find(isPaging);
  return argument ? `(${argument.name}: ${count})` : '';
}

/** True for an argument that says how many items are wanted. */
export function isPaging({ name, type }: Field['args'][number]): boolean {
  return /^(?:first|limit|take|pageSize|page_size|perPage|per_page)$/.test(name) && getNamedType(type).name === 'Int';
}

/** True for a type with a list in it, however wrapped. */
export function isList(type: GraphQLOutputType): boolean {
  if (isNonNullType(type)) return isList(type.ofType);
  return isListType(type);
}
