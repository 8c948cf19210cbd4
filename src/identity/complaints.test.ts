import { expect, it } from 'vitest';
import type { Exchange } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { complaintsOf, saysTaken } from './complaints.ts';

function answer(body: Json | string, status = 400): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'POST', origin: 'http://target.test', path: '/register', headers: [] };
  return { kind: 'exchange', request, startedAt: 0, ms: 0, response: { status, headers: [], body: text, bytes: 0, truncated: false } };
}

const missing: readonly (readonly [string, Json | string, readonly (readonly string[])[]])[] = [
  ['FastAPI', { detail: [{ loc: ['body', 'user', 'email'], msg: 'field required', type: 'value_error.missing' }] }, [['user', 'email']]],
  ['pydantic 2', { detail: [{ type: 'missing', loc: ['body', 'email'], msg: 'Field required', input: {} }] }, [['email']]],
  ['webargs', { errors: { json: { email: ['Missing data for required field.'] } } }, [['email']]],
  [
    'Django REST',
    { email: ['This field is required.'], user: { phone: ['This field may not be blank.'] } },
    [['email'], ['user', 'phone']],
  ],
  ['connexion', { detail: "'email' is a required property", status: 400, title: 'Bad Request', type: 'about:blank' }, [['email']]],
  ['joi', { message: '"email" is required' }, [['email']]],
  ['express-validator', { errors: [{ msg: 'Invalid value', param: 'email', location: 'body' }] }, [['email']]],
  ['prose', { error: 'Username and password are required' }, [['username'], ['password']]],
  ['prose', { error: 'Missing required field: full_name' }, [['full_name']]],
  ['prose', { message: 'Please provide name, email and password' }, [['name'], ['email'], ['password']]],
  ['werkzeug', '<!doctype html><title>KeyError: &#39;email&#39; // Werkzeug</title>', [['email']]],
  ['nothing', { error: 'registration is closed' }, []],
  ['a token', { msg: 'Missing Authorization Header' }, []],
];

it.each(missing)('reads what is missing: %s', (_, body, paths) => {
  const found = complaintsOf(answer(body)).missing.map((path) => path.join('.'));
  expect(found.toSorted()).toEqual(paths.map((path) => path.join('.')).toSorted());
});

it.each([
  [{ detail: "Additional properties are not allowed ('username' was unexpected)" }],
  [{ username: ['Unknown field.'] }],
  [{ error: "'username' is an invalid keyword argument for User" }],
  [{ detail: [{ loc: ['body', 'username'], msg: 'extra fields not permitted', type: 'value_error.extra' }] }],
] satisfies readonly (readonly [Json])[])('reads what is not wanted: %j', (body) => {
  expect(complaintsOf(answer(body))).toEqual({ missing: [], unknown: ['username'] });
});

it('tells a taken name from other refusals', () => {
  expect(saysTaken(answer({ message: 'User already exists. Please log in.' }, 200))).toBe(true);
  expect(saysTaken(answer({ detail: 'Email already registered' }))).toBe(true);
  expect(saysTaken(answer({}, 409))).toBe(true);
  expect(saysTaken(answer({ message: 'Successfully registered.' }, 200))).toBe(false);
});
