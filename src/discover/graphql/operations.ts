import { getNamedType, isInterfaceType, parse, validate, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { GraphqlField, Operation, Parameter, Source } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import { amountOf, type Amount } from './amount.ts';
import { argumentsOf, inputAt, type Argument, type Arguments, type Input } from './arguments.ts';
import { securityOf } from './directives.ts';
import { resultOf } from './result.ts';
import { bodySchema, isScalarInput, withDefault, type Schemas } from './schema.ts';
import { fewOf, isPaging, plainSelection, selectionOf } from './selection.ts';

type Field = GraphQLField<unknown, unknown>;

export interface FieldContext {
  readonly schema: GraphQLSchema;
  readonly schemaOf: Schemas;
  /** True for the noun of some type of the schema. */
  readonly isType: (noun: string) => boolean;
  /** True for the name of a type that some query or mutation gives. */
  readonly isGiven: (type: string) => boolean;
  /** Path of the endpoint. */
  readonly endpoint: string;
  /** Where the schema was read. */
  readonly location: string;
}

/** Types that one field of an interface is asked for as, one operation each. */
const mostTypes = 12;
/** Items asked for where a list has to be told how many. */
const items = 50;

/** A query or mutation field as operations: mostly one; `node(id)` is one for each type that it may give. */
export function operationsOfField(kind: GraphqlField['kind'], field: Field, root: string, context: FieldContext): Operation[] {
  const args = argumentsOf(field);
  const { type } = resultOf(field.type);
  const isByIdAlone = kind === 'query' && isInterfaceType(type) && args.own.length === 1 && /^(?:id|nodeId)$/.test(args.own[0]?.name ?? '');
  const possible = isByIdAlone ? context.schema.getPossibleTypes(type) : [];
  // Those that are met elsewhere have objects whose ids are known.
  const met = possible.toSorted((one, other) => Number(context.isGiven(other.name)) - Number(context.isGiven(one.name)));
  const types = isByIdAlone ? met.slice(0, mostTypes) : [undefined];
  return types.flatMap((on) => operationOf(kind, field, root, args, on, context) ?? []);
}

function operationOf(
  kind: GraphqlField['kind'],
  field: Field,
  root: string,
  args: Arguments,
  on: GraphQLObjectType | undefined,
  context: FieldContext,
): Operation | undefined {
  const { schema, schemaOf, endpoint, location } = context;
  const document = documentOf(kind, field, on, schema);
  if (document === undefined) return undefined;
  const amount = amountOf(field, args, { kind, on: on?.name, isType: context.isType });
  const carried = carriedBy(kind, args, amount, schemaOf);
  const signature = `${field.name}${args.own.length === 0 ? '' : `(${args.own.map(({ name }) => name).join(', ')})`}${on ? ` on ${on.name}` : ''}`;
  const security = securityOf(schema, field);
  const source: Source = { kind: 'graphql', document: location, pointer: `/${root}/${field.name}` };
  return {
    id: `POST ${endpoint} ${kind} ${signature}`,
    method: amount.method,
    path: `${endpoint.split('?')[0]?.replace(/\/$/, '') ?? ''}${amount.path}`,
    operationId: field.name,
    ...(field.description ? { description: field.description, summary: firstLine(field.description) } : {}),
    tags: [],
    deprecated: field.deprecationReason !== undefined && field.deprecationReason !== null,
    parameters: carried.parameters,
    ...(carried.body
      ? { body: { required: true, contents: [{ mediaType: 'application/json', schema: carried.body, examples: [] }] } }
      : {}),
    responses: [{ status: '200', contents: [{ mediaType: 'application/json', schema: answerSchema(field, schemaOf), examples: [] }] }],
    links: [],
    ...(security === undefined ? {} : { security }),
    source,
    graphql: { kind, endpoint, signature, field: field.name, document, places: carried.places, body: carried.at },
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}

/** The document of a field: every argument a variable, a bounded selection, and nothing that the schema itself refuses. */
function documentOf(
  kind: GraphqlField['kind'],
  field: Field,
  on: GraphQLObjectType | undefined,
  schema: GraphQLSchema,
): string | undefined {
  const { isList, type } = resultOf(field.type);
  // What a change gives back need only tell the object: a refused field below would hide that it was made.
  const depth = kind === 'query' ? {} : { depth: type === getNamedType(field.type) ? 0 : 1 };
  const paging = field.args.find((argument) => isPaging(argument));
  const isPaged = paging !== undefined && isList && (paging.name === 'first' || String(paging.type).endsWith('!'));
  const variable = argumentsOf(field).own;
  const declared = variable.length === 0 ? '' : `(${variable.map(({ name, type: given }) => `$${name}: ${String(given)}`).join(', ')})`;
  const passed = [...variable.map(({ name }) => `${name}: $${name}`), ...(isPaged ? [fewOf(field, items).slice(1, -1)] : [])];
  const call = `${field.name}${passed.length === 0 ? '' : `(${passed.join(', ')})`}`;
  const write = (selection: string): string => `${kind} ${field.name}${declared} { ${call}${selection === '' ? '' : ` ${selection}`} }`;
  const selections = [selectionOf(schema, field.type, { on, ...depth }), plainSelection(field.type), '{ __typename }'];
  return selections.map(write).find((document) => isValid(schema, document));
}

function isValid(schema: GraphQLSchema, document: string): boolean {
  try {
    return validate(schema, parse(document), undefined, { maxErrors: 1 }).length === 0;
  } catch {
    return false;
  }
}

interface Carried {
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  /** JSON Pointer under which the body goes. */
  readonly at: string;
  readonly places: Readonly<Record<string, string>>;
}

/** Where each argument goes: into the path, beside it, or into the body. */
function carriedBy(kind: GraphqlField['kind'], args: Arguments, { slots }: Amount, schemaOf: Schemas): Carried {
  const inPath = slots.map((argument) => parameterOf(argument, 'path', schemaOf));
  const places = Object.fromEntries(slots.map(({ name, place }) => [name, place]));
  const rest = args.own.filter((argument) => !slots.includes(argument));
  if (kind === 'query') {
    // A filter that is an input type goes as a whole; with a slot inside, the rest of it is left out.
    const others = rest.filter(({ place }) => !slots.some((slot) => slot.place.startsWith(`${place}/`)));
    const query = others.map((argument) => parameterOf(argument, 'query', schemaOf));
    return {
      parameters: [...inPath, ...query],
      at: '',
      places: { ...places, ...Object.fromEntries(others.map(({ name, place }) => [name, place])) },
    };
  }
  const given = rest.filter((argument) => !args.where.some((inner) => inner.place.startsWith(`${argument.place}/`)));
  const { fields, at } = heldBy(given, args.input, slots);
  if (fields.length === 0) return { parameters: inPath, at: '', places };
  const properties = new Map(fields.map((argument) => [argument.name, schemaFor(argument, schemaOf)]));
  const required = new Set(fields.filter((argument) => argument.required).map(({ name }) => name));
  return { parameters: inPath, body: bodySchema(properties, required), at, places };
}

/** What the body holds: arguments beside each other, or the fields of the one input type, however many envelopes are around it. */
function heldBy(
  given: readonly Argument[],
  input: Input | undefined,
  slots: readonly Argument[],
): { readonly fields: readonly Argument[]; readonly at: string } {
  if (input === undefined || given.some((argument) => argument !== input.argument)) return { fields: given, at: '' };
  const fields = input.fields.filter((argument) => !slots.includes(argument));
  const [only] = fields;
  const inner = only && fields.length === 1 ? inputAt(only) : undefined;
  // `{ product: { set: … } }` is how some libraries change one field, and no envelope.
  const isEnvelope = inner?.fields.every(({ name }) => name !== 'set') === true;
  return inner && isEnvelope ? heldBy(fields, inner, slots) : { fields, at: input.argument.place };
}

function parameterOf(argument: Argument, place: 'path' | 'query', schemaOf: Schemas): Parameter {
  return {
    name: argument.name,
    in: place,
    required: place === 'path' || argument.required,
    ...(argument.description === undefined ? {} : { description: argument.description }),
    schema: schemaFor(argument, schemaOf),
    examples: [],
  };
}

function schemaFor(argument: Argument, schemaOf: Schemas): Schema {
  const schema = schemaOf(argument.type);
  return isScalarInput(argument) ? withDefault(schema, argument.default) : schema;
}

function answerSchema(field: Field, schemaOf: Schemas): Schema {
  const data = bodySchema(new Map([[field.name, schemaOf(field.type)]]), new Set());
  // Which of the fields come is up to the document, so none is undeclared.
  return { ...bodySchema(new Map([['data', data]]), new Set()), additionalProperties: true };
}
