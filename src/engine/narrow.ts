import { isServed } from '../model/answer.ts';
import { graphqlAnswerOf, graphqlKind } from '../model/graphql.ts';
import { pathsTo, withoutField } from '../model/graphql-document.ts';
import type { Answer, Request } from '../model/http.ts';
import type { Call, SendAs } from '../model/identity.ts';
import { isObject, parseJson } from '../model/json.ts';

/** Fields that a document is asked without, at most. */
const mostCuts = 8;

/**
 * Asks GraphQL for less where one field below spoils the whole answer: a refused field that may not be null takes everything around
 * it along, and whoever wants the rest asks without it. What the first identity that is served is asked for, everybody is asked for
 * from then on; and what was refused below a field is left out of other documents, of mutations wherever it stands.
 */
export function narrowed(sendAs: SendAs): SendAs {
  const settled = new Set<string>();
  const cuts = new Map<string, readonly (readonly string[])[]>();
  const spoilers: (readonly [string, string])[] = [];

  const shaped = (call: Call): Call => {
    const own = cuts.get(call.operation) ?? [];
    const request = own.reduce(without, call.request);
    if (settled.has(call.operation)) return { ...call, request };
    const isMutation = graphqlKind(request) === 'mutation';
    return {
      ...call,
      request: spoilers.reduce((less, [name, parent]) => withoutAll(less, name, isMutation ? undefined : parent), request),
    };
  };
  const learn = (paths: readonly (readonly string[])[]): void =>
    void spoilers.push(...paths.map((path) => [path.at(-1) ?? '', path.at(-2) ?? ''] as const));

  return async (call) => {
    const kind = graphqlKind(call.request);
    if (kind === undefined) return sendAs(call);
    let asked = shaped(call);
    let answer = await sendAs(asked);
    if (kind === 'mutation') {
      // It may have changed something all the same, so it is not sent again.
      if (!isServed(answer)) learn(spoiledPaths(answer));
      return answer;
    }
    const settles = call.as !== null && !call.tamper && !settled.has(call.operation);
    for (let round = 0; round < mostCuts && !isServed(answer); round++) {
      const spoiled = spoiledPaths(answer);
      const request = spoiled.reduce(without, asked.request);
      if (request.body === asked.request.body) return answer;
      asked = { ...asked, request };
      if (settles) {
        cuts.set(call.operation, [...(cuts.get(call.operation) ?? []), ...spoiled]);
        learn(spoiled);
      }
      answer = await sendAs(asked);
    }
    if (settles && isServed(answer)) settled.add(call.operation);
    return answer;
  };
}

/** The paths of the errors below the field that was asked for, where that field is lost with them. */
function spoiledPaths(answer: Answer): string[][] {
  const told = graphqlAnswerOf(answer);
  if (!told || told.values.some((value) => value !== null)) return [];
  const paths = told.errors.flatMap((error): string[][] => {
    const path = isObject(error) && Array.isArray(error['path']) ? error['path'] : [];
    const names = path.filter((step) => typeof step === 'string');
    return names.length < 2 ? [] : [names];
  });
  return [...new Map(paths.map((path) => [path.join(' '), path])).values()].slice(0, mostCuts);
}

function without(request: Request, path: readonly string[]): Request {
  const sent = parseJson(request.body ?? '');
  const query = isObject(sent) ? sent['query'] : undefined;
  if (!isObject(sent) || typeof query !== 'string') return request;
  const less = withoutField(query, path);
  return less === query ? request : { ...request, body: JSON.stringify({ ...sent, query: less }) };
}

function withoutAll(request: Request, name: string, parent: string | undefined): Request {
  const sent = parseJson(request.body ?? '');
  const query = isObject(sent) ? sent['query'] : undefined;
  return typeof query === 'string' ? pathsTo(query, name, parent).reduce(without, request) : request;
}
