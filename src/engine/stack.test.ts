import { describe, expect, test } from 'vitest';
import type { Answer, Header } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { Stack } from '../model/stack.ts';
import { surface } from '../../test/support/report-fixture.ts';
import { authOf, StackWatch, type SeenStack } from './stack.ts';

const now = Date.UTC(2026, 5, 1);

function answer(status: number, body: Json, headers: readonly Header[] = [], path = '/'): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'GET', origin: 'http://api.test', path, headers: [] };
  return {
    kind: 'exchange',
    request,
    response: { status, headers, body: text, bytes: text.length, truncated: false },
    startedAt: now,
    ms: 1,
  };
}

function seen(answers: readonly Answer[], told?: Stack): SeenStack | undefined {
  const watch = new StackWatch();
  for (const each of answers) watch.see(each);
  return watch.stack(surface, [], told);
}

const werkzeugPage =
  '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n';
const objectIds = ['65f1c2d3aabbccddee000001', '65f1c2d3aabbccddee000002', '65f1c2d3aabbccddee000003'];

describe('the framework', () => {
  test.each([
    ['flask', answer(404, werkzeugPage)],
    ['flask', answer(200, {}, [['Server', 'Werkzeug/3.1.3 Python/3.11.2']])],
    ['flask', answer(200, {}, [['Set-Cookie', 'session=eyJ1c2VyIjoxfQ.aD5x1A.0123456789abcdefghijABCDEFG; HttpOnly']])],
    ['flask', answer(200, { swagger: '2.0', responses: { MaskError: { description: "When a mask can't be parsed" } } })],
    ['fastapi', answer(422, { detail: [{ loc: ['body', 'a'], msg: 'Field required', type: 'missing' }] })],
    ['express', answer(404, '<pre>Cannot GET /nowhere</pre>')],
    ['express', answer(200, {}, [['x-powered-by', 'Express']])],
    ['nestjs', answer(404, { statusCode: 404, message: 'Cannot GET /nowhere', error: 'Not Found' })],
    ['spring', answer(404, { timestamp: '2026-06-01T00:00:00Z', status: 404, error: 'Not Found', path: '/nowhere' })],
    ['django', answer(404, '<h1>Not Found</h1><p>The requested resource was not found on this server.</p>')],
  ])('%s shows', (framework, given) => {
    expect(seen([given])).toMatchObject({ framework });
  });

  test.each([
    ['a Node API that answers errors in JSON', answer(404, { error: 'Not Found' }, [['Server', 'nginx']])],
    ['a Python server alone', answer(200, {}, [['Server', 'waitress']])],
    ['a refusal of Starlette alone', answer(404, { detail: 'Not Found' })],
    ['an article about Werkzeug', answer(200, werkzeugPage)],
    ['a session cookie of another make', answer(200, {}, [['Set-Cookie', 'session=9f8e7d6c5b4a; HttpOnly']])],
    ['an error page in other words', answer(404, '<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>Nothing here.</p>')],
  ])('%s says nothing', (_, given) => {
    expect(seen([given])).toBeUndefined();
  });

  test('an Express API is not called Flask', () => {
    const stack = seen([answer(404, '<pre>Cannot GET /x</pre>', [['X-Powered-By', 'Express']]), answer(404, { error: 'no' })]);
    expect(stack).toMatchObject({ framework: 'express' });
  });

  test('signs of two leave it open', () => {
    expect(seen([answer(404, werkzeugPage), answer(200, {}, [['X-Powered-By', 'Express']])])).toBeUndefined();
  });

  test('the same weak sign twice is one sign', () => {
    const weak = answer(200, {}, [['Server', 'gunicorn/21.2']]);
    expect(seen([weak, weak, weak])).toBeUndefined();
  });
});

describe('the store', () => {
  const list = (ids: readonly string[]): Answer => answer(200, { items: ids.map((id) => ({ _id: id, title: 'x' })) });

  test('is MongoDB where ids are ObjectIds', () => {
    expect(seen([list(objectIds)])).toEqual({ store: 'mongodb', seenIn: ['mongodb: ids that are ObjectIds'] });
  });

  test.each([
    ['two ids are too few', [list(objectIds.slice(0, 2))]],
    ['hashes are no ids', [answer(200, { items: objectIds.map((hash) => ({ hash })) })]],
    ['other ids of 24 hex digits speak against it', [list([...objectIds, 'ffeeddccbbaa998877665544'])]],
    ['a time to come is none', [list(objectIds.map((id) => `f${id.slice(1)}`))]],
    ['words about it in an article', [answer(200, { text: 'pymongo.errors and sqlalchemy.exc explained' })]],
  ])('%s', (_, answers) => {
    expect(seen(answers)).toBeUndefined();
  });

  test('an id that we made up and got back does not speak against it', () => {
    const echo = answer(200, { wanted_id: 'ffeeddccbbaa998877665544' }, [], '/echo?id=ffeeddccbbaa998877665544');
    expect(seen([list(objectIds), echo])).toMatchObject({ store: 'mongodb' });
  });

  test.each([
    ['sqlalchemy', '(sqlite3.OperationalError) no such column\n(Background on this error at: https://sqlalche.me/e/20/e3q8)'],
    ['mongodb', "bson.errors.InvalidId: 'x' is not a valid ObjectId, it must be a 12-byte input"],
    ['dynamodb', 'An error occurred (ValidationException): The provided key element does not match the schema'],
  ])('%s shows in its errors', (store, text) => {
    expect(seen([answer(500, { error: text })])).toMatchObject({ store });
  });

  test('is DynamoDB where values carry its type tags', () => {
    expect(seen([answer(200, { Items: [{ user_id: { S: 'a' }, age: { N: '3' } }] })])).toMatchObject({ store: 'dynamodb' });
    expect(seen([answer(200, { Items: [{ user_id: { S: 'a' }, sizes: { S: 'a', M: 'b' } }] })])).toBeUndefined();
  });
});

describe('the way of authentication', () => {
  const credential = (parts: Partial<Credential>): Credential => ({ headers: [], cookies: [], query: [], ...parts });

  test.each([
    ['bearer', credential({ headers: [['Authorization', 'Bearer a']] })],
    ['basic', credential({ headers: [['authorization', 'Basic a']] })],
    ['api-key', credential({ headers: [['X-Key', 'a']] })],
    ['api-key', credential({ query: [['key', 'a']] })],
    ['session', credential({ cookies: [['sid', 'a']] })],
    [undefined, credential({ cookies: [['sid', 'a']], headers: [['X-Csrf', 'b']] })],
  ])('%s', (auth, given) => {
    expect(authOf([given, given])).toBe(auth);
  });

  test('is open where identities differ, or there are none', () => {
    expect(authOf([credential({ cookies: [['sid', 'a']] }), credential({ query: [['key', 'a']] })])).toBeUndefined();
    expect(authOf([])).toBeUndefined();
  });
});

test('what is told wins over what is seen, part by part', () => {
  const stack = seen([answer(404, werkzeugPage)], { framework: 'express', store: 'dynamodb' });
  expect(stack).toEqual({ framework: 'express', store: 'dynamodb', seenIn: ['express: as told', 'dynamodb: as told'] });
});
