import { getNamedType, isObjectType, Kind, type ConstDirectiveNode, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { SecurityRequirement } from '../../model/operation.ts';

const guarding =
  /^(?:is)?(?:auth|authenticated|authorized|authorised|requiresauth|authrequired|requireauth|loggedin|loginrequired|private|protected|guard|guarded)$|^(?:auth|has|requires?|needs?)(?:role|roles|scope|scopes|permission|permissions|authority)$|^(?:authenticate|authorize|authorise|requiresscopes)$/i;
const opening = /^(?:public|skipauth|anonymous|allowanonymous|noauth)$/i;

/**
 * What the schema's directives say of who may use a field: `@auth` and its like, on the field, on what it gives, or on its root type.
 * `undefined` when they say nothing; introspection never does.
 */
export function securityOf(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): readonly SecurityRequirement[] | undefined {
  const own = field.astNode?.directives ?? [];
  if (own.some(({ name }) => opening.test(name.value))) return [];
  const type = getNamedType(field.type);
  const given = isObjectType(type) ? (type.astNode?.directives ?? []) : [];
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((root) => root?.getFields()[field.name] === field);
  const above = roots.flatMap((root) => root?.astNode?.directives ?? []);
  const found = [...own, ...given, ...above].find(({ name }) => guarding.test(name.value));
  return found ? [{ [`@${found.name.value}`]: scopesIn(found) }] : undefined;
}

/** The roles or scopes that a directive names. */
function scopesIn(directive: ConstDirectiveNode): string[] {
  return (directive.arguments ?? []).flatMap(({ value }) => {
    const values = value.kind === Kind.LIST ? value.values : [value];
    return values.flatMap((item) => (item.kind === Kind.ENUM || item.kind === Kind.STRING ? [item.value] : []));
  });
}
