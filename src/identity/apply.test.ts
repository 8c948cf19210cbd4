import { expect, it } from 'vitest';
import { applyCredential } from './apply.ts';
import { noCredential } from './credentials.ts';

const request = {
  method: 'GET',
  origin: 'http://target.test',
  path: '/a%2Fb/../c?x=1&key=old&y=%20',
  headers: [
    ['Accept', '*/*'],
    ['authorization', 'old'],
    ['cookie', 'a=1; b=2'],
  ],
} as const;

it('replaces headers, merges cookies into one header, and appends to the query', () => {
  const applied = applyCredential(request, {
    headers: [['Authorization', 'new']],
    cookies: [
      ['b', '3'],
      ['c', '4'],
    ],
    query: [['key', 'n w']],
  });
  expect(applied.headers).toEqual([
    ['Accept', '*/*'],
    ['Authorization', 'new'],
    ['Cookie', 'a=1; b=3; c=4'],
  ]);
  expect(applied.path).toBe('/a%2Fb/../c?x=1&y=%20&key=n%20w');
});

it('leaves a request alone that needs nothing', () => {
  expect(applyCredential(request, noCredential)).toEqual(request);
  expect(applyCredential({ ...request, path: '/' }, { ...noCredential, query: [['k', 'v']] }).path).toBe('/?k=v');
});

it('leaves a tenant that the request names, and adds the one of the credential otherwise', () => {
  const credential = { ...noCredential, headers: [['Authorization', 'new'] as const, ['X-Tenant-Id', 'north'] as const] };
  const inSouth = { ...request, headers: [['x-tenant-id', 'south']] as const };
  expect(applyCredential(inSouth, credential).headers).toEqual([
    ['x-tenant-id', 'south'],
    ['Authorization', 'new'],
  ]);
  expect(applyCredential({ ...request, headers: [] }, credential).headers).toEqual(credential.headers);
});
