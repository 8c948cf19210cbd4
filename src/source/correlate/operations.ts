import type { Operation, Parameter, RequestBody, Surface } from '../../model/operation.ts';
import { isPrivilegedProperty } from '../../model/privilege.ts';
import type { Schema, TypeName } from '../../model/schema.ts';
import type { SourceHints, View, ViewInput } from '../../model/source.ts';
import { createMatcher, type Matcher } from './match-operation.ts';
import { partsOf } from './rule-parts.ts';
import type { SourceReading } from './reading.ts';

/** A surface that knows of its views, and how they are found. */
export interface Joined {
  readonly surface: Surface;
  readonly matcher: Matcher;
}

const shown = 8;

/**
 * Joins the views of the source to a surface: described operations learn what the source says of them, and views that nothing
 * describes become operations. `base` is the path under which the user says that the API stands.
 */
export function joinViews(surface: Surface, reading: SourceReading, base: string): Joined {
  const { views } = reading;
  const before = createMatcher(views, surface.operations);
  const served = new Map(surface.operations.map((operation) => [operation.id, before.ofOperation(operation)?.index]));
  const known = new Set(served.values());
  const prefix = surface.operations.length > 0 ? before.prefix : basePrefix(base, views);
  const taken = new Set(surface.operations.map(({ id }) => id));
  const added = views
    .flatMap((view, index) => (known.has(index) ? [] : operationsOf(view, prefix)))
    .filter(({ id }) => !taken.has(id) && taken.add(id));
  const hinted = surface.operations.map((operation) => {
    const index = served.get(operation.id);
    const view = index === undefined ? undefined : views[index];
    return view ? withHints(operation, view) : operation;
  });
  const operations = [...hinted, ...added];
  const names = added.map(({ id }) => id);
  const listed = `${names.slice(0, shown).join(', ')}${names.length > shown ? `, and ${names.length - shown} more` : ''}`;
  const isDescribed = surface.operations.some(({ source }) => source.kind === 'openapi');
  const note =
    names.length === 0 || !isDescribed
      ? []
      : [`${names.length} ${names.length === 1 ? 'operation is' : 'operations are'} in the source and not described: ${listed}.`];
  return {
    surface: { ...surface, operations, notes: [...surface.notes, ...reading.notes, ...note] },
    matcher: createMatcher(views, operations),
  };
}

function basePrefix(base: string, views: readonly View[]): string {
  const path = base.replace(/\/+$/, '');
  return views.some(({ rule }) => rule === path || rule.startsWith(`${path}/`)) ? '' : path;
}

function hintsOf({ view, suspects, keys, assignable }: View): SourceHints {
  return { view, suspects, keys, assignable };
}

/** A described operation with what the source says beyond its description. What is described is left as it is. */
function withHints(operation: Operation, view: View): Operation {
  const named = new Set(operation.parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`));
  const parameters = parametersOf(view).filter((parameter) => !named.has(`${parameter.in} ${parameter.name.toLowerCase()}`));
  const body = operation.body ?? (operation.method === 'GET' ? undefined : bodyOf(view));
  return {
    ...operation,
    parameters: [...operation.parameters, ...parameters.map((parameter) => ({ ...parameter, required: false }))],
    ...(body ? { body } : {}),
    hints: hintsOf(view),
  };
}

const sendable = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** The operations of a view that nothing describes, one for each method. Files that are served as they are do not count. */
function operationsOf(view: View, prefix: string): readonly Operation[] {
  const parts = partsOf(view.rule);
  if (view.isPartial || !parts || view.rule.startsWith('/static/')) return [];
  const path = `${prefix}${parts.map(({ text }) => text).join('/')}`;
  const body = bodyOf(view);
  return view.methods
    .filter((method) => sendable.has(method))
    .map((method) => ({
      id: `${method} ${path}`,
      method,
      path,
      operationId: view.view.function,
      ...(view.summary === undefined ? {} : { summary: view.summary }),
      tags: [],
      deprecated: false,
      parameters: [...pathParameters(view.rule), ...parametersOf(view)],
      ...(body && method !== 'GET' && method !== 'DELETE' ? { body } : {}),
      responses: [],
      links: [],
      source: { kind: 'source', document: view.view.file },
      hints: hintsOf(view),
    }));
}

const variable = /<(?:([a-zA-Z_]\w*)(?:\([^)]*\))?:)?([a-zA-Z_]\w*)>/g;
const types: Readonly<Record<string, TypeName>> = { int: 'integer', float: 'number' };

function pathParameters(rule: string): readonly Parameter[] {
  return [...rule.matchAll(variable)].map(([, converter = '', name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaOf(types[converter] ?? 'string', converter === 'uuid' ? 'uuid' : undefined),
    examples: [],
  }));
}

function parametersOf({ inputs }: View): readonly Parameter[] {
  return inputs.flatMap((input): Parameter[] =>
    input.in === 'query' || input.in === 'header'
      ? [{ name: input.name, in: input.in, required: input.required, schema: schemaOf(input.type), examples: [] }]
      : [],
  );
}

/**
 * A body of what the view reads: JSON where it reads any, else a form. Files are no part of it, nor is what a caller should not set:
 * that the view reads it does not make it the caller's.
 */
function bodyOf(view: View): RequestBody | undefined {
  const inputs = view.inputs.filter(({ name, declared }) => declared === true || !isPrivilegedProperty(name));
  const json = inputs.filter((input) => input.in === 'json');
  const form = inputs.filter((input) => input.in === 'form');
  const fields = json.length > 0 ? json : form;
  if (fields.length === 0) return undefined;
  const mediaType = json.length > 0 ? 'application/json' : 'application/x-www-form-urlencoded';
  return { required: true, contents: [{ mediaType, schema: objectOf(fields), examples: [] }] };
}

function objectOf(fields: readonly ViewInput[]): Schema {
  return {
    ...schemaOf('object'),
    properties: new Map(fields.map(({ name, type }) => [name, schemaOf(type)])),
    required: new Set(fields.filter(({ required }) => required).map(({ name }) => name)),
  };
}

function schemaOf(type?: TypeName, format?: string): Schema {
  return {
    types: type === undefined ? [] : [type],
    nullable: false,
    ...(format === undefined ? {} : { format }),
    examples: [],
    readOnly: false,
    writeOnly: false,
    properties: new Map(),
    required: new Set(),
    variants: [],
  };
}
