import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
} from 'graphql';
import { isList } from './selection.ts';

/** What a field gives, envelopes aside. */
export interface Result {
  readonly type: GraphQLNamedType;
  readonly isList: boolean;
}

const listFields = /^(?:edges|nodes|items|results|data|records|content|objects|returning)$/;
const envelope = /(?:payload|response|result|output|mutation|return)$/i;

/** Looks through connections (`edges { node }`), pages (`items`) and payloads (`{ order errors }`) for what a field is about. */
export function resultOf(type: GraphQLOutputType): Result {
  const named = getNamedType(type);
  if (isList(type) || !isObjectType(named)) return { type: named, isList: isList(type) };
  const fields = Object.values(named.getFields());
  if (fields.some(({ name }) => /^(?:id|_id|uuid|slug|nodeId)$/i.test(name))) return { type: named, isList: false };
  const items = fields.find((field) => listFields.test(field.name) && isList(field.type) && isComposite(getNamedType(field.type)));
  if (items) return { type: throughEdge(getNamedType(items.type)), isList: true };
  const inner = fields.filter((field) => isComposite(getNamedType(field.type)) && !isAside(field));
  const [only] = inner;
  if (!only || (inner.length > 1 && !envelope.test(named.name))) return { type: named, isList: false };
  return inner.length === 1 || envelope.test(named.name)
    ? { type: throughEdge(getNamedType(only.type)), isList: isList(only.type) }
    : { type: named, isList: false };
}

function isAside({ name }: GraphQLField<unknown, unknown>): boolean {
  return /errors?$|^(?:query|viewer|pageInfo|clientMutationId)$/i.test(name);
}

function throughEdge(type: GraphQLNamedType): GraphQLNamedType {
  const node = isObjectType(type) ? type.getFields()['node'] : undefined;
  return node ? getNamedType(node.type) : type;
}

/** True for a type with fields, or whose possible types have some. */
export function isComposite(type: GraphQLNamedType): boolean {
  return isObjectType(type) || isInterfaceType(type) || isUnionType(type);
}
