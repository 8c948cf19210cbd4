import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { isAccountNoun, plainName, singular, wordsOf } from '../../model/names.ts';
import { isPaging } from './selection.ts';
import { isScalarInput } from './schema.ts';

/** A value that a request may carry, wherever it stands among the arguments. */
export interface Argument {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** JSON Pointer into the variables. */
  readonly place: string;
  readonly required: boolean;
  readonly description?: string;
  readonly default?: unknown;
}

/** The arguments of a field. */
export interface Arguments {
  /** Those of the field itself. Paging ones are left to the document. */
  readonly own: readonly Argument[];
  /** Fields of the input types that say which object is meant: `where: { id }`. */
  readonly where: readonly Argument[];
  /** The argument that takes what an object is to hold, where there is exactly one: its fields count like arguments. */
  readonly input?: Input;
}

/** An argument of an input type, with the fields of that type. */
export interface Input {
  readonly argument: Argument;
  readonly fields: readonly Argument[];
}

const selecting = /^(?:where|by|filter|key|keys|pk_columns|pkcolumns|id|selector)$/i;

export function argumentsOf(field: GraphQLField<unknown, unknown>): Arguments {
  const own = field.args
    .filter((argument) => !isPaging(argument) && !/^(?:after|before|last|clientMutationId)$/.test(argument.name))
    .map((argument) => argumentAt(argument, '', isRequiredArgument(argument)));
  const inputs = own.flatMap((argument) => inputAt(argument) ?? []);
  const where = inputs.filter(({ argument }) => selecting.test(argument.name)).flatMap(({ fields }) => fields);
  const holding = inputs.filter(({ argument }) => !selecting.test(argument.name));
  const [input] = holding;
  return { own, where, ...(input && holding.length === 1 ? { input } : {}) };
}

/** An argument with the fields of its input type; `undefined` when it takes something else. */
export function inputAt(argument: Argument): Input | undefined {
  const type = isNonNullType(argument.type) ? argument.type.ofType : argument.type;
  if (!isInputObjectType(type)) return undefined;
  const fields = Object.values(type.getFields())
    .filter(({ name }) => name !== 'clientMutationId')
    .map((inner) => argumentAt(inner, argument.place, argument.required && isRequiredInputField(inner)));
  return { argument, fields };
}

type Described = Pick<GraphQLArgument, 'name' | 'type' | 'description' | 'defaultValue'>;

function argumentAt({ name, type, description, defaultValue }: Described, above: string, required: boolean): Argument {
  return {
    name,
    type,
    place: `${above}/${name}`,
    required,
    ...(description === null || description === undefined ? {} : { description }),
    ...(defaultValue === undefined ? {} : { default: defaultValue }),
  };
}

/** True for an argument that takes one scalar which could name something. */
export function mayName(argument: Argument): boolean {
  const named = getNamedType(argument.type);
  return isScalarInput(argument) && !isListType(argument.type) && !isEnumType(named) && !/^(?:Boolean|Float)$/.test(named.name);
}

const bareIds = /^(?:id|pk|uuid|guid|oid|objectid|nodeid|globalid|slug)$/;
const namedIds = /^(.+?)(?:_?(?:id|uuid|guid|pk|slug))$/i;
const technical = /^(?:client|request|session|device|trace|correlation|transaction|idempotency|mutation|api|page|cursor|build|job)$/;

/** The noun that an argument names an object of by an id; '' for a bare `id`; `undefined` for other arguments. */
export function idNoun(argument: Argument): string | undefined {
  if (!mayName(argument)) return undefined;
  if (bareIds.test(plainName(argument.name))) return '';
  const stem = namedIds.exec(argument.name)?.[1];
  const word = stem === undefined ? undefined : wordsOf(stem).at(-1);
  if (word === undefined || technical.test(word) || !/(?:_id|Id|ID|_uuid|Uuid|UUID|_guid|Guid|_pk|Pk|_slug|Slug)$/.test(argument.name))
    return undefined;
  return /^(?:owner|author|creator|assignee)$/.test(word) ? 'user' : singular(word);
}

/** True for an argument that names the object of a field whose noun is `noun`. */
export function isOwnId(argument: Argument, noun: string): boolean {
  const named = idNoun(argument);
  return named === '' || (named !== undefined && (named === noun || (isAccountNoun(named) && isAccountNoun(noun))));
}
