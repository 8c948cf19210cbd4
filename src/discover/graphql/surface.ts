import { getNamedType, type GraphQLNamedType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { typeNoun } from '../../model/graphql.ts';
import type { GraphqlField, Operation, Surface } from '../../model/operation.ts';
import { createNotes, type Notes } from '../notes.ts';
import { operationsOfField, type FieldContext } from './operations.ts';
import { isComposite, resultOf } from './result.ts';
import type { SchemaDocument } from './schema-text.ts';
import { createSchemas } from './schema.ts';

const mostOperations = 1_000;

/** The operations of a GraphQL schema behind an endpoint: the endpoint as a whole, then each query and each mutation. */
export function graphqlSurface(document: SchemaDocument, origin: string, endpoint: string): Surface {
  const { schema, location, dialect, lineOf } = document;
  const notes = createNotes();
  const nouns = new Set(
    Object.values(schema.getTypeMap()).flatMap((type) => (isComposite(type) && !isRoot(schema, type) ? typeNoun(type.name) : [])),
  );
  const given = new Set(
    [schema.getQueryType(), schema.getMutationType()]
      .flatMap((root) => Object.values(root?.getFields() ?? {}))
      .map((field) => resultOf(field.type).type.name),
  );
  const context: FieldContext = {
    schema,
    schemaOf: createSchemas(),
    isType: (noun) => nouns.has(noun),
    isGiven: (type) => given.has(type),
    endpoint,
    location,
  };
  const fields = [
    ...operationsOfRoot('query', schema.getQueryType(), context, notes),
    ...operationsOfRoot('mutation', schema.getMutationType(), context, notes),
  ];
  if (fields.length > mostOperations) notes.add(`Only the first ${mostOperations} of ${fields.length} GraphQL operations are looked at.`);
  if (schema.getSubscriptionType()) notes.add('Subscriptions of the GraphQL schema are left out: they need a lasting connection.');
  return {
    origin,
    operations: [endpointOperation(endpoint, location), ...fields.slice(0, mostOperations)],
    securitySchemes: {},
    document: { location, dialect, lineOf },
    notes: notes.sentences(),
  };
}

function operationsOfRoot(
  kind: GraphqlField['kind'],
  root: GraphQLObjectType | null | undefined,
  context: FieldContext,
  notes: Notes,
): Operation[] {
  if (!root) return [];
  return Object.values(root.getFields()).flatMap((field) => {
    // Federation asks its parts with these; they are no part of the API.
    if (/^_(?:service|entities)$/.test(field.name) || isRoot(context.schema, getNamedType(field.type))) return [];
    const operations = operationsOfField(kind, field, root.name, context);
    if (operations.length === 0) notes.add('GraphQL fields for which no valid document could be written were left out', field.name);
    return operations;
  });
}

function isRoot(schema: GraphQLSchema, type: GraphQLNamedType): boolean {
  return type === schema.getQueryType() || type === schema.getMutationType() || type.name.startsWith('__');
}

/** The endpoint itself: what can be said of it needs no field of the schema. */
function endpointOperation(endpoint: string, location: string): Operation {
  return {
    id: `POST ${endpoint}`,
    method: 'GET',
    path: endpoint.split('?')[0] ?? endpoint,
    tags: [],
    deprecated: false,
    parameters: [],
    responses: [],
    links: [],
    source: { kind: 'graphql', document: location },
    graphql: { kind: 'query', endpoint, signature: '', field: '__typename', document: 'query { __typename }', places: {}, body: '' },
  };
}
