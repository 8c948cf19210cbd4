import { headerOf, type Request } from '../model/http.ts';
import { isObject, parseJson, type Json } from '../model/json.ts';
import { isPasswordName } from '../model/sample.ts';

/** The passwords that a request sends in its body, JSON or form, at any depth. */
export function passwordsIn({ method, headers, body }: Request): readonly string[] {
  if (method === 'GET' || body === undefined) return [];
  const isForm = /form-urlencoded/i.test(headerOf(headers, 'content-type') ?? '');
  return inValue(isForm ? Object.fromEntries(new URLSearchParams(body)) : parseJson(body));
}

function inValue(body: Json | undefined): string[] {
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    typeof value === 'string' ? (isPasswordName(name) ? [value] : []) : inValue(value),
  );
}
