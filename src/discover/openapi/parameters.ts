import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { plainName } from '../../model/names.ts';
import type { Parameter, ParameterPlace, RequestBody } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { Context } from './context.ts';
import { contentOf, contentsOf, examplesOf, swaggerTypes } from './contents.ts';
import { flagAt, isList, listAt, textAt } from './raw.ts';

/** Raw parameters of an operation: its own, then those of its path item that it does not override. */
export function rawParameters(operation: JsonObject, item: JsonObject, context: Context, place: string): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const entry of [...entriesOf(operation, context), ...entriesOf(item, context)]) {
    const raw = context.references.resolve(entry)?.raw;
    if (!isObject(raw) || textAt(raw, 'name') === undefined) {
      context.notes.add('Left out parameters that could not be read', place);
      continue;
    }
    const key = `${String(raw['in'])} ${String(raw['name'])}`;
    if (!found.has(key)) found.set(key, raw);
  }
  return [...found.values()];
}

function entriesOf(raw: JsonObject, { references }: Context): readonly Json[] {
  const list = references.resolve(raw['parameters'])?.raw;
  return isList(list) ? list : isObject(list) ? Object.values(list) : [];
}

/** Parameters outside of the body, those in the path matched with the template: missing ones are added, spare ones dropped. */
export function parametersOf(raws: readonly JsonObject[], path: string, context: Context, place: string): readonly Parameter[] {
  const declared = raws.flatMap((raw) => parameterOf(raw, context, place));
  const slots = [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ''))];
  const inPath = declared.filter((parameter) => parameter.in === 'path');
  const spare = inPath.filter((parameter) => !slots.includes(parameter.name));
  const repaired = slots.map((name) => {
    const exact = inPath.find((parameter) => parameter.name === name);
    if (exact !== undefined) return exact;
    const alike = spare.find((parameter) => plainName(parameter.name) === plainName(name));
    if (alike === undefined) context.notes.add('Added path parameters that the path has and the description does not list', place);
    return renamed(alike, name);
  });
  if (spare.some((parameter) => !slots.some((name) => plainName(name) === plainName(parameter.name)))) {
    context.notes.add('Left out path parameters that their path does not have', place);
  }
  return [...repaired, ...declared.filter((parameter) => parameter.in !== 'path')];
}

function renamed(parameter: Parameter | undefined, name: string): Parameter {
  if (parameter === undefined) return { name, in: 'path', required: true, examples: [] };
  const { schema } = parameter;
  return { name, in: 'path', required: true, examples: parameter.examples, ...(schema === undefined ? {} : { schema }) };
}

function parameterOf(raw: JsonObject, context: Context, place: string): Parameter[] {
  const where = raw['in'];
  if (where === 'body' || where === 'formData') return [];
  if (where === 'querystring') return queryStringParameters(raw, context);
  const name = textAt(raw, 'name') ?? '';
  if (!isPlace(where)) {
    context.notes.add('Left out parameters in an unknown place', `${name} of ${place}`);
    return [];
  }
  // Both follow from the body and from what is asked for; a parameter of that name would be sent twice.
  if (where === 'header' && /^(?:accept|content-type)$/i.test(name)) return [];
  const description = textAt(raw, 'description');
  const [content] = contentsOf(raw, context);
  const schema = rawSchemaOf(raw, context) ?? undefined;
  const shared = {
    name,
    in: where,
    required: where === 'path' || flagAt(raw, 'required'),
    examples: [...examplesOf(raw, context), ...(content?.examples ?? [])],
    ...(description === undefined ? {} : { description }),
  };
  if (schema === undefined) return [content?.schema === undefined ? shared : { ...shared, schema: content.schema }];
  return [
    {
      ...shared,
      get schema(): Schema {
        return context.schemaOf(schema);
      },
    },
  ];
}

/** OpenAPI has it under `schema`; in Swagger 2 the parameter is its own schema. */
function rawSchemaOf(raw: JsonObject, { dialect }: Context): Json | undefined {
  if (raw['schema'] !== undefined) return raw['schema'];
  return dialect === 'swagger' || raw['type'] !== undefined ? raw : undefined;
}

function isPlace(value: Json | undefined): value is ParameterPlace {
  return value === 'path' || value === 'query' || value === 'header' || value === 'cookie';
}

/** OpenAPI 3.2: one parameter that stands for the whole query string, as a schema of its fields. */
function queryStringParameters(raw: JsonObject, context: Context): Parameter[] {
  const schema = contentsOf(raw, context)[0]?.schema;
  if (schema === undefined) return [];
  return [...schema.properties].map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required.has(name),
    schema: property,
    examples: property.examples,
  }));
}

/** The body of a Swagger 2 operation: its `body` parameter, or its form fields as one object. */
export function swaggerBody(raws: readonly JsonObject[], operation: JsonObject, context: Context): RequestBody | undefined {
  const consumes = swaggerTypes(operation, context, 'consumes');
  const body = raws.find((raw) => raw['in'] === 'body');
  if (body !== undefined) {
    const types = consumes.length > 0 ? consumes : ['application/json'];
    const contents = types.map((type) => contentOf(type, body['schema'], examplesOf(body, context), context));
    return { required: flagAt(body, 'required'), contents };
  }
  const fields = raws.filter((raw) => raw['in'] === 'formData');
  if (fields.length === 0) return undefined;
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [String(field['name']), { ...field, required: [] }])),
    required: fields.filter((field) => flagAt(field, 'required')).map((field) => String(field['name'])),
  };
  const forms = consumes.filter((type) => /form/i.test(type));
  const usual = fields.some((field) => field['type'] === 'file') ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  const contents = (forms.length > 0 ? forms : [usual]).map((type) => contentOf(type, schema, [], context));
  return { required: listAt(schema, 'required').length > 0, contents };
}
