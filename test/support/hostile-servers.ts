import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server, Socket } from 'node:net';
import { createServer as createTcp } from 'node:net';

/** A server that a test runs on the loopback interface. */
export interface Hostile {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves over HTTP by a function that may do anything to its connection. */
export async function hostileHttp(listener: RequestListener): Promise<Hostile> {
  return listening(createHttp(listener), 'http');
}

/** The same over TLS with a certificate that nobody signed. */
export async function hostileHttps(listener: RequestListener): Promise<Hostile> {
  return listening(createHttps({ key: testOnlyKey, cert: testOnlyCertificate }, listener), 'https');
}

/** Speaks whatever it likes on bare connections. */
export async function hostileTcp(serve: (socket: Socket) => void): Promise<Hostile> {
  return listening(createTcp(serve), 'http');
}

/** A URL on which nobody listens. */
export async function nobody(): Promise<string> {
  const server = await hostileTcp(() => {});
  await server.close();
  return server.url;
}

/** Serves a description at `/openapi.json` and a word at `/`; everything else by `listener`. */
export function described(description: unknown, listener: RequestListener): Promise<Hostile> {
  return hostileHttp((request, response) => {
    if (request.url === '/openapi.json') sendJson(response, 200, description);
    else if (request.url === '/') sendJson(response, 200, { name: 'an API' });
    else listener(request, response);
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Reads the body of a request to its end. */
export async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}

/** A description with three operations that need no credential. */
export const threeOperations = {
  openapi: '3.0.3',
  info: { title: 'Three operations', version: '1' },
  paths: Object.fromEntries(
    ['/news', '/status', '/offers'].map((path) => [path, { get: { security: [], responses: { 200: { description: 'OK' } } } }]),
  ),
};

async function listening(server: Server, scheme: string): Promise<Hostile> {
  const sockets = new Set<Socket>();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      socket.on('error', () => undefined);
      sockets.add(socket.on('close', () => sockets.delete(socket)));
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { url: `${scheme}://127.0.0.1:${port}`, close };
}

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
