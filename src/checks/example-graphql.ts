import type { ExampleApi, Reply } from '../model/example.ts';
import { headerOf, type Request } from '../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../model/json.ts';

/** What a field of an example is told: its arguments, and who asks. */
export interface FieldContext {
  readonly args: JsonObject;
  readonly me: string | undefined;
}

/** A GraphQL request as an example sees it before it answers. */
export interface GraphqlAsk {
  readonly method: string;
  readonly documents: readonly string[];
  readonly isBatch: boolean;
  /** Names of the fields at the top of the first document, repeated ones repeated. */
  readonly fields: readonly string[];
  /** Levels of the first document. */
  readonly depth: number;
}

export interface GraphqlExample {
  readonly title: string;
  /** In the language of schemas. */
  readonly schema: string;
  /** Root field → its value; it may throw an `Error`, whose message becomes the answer's. */
  readonly fields: Readonly<Record<string, (context: FieldContext) => Json>>;
  /** An answer in place of the ordinary one. */
  readonly instead?: (ask: GraphqlAsk) => Reply | undefined;
  readonly allow?: ExampleApi['allow'];
  /** Names of people; a person's token is `token-of-<name>`. */
  readonly people?: readonly string[];
}

/** A GraphQL API for an example. It answers whole objects, whatever is selected of them. */
export function graphqlExample({ title, schema, fields, instead, allow = 'read', people = [] }: GraphqlExample): ExampleApi {
  return {
    title,
    description: schema,
    start: () => (request) => {
      const asked = payloadsOf(request);
      if (asked === undefined) return { status: 404, body: { error: 'not found' } };
      const isBatch = Array.isArray(asked);
      const payloads = isBatch ? asked : [asked];
      const parsed = payloads.map((payload) => topFields(payload.query));
      const [document = ''] = payloads.map(({ query }) => query);
      const names = parsed[0]?.map(({ name }) => name) ?? [];
      const ask = {
        method: request.method,
        documents: payloads.map(({ query }) => query),
        isBatch,
        fields: names,
        depth: depthOf(document),
      };
      const other = instead?.(ask);
      if (other) return other;
      const me = people.find((name) => headerOf(request.headers, 'authorization') === `Bearer token-of-${name}`);
      const answers = payloads.map((payload, at) => execute(parsed[at] ?? [], payload, fields, me));
      return { status: 200, body: isBatch ? answers : (answers[0] ?? null) };
    },
    ...(people.length === 0 ? {} : { identities: people.map((name) => ({ name, bearer: `token-of-${name}` })) }),
    allow,
  };
}

interface Payload {
  readonly query: string;
  readonly variables: JsonObject;
}

function payloadsOf({ method, path, body }: Request): Payload | readonly Payload[] | undefined {
  const [endpoint, search = ''] = path.split('?');
  if (endpoint !== '/graphql') return undefined;
  if (method === 'GET') return { query: new URLSearchParams(search).get('query') ?? '', variables: {} };
  const json = parseJson(body ?? '');
  return Array.isArray(json) ? json.map((item: Json) => payloadOf(item)) : payloadOf(json);
}

function payloadOf(json: Json | undefined): Payload {
  const { query, variables } = isObject(json) ? json : {};
  return { query: typeof query === 'string' ? query : '', variables: isObject(variables) ? variables : {} };
}

interface TopField {
  readonly alias: string;
  readonly name: string;
  readonly args: string;
}

/** The fields at the top of a document that scans send: an alias, a name and arguments each; what is selected below is skipped. */
function topFields(document: string): TopField[] {
  const found: TopField[] = [];
  let depth = 0;
  for (const { 0: token, groups } of document.matchAll(
    /(?<open>\{)|(?<close>\})|(?:(?<alias>\w+)\s*:\s*)?(?<name>\w+)\s*(?:\((?<args>[^)]*)\))?/g,
  )) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    else if (depth === 1 && groups?.['name'] !== undefined)
      found.push({ alias: groups['alias'] ?? groups['name'], name: groups['name'], args: groups['args'] ?? '' });
  }
  return found;
}

function depthOf(document: string): number {
  let depth = 0;
  return Math.max(0, ...[...document].map((character) => (depth += character === '{' ? 1 : character === '}' ? -1 : 0)));
}

function execute(
  top: readonly TopField[],
  { query, variables }: Payload,
  fields: GraphqlExample['fields'],
  me: string | undefined,
): JsonObject {
  const data: Record<string, Json> = {};
  const errors: Json[] = [];
  for (const { alias, name, args } of top) {
    try {
      if (name === '__typename') data[alias] = query.startsWith('mutation') ? 'Mutation' : 'Query';
      else if (name === '__schema') data[alias] = { queryType: { name: 'Query' } };
      else data[alias] = fields[name]?.({ args: argumentsIn(args, variables), me }) ?? null;
    } catch (error) {
      data[alias] = null;
      errors.push({ message: error instanceof Error ? error.message : '', path: [alias] });
    }
  }
  return { data, ...(errors.length === 0 ? {} : { errors }) };
}

function argumentsIn(text: string, variables: JsonObject): JsonObject {
  const pairs = [...text.matchAll(/(\w+)\s*:\s*\$(\w+)/g)].map(([, name = '', variable = '']): [string, Json] => [
    name,
    variables[variable] ?? null,
  ]);
  return Object.fromEntries(pairs);
}
