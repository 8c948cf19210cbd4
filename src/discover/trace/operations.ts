import { isObject, type Json } from '../../model/json.ts';
import type { Content, Operation, Parameter, ParameterPlace } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { Template } from '../crawl/template.ts';
import { createReferences } from '../openapi/references.ts';
import { createSchemas } from '../openapi/schema.ts';
import { mergedShape, shapeOfText } from './body-shape.ts';
import type { Traced } from './origin.ts';

/** Requests of one method and one path template. */
export interface Group {
  readonly method: string;
  readonly path: string;
  readonly members: readonly (Traced & { readonly template: Template })[];
}

const mostExamples = 10;
const schemaOf = createSchemas(createReferences('', new Map()));

/** The operation behind requests that differ in nothing but values. */
export function operationOf({ method, path, members }: Group): Operation {
  const [first] = members;
  const contents = contentsOf(members);
  const summary = members.find(({ request }) => request.summary !== undefined)?.request.summary;
  const isOpen = members.every(({ request }) => request.open === true);
  return {
    id: `${method} ${path}`,
    method,
    path,
    ...(summary === undefined ? {} : { summary }),
    tags: [...new Set(members.flatMap(({ request }) => request.tags ?? []))],
    deprecated: false,
    parameters: [...pathParameters(path, members), ...namedParameters('query', members), ...namedParameters('header', members)],
    ...(contents.length === 0 ? {} : { body: { required: members.every(({ request }) => request.body !== undefined), contents } }),
    responses: [],
    links: [],
    ...(isOpen ? { security: [] } : {}),
    source: {
      kind: first?.trace.kind ?? 'har',
      document: first?.trace.location ?? '',
      ...(first === undefined ? {} : { pointer: first.request.pointer }),
    },
  };
}

function pathParameters(path: string, members: Group['members']): Parameter[] {
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name))].map((name) => {
    const values = members.flatMap(({ template }) => template.slots.flatMap((slot) => (slot.name === name ? (slot.value ?? []) : [])));
    return parameterOf(name, 'path', true, values);
  });
}

/**
 * Query and header parameters. One that all requests have is taken to be needed, unless each identity sends a value of its own:
 * then it says who or whose, and nobody's value is another one's.
 */
function namedParameters(place: 'query' | 'header', members: Group['members']): Parameter[] {
  const pairsOf = (traced: Traced): readonly (readonly [string, string])[] =>
    place === 'query' ? traced.request.query : traced.request.headers;
  const names = [...new Set(members.flatMap((member) => pairsOf(member).map(([name]) => name)))];
  return names.map((name) => {
    const holding = members.filter((member) => pairsOf(member).some(([other]) => other === name));
    const values = holding.flatMap((member) => pairsOf(member).flatMap(([other, value]) => (other === name ? [value] : [])));
    return parameterOf(name, place, holding.length === members.length && !isPersonal(name, holding, pairsOf), values);
  });
}

function isPersonal(name: string, members: Group['members'], pairsOf: (traced: Traced) => readonly (readonly [string, string])[]): boolean {
  const senders = new Map<string, Set<string>>();
  const identities = new Set<string>();
  for (const member of members) {
    const { identity } = member.trace;
    if (identity === undefined) continue;
    identities.add(identity);
    for (const [other, value] of pairsOf(member)) if (other === name) senders.set(value, (senders.get(value) ?? new Set()).add(identity));
  }
  return identities.size > 1 && [...senders.values()].every((who) => who.size === 1);
}

function parameterOf(name: string, place: ParameterPlace, required: boolean, values: readonly string[]): Parameter {
  const examples = [...new Set(values)].filter((value) => value !== '').slice(0, mostExamples);
  return { name, in: place, required, schema: schemaOfTexts(examples), examples };
}

function schemaOfTexts(values: readonly string[]): Schema {
  const [first, ...rest] = values.map(shapeOfText);
  const merged = first === undefined ? { type: 'string' } : rest.reduce(mergedShape, first);
  // Numbers here and words there: all of them are texts.
  return schemaOf(Array.isArray(merged['type']) ? { type: 'string' } : merged);
}

function contentsOf(members: Group['members']): Content[] {
  const shapes = new Map<string, Json>();
  for (const { request } of members) {
    if (request.body === undefined) continue;
    const { mediaType, schema } = request.body;
    const known = shapes.get(mediaType);
    shapes.set(mediaType, isObject(known) && isObject(schema) ? mergedShape(known, schema) : schema);
  }
  return [...shapes].map(([mediaType, schema]) => ({ mediaType, schema: schemaOf(schema), examples: [] }));
}
