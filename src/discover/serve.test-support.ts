import { createServer, type IncomingMessage } from 'node:http';
import type { Header, Send, SilenceReason } from '../model/http.ts';

export interface Page {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Served {
  readonly origin: string;
  /** `GET /path`, in the order in which requests came. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

/** A server on 127.0.0.1 that answers from a table, or by a function; whatever it does not know is 404. */
export async function serve(pages: Readonly<Record<string, Page>> | ((request: IncomingMessage) => Page | undefined)): Promise<Served> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    seen.push(`${request.method} ${path}`);
    const page = typeof pages === 'function' ? pages(request) : pages[path];
    const body = page?.body ?? (page === undefined ? { error: 'not found' } : '');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = page?.type ?? (typeof body === 'string' ? 'text/html' : 'application/json');
    response.writeHead(page?.status ?? (page === undefined ? 404 : 200), { 'content-type': type, ...page?.headers }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { origin: `http://127.0.0.1:${port}`, seen, close };
}

/** Sends for real; bodies above `cap` characters arrive cut. */
export function sender(cap = 10_000_000): Send {
  return async (request) => {
    const startedAt = Date.now();
    try {
      const response = await fetch(request.origin + request.path, {
        method: request.method,
        headers: request.headers.map(([name, value]): [string, string] => [name, value]),
        redirect: 'manual',
      });
      const body = await response.text();
      const headers = [...response.headers].map(([name, value]): Header => [name, value]);
      const answer = { status: response.status, headers, body: body.slice(0, cap), bytes: body.length, truncated: body.length > cap };
      return { kind: 'exchange', request, response: answer, startedAt, ms: Date.now() - startedAt };
    } catch {
      return { kind: 'silence', request, reason: 'refused', message: 'connection refused', startedAt, ms: Date.now() - startedAt };
    }
  };
}

/** A network on which nothing answers. */
export function silent(reason: SilenceReason, message: string): Send {
  return (request) => Promise.resolve({ kind: 'silence', request, reason, message, startedAt: 0, ms: 0 });
}
