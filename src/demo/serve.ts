import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ExampleApi, Reply } from '../model/example.ts';
import type { Header } from '../model/http.ts';

export interface Served {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const mostBodyBytes = 1_000_000;

/** Serves an API on a free port of the loopback interface, with its description at `/openapi.json`. */
export async function serveApi(api: ExampleApi): Promise<Served> {
  const handle = api.start();
  const description = `${JSON.stringify(api.description, null, 2)}\n`;
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    void bodyOf(incoming).then((body) => {
      if (method === 'GET' && url === '/openapi.json')
        return answer(outgoing, { status: 200, body: description, headers: { 'content-type': 'application/json' } });
      const request = { method, origin: `http://${incoming.headers.host ?? ''}`, path: url, headers: headersOf(incoming.rawHeaders) };
      return answer(outgoing, handle(body === '' ? request : { ...request, body }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of incoming) {
      const bytes = Buffer.from(part as Uint8Array);
      size += bytes.length;
      if (size <= mostBodyBytes) parts.push(bytes);
    }
  } catch {
    // The caller hung up; what came so far is all there is.
  }
  return Buffer.concat(parts).toString('utf8');
}

function headersOf(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}

function answer(outgoing: ServerResponse, { status, body, headers }: Reply): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  outgoing.writeHead(status, { ...(body === undefined ? {} : { 'content-type': type }), ...headers });
  outgoing.end(text);
}
