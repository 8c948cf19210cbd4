import {
  buildASTSchema,
  buildClientSchema,
  GraphQLError,
  Kind,
  parse,
  specifiedScalarTypes,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { z } from 'zod';
import type { Json } from '../../model/json.ts';
import { isObject, parseJson } from '../../model/json.ts';
import { UserError } from '../../model/user-error.ts';

/** A GraphQL schema, and where it was read. */
export interface SchemaDocument {
  readonly schema: GraphQLSchema;
  readonly location: string;
  readonly dialect: string;
  /** The URL that was asked for it. */
  readonly endpoint?: URL;
  /** 1-based line of `/Type/field`, where the text is the schema's own language. */
  readonly lineOf: (pointer: string) => number | undefined;
}

const mostTokens = 1_000_000;
const ignored = /(?:\s+|#[^\n]*|"""[^]*?"""|"[^"\n]*")/y;
const opening =
  /(?:extend\s+)?(?:(?:type|interface|union|enum|input|scalar)\s+[A-Za-z_]\w*\s*(?:[{@&="#]|implements\b|type\b|scalar\b|$)|schema\s*[{@]|directive\s+@)/y;

/**
 * Reads text as a GraphQL schema: in its own language, or as the answer to an introspection query. `undefined` for anything else.
 * Throws `UserError` `graphql-invalid` when it is one and cannot be used.
 */
export function readSchemaText(text: string, location: string): SchemaDocument | undefined {
  const bare = text.replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(bare)) return bare.includes('"__schema"') ? readIntrospection(parseJson(bare), location) : undefined;
  return opensLikeSchema(bare) || /\.(?:graphqls?|gql|sdl)$/i.test(location) ? readLanguage(bare, location) : undefined;
}

/** True when the first thing in a text, comments aside, is the definition of a type. */
function opensLikeSchema(text: string): boolean {
  let at = 0;
  for (ignored.lastIndex = 0; ignored.test(text); ignored.lastIndex = at) at = ignored.lastIndex;
  opening.lastIndex = at;
  return opening.test(text);
}

const introspected = z.looseObject({
  queryType: z.looseObject({ name: z.string() }).nullish(),
  types: z.array(z.looseObject({ kind: z.string(), name: z.string() })).min(1),
});

/** Reads the answer to an introspection query; `undefined` when it holds none. Throws `UserError` when it is cut or broken. */
export function readIntrospection(json: Json | undefined, location: string): SchemaDocument | undefined {
  const data = isObject(json) && isObject(json['data']) ? json['data'] : json;
  const read = isObject(data) ? introspected.safeParse(data['__schema']) : undefined;
  if (!read?.success) return undefined;
  const types = read.data.types.map((type) => ({ ...absentAsNull, ...type }));
  const query = { __schema: { directives: [], ...read.data, types } } as unknown as IntrospectionQuery;
  return usable(
    location,
    () => buildClientSchema(query, { assumeValid: true }),
    'introspection',
    () => undefined,
  );
}

// Old servers leave out what does not apply to a kind of type.
const absentAsNull = { fields: null, inputFields: null, interfaces: [], enumValues: null, possibleTypes: null };

function readLanguage(text: string, location: string): SchemaDocument {
  const lines = new Map<string, number>();
  const build = (): GraphQLSchema => {
    const document = completed(parse(text, { maxTokens: mostTokens }));
    for (const definition of document.definitions) {
      if (!('fields' in definition) || !('name' in definition) || !definition.name) continue;
      for (const field of definition.fields ?? [])
        if (field.loc)
          lines.set(`/${definition.name.value}/${field.name.value}`, field.name.loc?.startToken.line ?? field.loc.startToken.line);
    }
    return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  };
  return usable(location, build, 'schema language', (pointer) => lines.get(pointer));
}

function usable(location: string, build: () => GraphQLSchema, dialect: string, lineOf: SchemaDocument['lineOf']): SchemaDocument {
  try {
    return { schema: build(), location, dialect: `graphql ${dialect}`, lineOf };
  } catch (cause) {
    const where = cause instanceof GraphQLError && cause.locations?.[0] ? ` (line ${cause.locations[0].line})` : '';
    const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new UserError('graphql-invalid', `${location} cannot be read as a GraphQL schema: ${said?.replace(/\.$/, '')}${where}.`, {
      hint: 'Give the whole schema: the text that the server builds it from, or the answer to an introspection query.',
      cause,
    });
  }
}

/** A part of a federated schema extends types that other parts define, and uses scalars that its gateway brings along. */
function completed(document: DocumentNode): DocumentNode {
  const defined = new Set<string>(specifiedScalarTypes.map((type) => type.name));
  for (const definition of document.definitions) if (isTypeDefinition(definition)) defined.add(definition.name.value);
  const definitions = document.definitions.map((definition): DefinitionNode => {
    const isFirst = definition.kind === Kind.OBJECT_TYPE_EXTENSION && !defined.has(definition.name.value);
    if (!isFirst) return definition;
    defined.add(definition.name.value);
    return { ...definition, kind: Kind.OBJECT_TYPE_DEFINITION };
  });
  const named = new Set<string>();
  visit(document, { NamedType: (node) => void named.add(node.name.value) });
  const missing = [...named].filter((name) => !defined.has(name));
  const scalars = missing.map((value): DefinitionNode => ({ kind: Kind.SCALAR_TYPE_DEFINITION, name: { kind: Kind.NAME, value } }));
  return { kind: Kind.DOCUMENT, definitions: [...definitions, ...scalars] };
}

function isTypeDefinition(definition: DefinitionNode): definition is Extract<DefinitionNode, { kind: `${string}TypeDefinition` }> {
  return definition.kind.endsWith('TypeDefinition');
}
