import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Send } from '../model/http.ts';
import type { Page, Pages } from '../model/hosting.ts';
import { systemClock } from './clock.ts';
import { unsent } from './silence.ts';

const tally = '/fetched/';
/** A target that fetches without end is not counted any further. */
const mostVisits = 10_000;

/** Pages, and what was fetched of them. */
export interface Logbook {
  /** The page at a request-target, noted as fetched whether there is one or not. */
  readonly visit: (target: string) => Page | undefined;
  /** Answers requests to `/fetched/PATH` without a network; other ones are silence. */
  readonly send: Send;
}

/** Keeps a log of what is fetched. */
export function openLogbook(pages: Pages, now = systemClock.now): Logbook {
  const visits: string[] = [];
  return {
    visit: (target) => {
      const path = target.split('?', 1)[0] ?? '';
      if (visits.length < mostVisits) visits.push(path);
      return pages(path);
    },
    send: async (request) => {
      if (!request.path.startsWith(tally)) return unsent(request, 'out-of-scope', 'It is an address of our own.', now());
      const folder = request.path.slice(tally.length - 1);
      const body = JSON.stringify({ fetched: visits.filter((path) => path === folder || path.startsWith(`${folder}/`)).length });
      const response = {
        status: 200,
        headers: [['content-type', 'application/json']] as const,
        body,
        bytes: body.length,
        truncated: false,
      };
      return { kind: 'exchange', request, response, startedAt: now(), ms: 0 };
    },
  };
}

/** An address of our own that is open. */
export interface OwnAddress {
  readonly origin: string;
  readonly send: Send;
  readonly close: () => Promise<void>;
}

/** Opens a server on a free port of 127.0.0.1, which other machines cannot reach. Only GET is answered. */
export async function openOwnAddress(pages: Pages): Promise<OwnAddress> {
  const logbook = openLogbook(pages);
  const server = createServer({ requestTimeout: 5000, maxHeaderSize: 16_384 }, (request, response) => {
    const page = request.method === 'GET' ? logbook.visit(request.url ?? '') : undefined;
    response.writeHead(page ? 200 : 404, { 'content-type': page?.type ?? 'text/plain', connection: 'close' }).end(page?.body ?? '');
  });
  server.maxConnections = 20;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    send: logbook.send,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
