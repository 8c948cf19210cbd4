import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLNullableType,
  type GraphQLType,
} from 'graphql';
import type { Json } from '../../model/json.ts';
import type { Schema, TypeName } from '../../model/schema.ts';
import { isOpen } from './selection.ts';

/** Turns the types of one GraphQL schema into schemas of the model; a type is turned once, so that recursive ones end. */
export type Schemas = (type: GraphQLType) => Schema;

export function createSchemas(): Schemas {
  const memo = new Map<string, Schema>();
  const schemaOf: Schemas = (type) => {
    const key = type.toString();
    const known = memo.get(key);
    if (known) return known;
    const schema = isNonNullType(type) ? described(type.ofType, false, schemaOf) : described(type, true, schemaOf);
    memo.set(key, schema);
    return schema;
  };
  return schemaOf;
}

// What lies below is read when it is asked for: types refer to each other in circles.
function described(type: GraphQLNullableType, nullable: boolean, schemaOf: Schemas): Schema {
  if (isListType(type)) {
    return {
      ...plain,
      nullable,
      types: ['array'],
      get items() {
        return schemaOf(type.ofType);
      },
    };
  }
  const name = type.name;
  if (isEnumType(type)) return { ...plain, nullable, name, types: ['string'], enum: type.getValues().map((value) => value.name) };
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const required = new Set(fields.filter(isRequiredInputField).map((field) => field.name));
    return objectSchema({ name, nullable, required }, fields, schemaOf);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    return objectSchema({ name, nullable, required: new Set() }, Object.values(type.getFields()).filter(isOpen), schemaOf);
  }
  return { ...scalarSchema(type), nullable };
}

interface Named {
  readonly name: string;
  readonly type: GraphQLType;
  readonly defaultValue?: unknown;
}

function objectSchema(own: Pick<Schema, 'nullable' | 'required'> & { name: string }, fields: readonly Named[], schemaOf: Schemas): Schema {
  let properties: ReadonlyMap<string, Schema> | undefined;
  return {
    ...plain,
    ...own,
    types: ['object'],
    get properties() {
      return (properties ??= new Map(fields.map((field) => [field.name, withDefault(schemaOf(field.type), field.defaultValue)])));
    },
  };
}

/** The schema of an argument or an input field with its default, where it is a plain value. */
export function withDefault(schema: Schema, value: unknown): Schema {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain && !/^(?:array|object)$/.test(schema.types[0] ?? '') ? { ...schema, default: value } : schema;
}

/** A schema of some named properties: the body of a field whose arguments stand beside each other. */
export function bodySchema(properties: ReadonlyMap<string, Schema>, required: ReadonlySet<string>): Schema {
  return { ...plain, types: ['object'], properties, required };
}

const plain = {
  types: [],
  nullable: true,
  examples: [] as readonly Json[],
  readOnly: false,
  writeOnly: false,
  properties: new Map<string, Schema>(),
  required: new Set<string>(),
  variants: [],
} satisfies Schema;

const scalars: readonly (readonly [RegExp, TypeName, string?])[] = [
  [/^(?:int|bigint|long|short|byte|(?:unsigned|positive|nonnegative|nonpositive|negative)int|safeint|timestamp|port)$/i, 'integer'],
  [/^(?:float|double|decimal|bigdecimal|number|(?:unsigned|positive|nonnegative)float|latitude|longitude)$/i, 'number'],
  [/^boolean$/i, 'boolean'],
  [/^(?:json|jsonobject|jsonstring|genericscalar|any|object|map|metadata)$/i, 'object'],
  [/^upload$/i, 'file'],
  [/^(?:datetime|datetimetz|isodatetime|iso8601datetime|awsdatetime|timestamptz)$/i, 'string', 'date-time'],
  [/^(?:date|localdate|iso8601date|awsdate)$/i, 'string', 'date'],
  [/^(?:time|localtime|awstime)$/i, 'string', 'time'],
  [/^(?:uuid|guid|uuid4)$/i, 'string', 'uuid'],
  [/^(?:email|emailaddress|awsemail)$/i, 'string', 'email'],
  [/^(?:url|uri|awsurl)$/i, 'string', 'uri'],
  [/^password$/i, 'string', 'password'],
  [/^(?:ipv4|ipaddress|ip)$/i, 'string', 'ipv4'],
];

function scalarSchema({ name }: GraphQLNamedType): Schema {
  const known = scalars.find(([pattern]) => pattern.test(name));
  const [, type = 'string', format] = known ?? [];
  return { ...plain, name, types: [type], ...(format === undefined ? {} : { format }) };
}

/** True for an input field or argument whose value a scalar is: a text, a number or an id. */
export function isScalarInput({ type }: Pick<GraphQLInputField, 'type'>): boolean {
  const inner = isNonNullType(type) ? type.ofType : type;
  return !isListType(inner) && !isInputObjectType(inner);
}
