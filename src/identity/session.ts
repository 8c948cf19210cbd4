import type { Answer, Header, Request, Send } from '../model/http.ts';
import type { Identity, Session } from '../model/identity.ts';
import { encodeBody } from '../model/build-request.ts';
import { isObject, leaves, withPointer, type Json } from '../model/json.ts';
import type { OperationId, Surface } from '../model/operation.ts';
import { isPasswordName } from '../model/sample.ts';
import type { DeclaredIdentity, DeclaredLogIn } from './declared-identity.ts';
import { grantOf } from './grant.ts';
import { fixedSession, liveSession, type LogIn } from './live-session.ts';

/** What a session talks through. `now`: milliseconds. */
export interface SessionContext {
  readonly surface: Surface;
  readonly send: Send;
  readonly now: () => number;
}

/** Opens the session of a declared identity. Nothing is sent before a credential is asked for. */
export function openSession(declared: DeclaredIdentity, { surface, send, now }: SessionContext): Session {
  const { name, role, tenant, source, facts, means } = declared;
  const identity: Identity = {
    name,
    ...(role === undefined ? {} : { role }),
    ...(tenant === undefined ? {} : { tenant }),
    source,
    facts,
  };
  if (means.kind === 'fixed') return fixedSession(identity, means.credential, means.secrets);
  const { logIn } = means;
  const secrets = logIn.use.also.map(([, value]) => value);
  return liveSession({ identity, logIn: repeatable(logIn, surface), send, now, secrets: [...secrets, ...lentIn(logIn)] });
}

function repeatable(declared: DeclaredLogIn, surface: Surface): LogIn {
  const { body } = declared;
  const slot =
    body?.kind === 'structured'
      ? leaves(body.value, 200).find((leaf) => isPasswordName(leaf.name) && typeof leaf.value === 'string')
      : undefined;
  const password = typeof slot?.value === 'string' ? slot.value : '';
  return {
    operation: operationOf(declared, surface),
    passwordField: slot?.name,
    password,
    request: (given) => {
      if (!slot || body?.kind !== 'structured' || given === password) return requestOf(declared, surface, body);
      return requestOf(declared, surface, { ...body, value: withPointer(body.value, slot.pointer, given) });
    },
    grant: (answer: Answer, receivedAt) => grantOf(answer, declared.use, receivedAt),
  };
}

function requestOf(declared: DeclaredLogIn, surface: Surface, body: DeclaredLogIn['body']): Request {
  const { method, origin = surface.origin, path, headers } = declared;
  const request = { method, origin, path, headers };
  if (!body) return request;
  const { type, text } = body.kind === 'raw' ? { type: body.mediaType, text: body.text } : encodeBody(body.value, body.mediaType);
  const typed: Header[] = [...headers.filter(([name]) => name.toLowerCase() !== 'content-type'), ['Content-Type', type]];
  return { ...request, headers: typed, body: text };
}

function operationOf({ method, origin, path, body }: DeclaredLogIn, surface: Surface): OperationId | undefined {
  if (origin !== undefined && origin !== surface.origin) return undefined;
  const plain = path.split('?', 1)[0];
  const document = body?.kind === 'structured' && isObject(body.value) ? body.value['query'] : undefined;
  if (typeof document === 'string' && document.trimStart().startsWith('mutation')) {
    const isAsked = (field: string): boolean => new RegExp(`[{\\s:]${field}\\s*[({]`).test(document);
    return surface.operations.find(({ graphql }) => graphql?.kind === 'mutation' && graphql.endpoint === plain && isAsked(graphql.field))
      ?.id;
  }
  return surface.operations.find((operation) => operation.method === method && operation.path === plain)?.id;
}

// Passwords and client secrets in the request that logs in, and headers that carry credentials.
function lentIn({ body, headers }: DeclaredLogIn): string[] {
  const sensitive = /pass|secret|token|assertion|key|pin\b|code/i;
  const sent: Json = body?.kind === 'structured' ? body.value : {};
  const fields = isObject(sent) ? leaves(sent, 200).filter((leaf) => sensitive.test(leaf.name)) : [];
  const values = fields.flatMap((leaf) => (typeof leaf.value === 'string' && leaf.value !== '' ? [leaf.value] : []));
  const lent = headers.filter(([name]) => /authorization|key|token|secret|cookie/i.test(name)).map(([, value]) => value);
  return [...values, ...lent, ...(body?.kind === 'raw' ? [body.text] : [])].filter((value) => value !== 'password');
}
