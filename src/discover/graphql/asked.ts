import { Kind, OperationTypeNode, parse, valueFromASTUntyped, type DocumentNode, type FieldNode } from 'graphql';
import { isObject, parseJson, type Json } from '../../model/json.ts';
import type { Operation, Visited } from '../../model/operation.ts';
import type { Trace } from '../trace/trace.ts';

/** A query that somebody sent: the field that was asked for, and the ids that it was given. Other values are left out. */
export interface AskedField {
  readonly field: string;
  readonly ids: Readonly<Record<string, string>>;
}

const idName = /^(?:_?id|uuid|guid|slug|nodeId)$|(?:_id|Id|ID|Uuid|Slug)$/;

/** The fields at the top of the queries in a GraphQL request, or in a batch of them. Mutations are left out: they hold secrets. */
export function askedFields(text: string): AskedField[] {
  const json = parseJson(text);
  const requests = Array.isArray(json) ? (json as readonly Json[]) : [json ?? null];
  return requests.slice(0, 50).flatMap((request) => (isObject(request) ? fieldsIn(request['query'], request['variables']) : []));
}

function fieldsIn(query: Json | undefined, variables: Json | undefined): AskedField[] {
  const document = typeof query === 'string' ? parsed(query) : undefined;
  const given = isObject(variables) ? variables : {};
  return (document?.definitions ?? []).flatMap((definition): AskedField[] => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.QUERY) return [];
    return definition.selectionSet.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD ? [{ field: selection.name.value, ids: idsOf(selection, given) }] : [],
    );
  });
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: 20_000, noLocation: true });
  } catch {
    return undefined;
  }
}

function idsOf(selection: FieldNode, variables: Readonly<Record<string, Json>>): Record<string, string> {
  const pairs = (selection.arguments ?? []).flatMap(({ name, value }): [string, string][] => {
    const given: unknown = valueFromASTUntyped(value, variables);
    const isId = idName.test(name.value) && (typeof given === 'string' || typeof given === 'number');
    return isId ? [[name.value, String(given)]] : [];
  });
  return Object.fromEntries(pairs);
}

/** The visits that GraphQL queries of recordings amount to, now that the schema is known. */
export function visitsOf(traces: readonly Trace[], operations: readonly Operation[]): Visited[] {
  const found = traces.flatMap(({ identity, requests }) =>
    requests.flatMap(({ graphql = [], status = 0 }): Visited[] => {
      if (identity === undefined || status < 200 || status >= 300) return [];
      return graphql.flatMap(({ field, ids }) => {
        const operation = operations.find((candidate) => candidate.graphql?.kind === 'query' && candidate.graphql.field === field);
        const slots = operation?.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? [];
        const path = Object.fromEntries(slots.flatMap((slot) => (ids[slot] === undefined ? [] : [[slot, ids[slot]]])));
        return operation && slots.length > 0 && Object.keys(path).length === slots.length
          ? [{ identity, operation: operation.id, path, query: {} }]
          : [];
      });
    }),
  );
  return [...new Map(found.map((visit) => [JSON.stringify(visit), visit])).values()];
}
