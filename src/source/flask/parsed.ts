import type { InputPlace } from '../../model/source.ts';
import { record, textOf, type Arguments, type Code, type Value } from '../flow/value.ts';
import type { Registry } from './registration.ts';
import { parsedBy, schemaOf } from './schemas.ts';

const places: Readonly<Record<string, InputPlace>> = {
  query: 'query',
  querystring: 'query',
  args: 'query',
  json: 'json',
  form: 'form',
  headers: 'header',
  files: 'file',
};

/** Keeps which part of a request a decorator parses, and by what. */
export function noteParsed({ parsed }: Registry, { shape }: Value, { args: [first], keywords }: Arguments): void {
  const fields = schemaOf(first) ?? first;
  if (shape.is !== 'function' || !fields) return;
  const location = keywords.get('location');
  const place = location && places[textOf(location) ?? ''];
  const code = shape.origin ?? shape.code;
  parsed.set(code, [...(parsed.get(code) ?? []), { fields, place }]);
}

/** The view with what such a decorator hands over. */
export function withParsed(view: Value, call: Arguments, method: string): Value {
  if (view.shape.is !== 'function') return view;
  const schema = schemaOf(call.args[0]);
  const parsed = schema ? parsedBy(schema) : record(new Map(), { labels: new Set(['C:*']), shape: { is: 'unknown' } });
  if (method === 'use_kwargs') return view;
  const name = method === 'input' ? nameOfInput(view.shape.origin ?? view.shape.code, call) : undefined;
  if (name !== undefined) return { ...view, shape: { ...view.shape, named: new Map([...(view.shape.named ?? []), [name, parsed]]) } };
  return { ...view, shape: { ...view.shape, given: [parsed, ...(view.shape.given ?? [])] } };
}

/** APIFlask hands its input over by name: that of the decorator, or `json_data`. Older ones do so by position. */
function nameOfInput({ parameters }: Code, { keywords }: Arguments): string | undefined {
  const [named, location] = [keywords.get('arg_name'), keywords.get('location')];
  const name = (named && textOf(named)) ?? `${(location && textOf(location)) ?? 'json'}_data`;
  return parameters.some((parameter) => parameter.name === name) ? name : undefined;
}
