import { expect, it } from 'vitest';
import type { Operation } from '../model/operation.ts';
import { recogniseDoorways } from './recognise.ts';
import { operation, secured, shape, surface } from './target.fixture.ts';

const both = shape({ username: {}, email: {}, password: {} });
const pair = shape({ email: {}, password: {} });

function doorways(...operations: Operation[]) {
  const { signUps, logIns } = recogniseDoorways(surface(operations));
  return { signUps: signUps.map(({ id }) => id), logIns: logIns.map(({ id }) => id) };
}

it.each([
  operation('POST', '/users/v1/register', { body: both }),
  operation('POST', '/register'),
  operation('POST', '/api/auth/sign_up'),
  operation('POST', '/accounts', { body: both }),
  operation('POST', '/users', { summary: 'Create a new user' }),
  operation('POST', '/u', { body: both, operationId: 'registerUser' }),
  operation('POST', '/team/join', { body: both }),
])('takes $id for a sign-up', (candidate) => {
  expect(doorways(candidate)).toEqual({ signUps: [candidate.id], logIns: [] });
});

it.each([
  operation('POST', '/login', { body: pair }),
  operation('POST', '/signin'),
  operation('POST', '/oauth/token', { body: shape({ username: {}, password: {} }) }),
  operation('POST', '/sessions', { body: pair }),
  operation('POST', '/api/authenticate'),
  operation('POST', '/go', { body: pair, summary: 'Logs in and returns a token' }),
  operation('GET', '/user/login', {
    parameters: ['username', 'password'].map((name) => ({ name, in: 'query', required: true, examples: [] })),
  }),
])('takes $id for a log-in', (candidate) => {
  expect(doorways(candidate)).toEqual({ signUps: [], logIns: [candidate.id] });
});

it.each([
  operation('POST', '/password/reset', { body: pair, summary: 'Reset the password of an account' }),
  operation('POST', '/auth/forget-password', { body: shape({ email: {} }) }),
  operation('POST', '/users/{id}/password', { body: shape({ password: {} }) }),
  operation('POST', '/auth/verify-email', { body: shape({ token: {} }) }),
  operation('POST', '/logout'),
  operation('POST', '/newsletter/signup', { body: shape({ email: {} }) }),
  operation('POST', '/tokens', { body: shape({ label: {} }), security: secured, summary: 'Create an API token' }),
  operation('POST', '/devices/register', { body: shape({ push_id: {} }) }),
  operation('GET', '/login/google'),
  operation('GET', '/register'),
  operation('POST', '/books', { body: shape({ title: {} }), summary: 'Create a book for the logged-in user' }),
])('takes $id for neither', (candidate) => {
  expect(doorways(candidate)).toEqual({ signUps: [], logIns: [] });
});

it('ranks the door for everybody before the one for administrators', () => {
  const found = doorways(
    operation('POST', '/admin/users/register', { body: both, security: secured }),
    operation('POST', '/admin/login', { body: pair }),
    operation('POST', '/users', { body: both, security: secured, summary: 'Create user' }),
    operation('POST', '/users/signup', { body: both }),
    operation('POST', '/users/login', { body: pair }),
  );
  expect(found.signUps[0]).toBe('POST /users/signup');
  expect(found.logIns[0]).toBe('POST /users/login');
});
