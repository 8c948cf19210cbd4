import { getIntrospectionQuery } from 'graphql';
import { documentRequest } from '../../model/graphql.ts';
import { jsonOf, type Answer, type Send } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { readIntrospection, type SchemaDocument } from './schema-text.ts';

/** Where GraphQL usually answers. */
export const usualEndpoints = ['/graphql', '/api/graphql', '/graphiql', '/query', '/v1/graphql', '/gql'] as const;

/** What asking a URL for its schema came to. */
export type Asked =
  | { readonly kind: 'schema'; readonly document: SchemaDocument }
  /** It is GraphQL, and keeps its schema to itself. */
  | { readonly kind: 'closed'; readonly why: string }
  | { readonly kind: 'other' };

// Without its usual name, which some servers refuse instead of the question.
const introspection = getIntrospectionQuery({ descriptions: true }).replace('query IntrospectionQuery', 'query');

/** True when a URL answers as GraphQL does, be it with a refusal. */
export async function speaksGraphql(url: URL, send: Send): Promise<boolean> {
  return voiceOf(await send(documentRequest(url.origin, url.pathname + url.search, 'query { __typename }'))) !== 'other';
}

/** Asks a URL for its GraphQL schema: first whether it speaks GraphQL at all, which costs it next to nothing. */
export async function askForSchema(url: URL, send: Send): Promise<Asked> {
  const { origin } = url;
  const endpoint = url.pathname + url.search;
  const greeting = await send(documentRequest(origin, endpoint, 'query { __typename }'));
  const voice = voiceOf(greeting);
  if (voice === 'other') return { kind: 'other' };
  const answer = await send(documentRequest(origin, endpoint, introspection));
  if (answer.kind === 'silence') return { kind: 'closed', why: 'the introspection query got no answer' };
  if (answer.response.truncated) return { kind: 'closed', why: 'its schema is larger than what is read of one answer' };
  const document = readIntrospection(jsonOf(answer.response), url.href);
  if (document) return { kind: 'schema', document: { ...document, endpoint: url } };
  return { kind: 'closed', why: voice === 'speaks' ? 'introspection is off' : 'it refuses the anonymous caller' };
}

/** `speaks`: it answered the question that every GraphQL endpoint can answer. `refuses`: it answered with errors as GraphQL has them. */
function voiceOf(answer: Answer): 'speaks' | 'refuses' | 'other' {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (!isObject(json)) return 'other';
  const { data, errors } = json;
  if (isObject(data) && typeof data['__typename'] === 'string') return 'speaks';
  if (!Array.isArray(errors) || errors.length === 0 || !errors.every(isObject)) return 'other';
  const isGraphql = errors.some(
    (error) => typeof error['message'] === 'string' && ('locations' in error || 'extensions' in error || 'path' in error),
  );
  const isNamed =
    answer.kind === 'exchange' &&
    /graphi?ql|gql/i.test(answer.request.path) &&
    errors.every((error) => typeof error['message'] === 'string');
  return isGraphql || isNamed ? 'refuses' : 'other';
}
