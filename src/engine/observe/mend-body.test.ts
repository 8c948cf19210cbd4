import { expect, test } from 'vitest';
import type { Answer } from '../../model/http.ts';
import type { Json } from '../../model/json.ts';
import { likeBefore, mended } from './mend-body.ts';

const request = { method: 'POST', origin: 'http://api.test', path: '/notes', headers: [] };

function refusal(status: number, body: Json): Answer {
  const text = JSON.stringify(body);
  return {
    kind: 'exchange',
    request,
    response: { status, headers: [['content-type', 'application/json']], body: text, bytes: text.length, truncated: false },
    startedAt: 0,
    ms: 0,
  };
}

const planted = {
  body: { name: 'tok-name', type: 'tok-type' },
  markers: ['name', 'type'].map((field) => ({ field, value: `tok-${field}` })),
};
const enumError = { kind: 'enum', path: 'type.0', properties: { enumValues: ['note', 'list'] }, message: 'not a valid enum value' };

test.each<[string, number, Json, Json]>([
  [
    'Mongoose, with status 200',
    200,
    { errors: { body: { kind: 'required', path: 'body', message: 'Please write something' }, 'type.0': enumError } },
    { name: 'tok-name', type: 'note', body: 'fresh-body' },
  ],
  [
    'pydantic',
    422,
    { detail: [{ loc: ['body', 'text'], msg: 'Field required', type: 'missing' }] },
    { name: 'tok-name', type: 'tok-type', text: 'fresh-text' },
  ],
  [
    'pydantic, a list of values',
    422,
    { detail: [{ loc: ['body', 'type'], msg: "Input should be 'a' or 'b'", type: 'enum', ctx: { expected: "'a' or 'b'" } }] },
    { name: 'tok-name', type: 'a' },
  ],
  ['a sentence for each', 400, { errors: { type: ['is invalid'], text: ["can't be blank"] } }, { name: 'tok-name', text: 'fresh-text' }],
  ['prose', 400, { error: "'text' is required" }, { name: 'tok-name', type: 'tok-type', text: 'fresh-text' }],
])('%s', (_, status, error, expected) => {
  expect(mended(planted, refusal(status, error), (name) => `fresh-${name}`)?.body).toEqual(expected);
});

test.each<[string, number, Json]>([
  ['no permission', 403, { error: 'permission is required' }],
  ['nothing there', 404, { error: 'project is required' }],
  ['nothing said', 400, { error: 'bad request' }],
  ['what was sent already', 400, { error: "'name' is required" }],
])('%s asks for nothing that can be given', (_, status, error) => {
  expect(mended(planted, refusal(status, error), (name) => `fresh-${name}`)).toBeUndefined();
});

test('the next body is like the one that was taken, with tokens of its own', () => {
  const before = {
    sent: { name: 'old-name', body: 'old-body', type: 'note' },
    markers: [
      { field: 'name', value: 'old-name' },
      { field: 'body', value: 'old-body' },
    ],
  };
  const next = likeBefore({ ...planted, body: { ...planted.body, extra: 'tok-extra' } }, before, (name) => `fresh-${name}`);
  expect(next.body).toEqual({ name: 'tok-name', body: 'fresh-body', type: 'note' });
  expect(next.markers).toContainEqual({ field: 'body', value: 'fresh-body' });
});
