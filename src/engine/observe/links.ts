import { headerOf, jsonOf, type Exchange } from '../../model/http.ts';
import { atPointer, parseJson, type Json } from '../../model/json.ts';
import type { Link, Operation, OperationId } from '../../model/operation.ts';

/**
 * What the `links` of an operation say of the object that an answer of it describes: which parameters of which operations take
 * which values. Links that name no known operation, or whose values are not in the answer, are left out.
 */
export function linkedValues(
  operation: Operation,
  answer: Exchange,
  all: readonly Operation[],
): Record<OperationId, Record<string, string>> {
  const found: Record<OperationId, Record<string, string>> = {};
  for (const link of operation.links) {
    if (!matchesStatus(link.status, answer.response.status)) continue;
    const target = targetOf(link, all);
    if (!target) continue;
    const values = Object.entries(link.parameters).flatMap(([name, expression]): [string, string][] => {
      const value = evaluate(expression, answer);
      return value === undefined ? [] : [[name.replace(/^(?:path|query|header|cookie)\./, ''), value]];
    });
    if (values.length > 0) found[target.id] = { ...found[target.id], ...Object.fromEntries(values) };
  }
  return found;
}

function matchesStatus(described: string, status: number): boolean {
  return described === 'default' || described === String(status) || described.toUpperCase() === `${Math.floor(status / 100)}XX`;
}

function targetOf({ target }: Link, all: readonly Operation[]): Operation | undefined {
  if ('operationId' in target) return all.find((operation) => operation.operationId === target.operationId);
  const pointer = target.operationRef.split('#')[1];
  return pointer === undefined ? undefined : all.find((operation) => operation.source.pointer === pointer);
}

/** A runtime expression (OpenAPI 3, 4.7.22): `$response.body#/id`, `$response.header.Location`, `$request.body#/name`; else a constant. */
function evaluate(expression: string, { request, response }: Exchange): string | undefined {
  const text = expression.trim().replace(/^\{(.*)\}$/, '$1');
  const body = /^\$(response|request)\.body(?:#(.*))?$/.exec(text);
  if (body) return scalar(atPointer((body[1] === 'response' ? jsonOf(response) : parseJson(request.body ?? '')) ?? null, body[2] ?? ''));
  const header = /^\$(response|request)\.header\.(.+)$/i.exec(text);
  if (header) return headerOf(header[1] === 'response' ? response.headers : request.headers, header[2] ?? '');
  return text.startsWith('$') ? undefined : text;
}

function scalar(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
