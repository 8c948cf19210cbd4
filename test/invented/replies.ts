import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Reply } from '../../src/model/example.ts';
import type { Blueprint, Style } from './blueprint.ts';
import { mint } from './identifiers.ts';
import type { State, Visit } from './state.ts';

const toLogIn: Reply = { status: 302, headers: { location: '/login?next=%2F' }, body: '' };

/** A name in the style of the API: `owner_id` or `ownerId`. */
export function named(style: Style, name: string): string {
  return style.camel ? name.replaceAll(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase()) : name.replaceAll('-', '_');
}

/** What nobody in particular may have: the answer to a request without a credential. */
export function turnedAway(state: State): Reply {
  switch (state.blueprint.style.turning) {
    case '401':
      return refusal(state, 401, { error: 'authentication required' });
    case '403':
      return refusal(state, 403, { message: 'You are not allowed to do this' });
    case '302':
      return toLogIn;
    case '200':
      return refusal(state, 200, { success: false, message: 'please log in' });
    case '422':
      return refusal(state, 422, { detail: [{ loc: ['header', 'authorization'], msg: 'field required' }] });
  }
}

/** The answer for an object that is somebody else's, and for one that does not exist. */
export function notYours({ state, request, body }: Pick<Visit, 'state' | 'request' | 'body'>, writing = false): Reply {
  if (writing && state.blueprint.traps.includes('queued')) return { status: 202, body: { status: 'queued', job: state.next() } };
  const reply = plainlyNotYours(state, writing);
  if (!state.blueprint.traps.includes('echo')) return reply;
  if (reply.status === 204) return { status: 200, body };
  return isObject(reply.body) ? { ...reply, body: { ...reply.body, path: request.path, received: body } } : reply;
}

function plainlyNotYours(state: State, writing: boolean): Reply {
  switch (state.blueprint.style.refusal) {
    case '204':
      return writing ? { status: 204 } : refusal(state, 404, { error: 'not found' });
    case '404':
      return refusal(state, 404, { error: 'not found' });
    case '403':
      return forbidden(state);
    case '401':
      return refusal(state, 401, { error: 'not authorized' });
    case '422':
      return refusal(state, 422, { detail: 'invalid id' });
    case '302':
      return toLogIn;
    case '200':
      return refusal(state, 200, { success: false, message: 'not found' });
  }
}

export function forbidden(state: State): Reply {
  return refusal(state, 403, { error: 'forbidden' });
}

/** For an object that does not exist, where that differs from one that is somebody else's. */
export function nothingThere(state: State): Reply {
  return state.blueprint.style.refusal === '404' || state.blueprint.style.refusal === '204'
    ? refusal(state, 404, { error: 'not found' })
    : refusal(state, 404, { error: 'there is nothing here' });
}

export function invalid(state: State, field: string): Reply {
  return refusal(state, 422, { errors: { [field]: ['is required'] } });
}

export function unexpected(state: State, field: string): Reply {
  return refusal(state, 400, { error: `unexpected property ${field}` });
}

/** Request id and time, different in each answer. */
function noise(state: State): JsonObject {
  const count = state.next();
  const { style } = state.blueprint;
  return {
    [named(style, 'request_id')]: mint('uuid4', 'request', count, ''),
    [named(style, 'served_at')]: new Date(1_790_000_000_000 + count * 1_733).toISOString(),
  };
}

function refusal(state: State, status: number, body: JsonObject): Reply {
  return { status, body: state.blueprint.style.noise === 'all' ? { ...body, ...noise(state) } : body };
}

/** An object in the envelope of the API. */
export function itemReply(state: State, noun: string, value: JsonObject, status = 200): Reply {
  const { style } = state.blueprint;
  const extra = style.noise === 'none' ? {} : noise(state);
  switch (style.envelope) {
    case 'bare':
    case 'paged':
      return { status, body: { ...value, ...extra } };
    case 'data':
      return { status, body: { data: value, ...extra } };
    case 'named':
      return { status, body: { [named(style, noun)]: value, ...extra } };
    case 'success':
      return { status, body: { success: true, data: value, ...extra } };
  }
}

/** A list in the envelope of the API. */
export function listReply(state: State, nouns: string, listed: readonly JsonObject[]): Reply {
  const { style, traps } = state.blueprint;
  const turn = traps.includes('shuffled') && listed.length > 0 ? state.next() % listed.length : 0;
  const values = [...listed.slice(turn), ...listed.slice(0, turn)];
  const cursor = traps.includes('cursor') ? { [named(style, 'next_token')]: mint('ulid', 'cursor', state.next(), '') } : {};
  const extra = { ...cursor, ...(style.noise === 'none' ? {} : noise(state)) };
  switch (style.envelope) {
    case 'bare':
      return { status: 200, body: values };
    case 'data':
      return { status: 200, body: { data: values, ...extra } };
    case 'paged':
      return { status: 200, body: { items: values, total: values.length, page: 1, ...extra } };
    case 'named':
      return { status: 200, body: { [named(style, nouns)]: values, ...extra } };
    case 'success':
      return { status: 200, body: { success: true, data: values, ...extra } };
  }
}

/** The schema of an enveloped answer. */
export function envelopeSchema({ style }: Blueprint, name: string, value: Json, list: boolean): Json {
  const inner = list ? { type: 'array', items: value } : value;
  const key = { bare: undefined, paged: list ? 'items' : undefined, data: 'data', success: 'data', named: named(style, name) }[
    style.envelope
  ];
  return key === undefined ? inner : { type: 'object', properties: { [key]: inner } };
}
