import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import { repairedShop } from '../../src/demo/api.ts';
import type { ExampleApi, Reply } from '../../src/model/example.ts';
import type { Header } from '../../src/model/http.ts';
import { hostileHttp, sendJson, textOf, type Hostile } from './hostile-servers.ts';

/** A request as the shop saw it, and what it answered. */
export interface Visited {
  readonly line: string;
  readonly authorization: string;
  readonly reply: Reply;
}

export interface HostileShop extends Hostile {
  readonly visits: readonly Visited[];
  /** Ids of the orders and addresses that are still there, of those made over HTTP. */
  readonly left: () => string[];
  /** Resolves when so many requests like this were answered; `POST /orders` matches by its beginning. */
  readonly answered: (line: string, times?: number) => Promise<void>;
}

export interface ShopOptions {
  readonly api?: ExampleApi;
  readonly delayMs?: number;
  /** Answers instead of the shop; `number` counts the requests that came, from 1. */
  readonly instead?: (line: string, request: IncomingMessage, number: number) => Reply | undefined;
}

/** The demo's shop, slowed down, watched and interfered with. */
export async function hostileShop({ api = repairedShop, delayMs = 0, instead }: ShopOptions = {}): Promise<HostileShop> {
  const handle = api.start();
  const visits: Visited[] = [];
  const waiting = new Set<() => void>();
  let number = 0;
  const served = await hostileHttp((request, response) => {
    void (async () => {
      const { method = 'GET', url = '/', rawHeaders } = request;
      const line = `${method} ${url}`;
      number += 1;
      const turn = number;
      const body = await textOf(request).catch(() => '');
      if (delayMs > 0) await sleep(delayMs);
      if (line === 'GET /openapi.json') return sendJson(response, 200, api.description);
      const headers = rawHeaders.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []));
      const asked = { method, origin: 'http://shop', path: url, headers };
      const reply = instead?.(line, request, turn) ?? handle(body === '' ? asked : { ...asked, body });
      visits.push({ line, authorization: request.headers.authorization ?? '', reply });
      if (reply.body === undefined) response.writeHead(reply.status, reply.headers).end();
      else sendJson(response, reply.status, reply.body, reply.headers);
      for (const look of waiting) look();
    })();
  });
  const count = (line: string): number => visits.filter((visit) => visit.line.startsWith(line)).length;
  return {
    ...served,
    visits,
    left: () => leftOf(visits),
    answered: (line, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (count(line) < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function leftOf(visits: readonly Visited[]): string[] {
  const left = new Set<string>();
  for (const { line, reply } of visits) {
    const [method, path = ''] = line.split(' ');
    if (method === 'POST' && reply.status === 201 && /^\/(?:orders|addresses)$/.test(path)) left.add(`${path}/${idOf(reply)}`);
    if (method === 'DELETE' && reply.status === 204) left.delete(path);
  }
  return [...left];
}

function idOf({ body }: Reply): string {
  return typeof body === 'object' && body !== null && 'id' in body ? String(body['id']) : '';
}

/** Opens an account at the shop, and returns the part of an identities file that logs in to it. */
export async function customerOf(shop: Hostile, name: string, password: string): Promise<string> {
  const answer = await fetch(`${shop.url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, email: `${name}@mail.example`, password }),
  });
  if (answer.status !== 201) throw new Error(`the shop did not register ${name}: ${answer.status}`);
  return logInOf(name, password);
}

/** The entry of an identities file that logs in at the shop. */
export function logInOf(name: string, password: string): string {
  return [
    `- name: ${name}`,
    '  login:',
    `    request: { path: /login, json: { username: ${name}, password: "${password}" } }`,
    '    extract: { from: body, pointer: /access_token }',
    '',
  ].join('\n');
}
