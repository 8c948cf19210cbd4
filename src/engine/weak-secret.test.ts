import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { weakSecretOf } from './weak-secret.ts';
import { wordList } from './word-list.ts';

function token(key: string, algorithm = 'HS256'): string {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part({ sub: 'somebody' })}`;
  return `${signed}.${createHmac(`sha${algorithm.slice(2)}`, key)
    .update(signed)
    .digest('base64url')}`;
}

test.each([
  ['secret', 'HS256'],
  ['your-256-bit-secret', 'HS256'],
  ['changeme', 'HS384'],
  ['keyboard cat', 'HS512'],
  ['', 'HS256'],
  // A password that leaked, an English word, and both as people disguise them.
  ['liverpool', 'HS256'],
  ['umbrella', 'HS256'],
  ['Password2024', 'HS256'],
  ['DRAGON', 'HS512'],
])('"%s" by %s is found', async (key, algorithm) => {
  expect(weakSecretOf(token(key, algorithm), [], await wordList())).toBe(key);
});

test('a key made of the name of the target is found, and of no other name', () => {
  const made = token('corner_shop-jwt-secret');
  expect(weakSecretOf(made, ['Bakery'], [])).toBeUndefined();
  expect(weakSecretOf(made, ['Corner Shop'], [])).toBe('corner_shop-jwt-secret');
});

test('a random key is not found, in less than five seconds on any machine', async () => {
  const words = await wordList();
  expect(words.length).toBeGreaterThan(100_000);
  const before = performance.now();
  expect(weakSecretOf(token('pX2v9-Kd71qLz0_rYw5m'), [], words)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(5000);
});

test('what no HMAC signs is not searched', async () => {
  const [, claims, signature] = token('secret').split('.');
  const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
  expect(weakSecretOf(`${header}.${claims}.${signature}`, [], await wordList())).toBeUndefined();
  expect(weakSecretOf('no.jwt', [], await wordList())).toBeUndefined();
});

test('the key of a session that Flask signed is found, packed or not', async () => {
  const words = await wordList();
  expect(weakSecretOf('eyJ1c2VyX2lkIjo3LCJuYW1lIjoiYWxpY2UifQ.awKJaQ.LboYAr0SqkU0eVGbe2uP0ax_FEA', [], words)).toBe('secret');
  expect(weakSecretOf('.eJyrViotTi2Kz0xRsjLXUcpLzE1VslJKHAVEA6VaAMBceNQ.awKJaQ.rnkKDshooZ-tKdfwM6DQOt0ATFk', [], words)).toBe('secret');
  expect(weakSecretOf('eyJ1c2VyX2lkIjo3LCJuYW1lIjoiYWxpY2UifQ.awKJaQ.LboYAr0SqkU0eVGbe2uP0ax_FEB', [], words)).toBeUndefined();
});
