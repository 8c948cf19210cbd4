import { buildRequest } from '../model/build-request.ts';
import type { Answer, Request } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { plainName, wordsOf } from '../model/names.ts';
import type { Operation } from '../model/operation.ts';
import { isPasswordName } from '../model/sample.ts';
import type { World } from '../model/world.ts';
import { factOf, type Throwaway } from './throwaway.ts';

/** True for an operation that changes the password of an account whose owner is logged in. */
export function isPasswordChange(world: World, operation: Operation): boolean {
  if (!['PUT', 'POST', 'PATCH'].includes(operation.method) || world.authOperations.has(operation.id)) return false;
  const last = plainName(operation.path.split('/').findLast((segment) => segment !== '' && !segment.includes('{')) ?? '');
  const said = wordsOf(`${operation.operationId ?? ''} ${operation.summary ?? ''}`);
  const says = said.includes('password') && said.some((word) => /^(?:chang|updat|set|modif)/.test(word));
  if (/forgot|reset|recover/.test(`${last} ${said.join(' ')}`)) return false;
  return (
    (/^(?:(?:change|update|set|new|edit)?password|passwordchange|passwordupdate)$/.test(last) || says) &&
    propertiesOf(operation).some(isPasswordName)
  );
}

function propertiesOf(operation: Operation): string[] {
  return [...(operation.body?.contents[0]?.schema?.properties.keys() ?? [])];
}

function isOld(name: string): boolean {
  return wordsOf(name).some((word) => /^(?:old|current|existing|previous|present)/.test(word)) || /^(?:old|current)/.test(plainName(name));
}

/** True when the operation asks for the password that was in force. */
export function asksForOld(operation: Operation): boolean {
  return propertiesOf(operation).some((name) => isPasswordName(name) && isOld(name));
}

/** The request that changes the password of a throwaway account, from the answers so far; `undefined` when it asks for what is not known. */
export function changeRequest(
  world: World,
  operation: Operation,
  account: Throwaway,
  given: { readonly old: string; readonly fresh: string },
  answers: readonly Answer[],
): Request | undefined {
  const body: Record<string, Json> = {};
  const schema = operation.body?.contents[0]?.schema;
  for (const name of propertiesOf(operation)) {
    const fact = factOf(account, name, answers);
    if (isPasswordName(name) || (isOld(name) && /pass/i.test(name))) body[name] = isOld(name) ? given.old : given.fresh;
    else if (fact !== undefined) body[name] = fact;
    else if (schema?.required.has(name)) return undefined;
  }
  const path: Record<string, string> = {};
  for (const { name, in: place } of operation.parameters) {
    const value = place === 'path' ? factOf(account, name, answers) : '';
    if (value === undefined) return undefined;
    if (place === 'path') path[name] = value;
  }
  return buildRequest(world.surface.origin, operation, { path, body });
}
