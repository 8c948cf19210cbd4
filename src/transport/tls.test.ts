import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openGuard } from './guard.ts';
import { openUndici } from './undici.ts';

// Self-signed, for these tests only: it protects nothing.
const testOnlyKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4zUHULvi4Z+KHzuM
5fTrlfIit4WVaMw+yF1F49CyPgahRANCAAR30pK3RssrXranfZKNKlCU2b+ZWRW1
GR3im4xe+PKcSTUh4tqRIwtov+UchwB3WfDGccelf1L8yhOwDnK8UISf
-----END PRIVATE KEY-----`;
const testOnlyCertificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUKUL7+z9Xn4NtH0U5j8Xwa1vR6iYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJdGVzdCBvbmx5MCAXDTI2MTEyMjAyNDkxMloYDzIxMjYxMDI5
MDI0OTEyWjAUMRIwEAYDVQQDDAl0ZXN0IG9ubHkwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR30pK3RssrXranfZKNKlCU2b+ZWRW1GR3im4xe+PKcSTUh4tqRIwto
v+UchwB3WfDGccelf1L8yhOwDnK8UISfo28wbTAdBgNVHQ4EFgQUmuFNjGJ+ul4C
OuK7Yg0mkOJL394wHwYDVR0jBBgwFoAUmuFNjGJ+ul4COuK7Yg0mkOJL394wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgQaX0hnCTNdsHeKKlh0ahVnCMegt2J1HV+o3BgWpSsY0CIQC2
yQuXHVm/ShcbsGAHQKHm8NDH3z+bUVA3LNywmxTQmg==
-----END CERTIFICATE-----`;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function secureServer(): Server {
  return createServer({ key: testOnlyKey, cert: testOnlyCertificate }, (_request, response) => void response.end('safe'));
}

async function get(origin: string, insecure: boolean) {
  const engine = openUndici({ timeoutMs: 2000, maxBodyBytes: 1000, insecure, guard: openGuard(new Set([origin])) });
  stops.unshift(engine.close);
  return engine.send({ method: 'GET', origin, path: '/', headers: [] });
}

test('a self-signed certificate is refused, with the way out', async () => {
  const answer = await get(`https://localhost:${await portOf(secureServer())}`, false);
  expect(answer).toMatchObject({ kind: 'silence', reason: 'tls', message: expect.stringContaining('--insecure') });
});

test('it is accepted when the user says so', async () => {
  const answer = await get(`https://localhost:${await portOf(secureServer())}`, true);
  expect(answer).toMatchObject({ kind: 'exchange', response: { status: 200, body: 'safe' } });
});

test('TLS to a port without TLS says to use http', async () => {
  const answer = await get(`https://127.0.0.1:${await portOf(createHttp())}`, false);
  expect(answer).toMatchObject({ kind: 'silence', reason: 'tls', message: expect.stringContaining('http://') });
});

test('plain HTTP to a port with TLS is a silence, not an exception', async () => {
  const answer = await get(`http://127.0.0.1:${await portOf(secureServer())}`, false);
  expect(answer.kind).toBe('silence');
});
