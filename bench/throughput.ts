import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { printed, type Measurement } from './measurement.ts';
import type { Header, Request } from '../src/model/http.ts';
import { openTransport } from '../src/transport/index.ts';

const latencyMs = 20;
const headers: readonly Header[] = [
  ['accept', 'application/json'],
  ['authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'],
  ['user-agent', 'bench'],
];
const body = JSON.stringify({ id: 12, owner: 'alice', title: 'A book', secret: 'x'.repeat(120) });

/**
 * Measures what the composed transport costs beside a bare undici pool that reads the body as text: same requests, same target
 * (node:http in a process of its own), same run, rounds in pairs that take turns at going first, median of the pairs' ratios.
 * The ideal at a latency is the concurrency divided by the time that the target, by its own clock, took for an answer.
 */
export async function measure(): Promise<Measurement[]> {
  const fast = await compare(0, { concurrency: 50, transports: 4, rounds: 6, requests: 1300 });
  const usual = await compare(latencyMs, { concurrency: 16, transports: 2, rounds: 3, requests: 800 });
  const wide = await compare(latencyMs, { concurrency: 50, transports: 2, rounds: 3, requests: 2000 });
  const at = `at ${latencyMs} ms`;
  return [
    { name: 'engine throughput / bare pool', value: fast.ratio, unit: 'ratio', goal: 0.8, better: 'more' },
    { name: `${at}, 16 at once (the default), engine / ideal`, value: usual.ours / usual.ideal, unit: 'ratio', goal: 0.95, better: 'more' },
    { name: `${at}, 50 at once, engine / bare pool`, value: wide.ratio, unit: 'ratio', goal: 0.95, better: 'more' },
    { name: `${at}, 50 at once, bare pool / ideal (the floor)`, value: wide.raw / wide.ideal, unit: 'ratio', goal: 0, better: 'more' },
  ];
}

interface Plan {
  /** Requests under way at once. */
  readonly concurrency: number;
  /** A transport has a budget of 10,000 requests by default, which is kept; so several are opened, one after the other. */
  readonly transports: number;
  readonly rounds: number;
  readonly requests: number;
}

interface Comparison {
  /** Median of `ours / raw` over the pairs of rounds. */
  readonly ratio: number;
  /** Requests per second. */
  readonly ours: number;
  readonly raw: number;
  readonly ideal: number;
}

async function compare(delayMs: number, plan: Plan): Promise<Comparison> {
  const { concurrency } = plan;
  const { child, origin } = await startTarget(delayMs);
  const pool = new Pool(origin, { pipelining: 1, connections: concurrency });
  const flat = headers.flat();
  const viaPool = async (): Promise<void> => {
    const response = await pool.request({ method: 'GET', path: '/books/12?full=true', headers: flat });
    if (response.statusCode !== 200 || (await response.body.text()) !== body) throw new Error('the bare pool got a wrong answer');
  };
  const pairs: { ours: number; raw: number }[] = [];
  for (let index = 0; index < plan.transports; index++) {
    const transport = openTransport({ origins: new Set([origin]), pace: { maxConcurrency: concurrency } });
    const request: Request = { method: 'GET', origin, path: '/books/12?full=true', headers };
    const viaTransport = async (): Promise<void> => {
      const answer = await transport.send(request);
      if (answer.kind === 'silence' || answer.response.body !== body) throw new Error('the transport got a wrong answer');
    };
    // Enough for concurrency to have grown from 8 to 50 and for the code to be compiled.
    await rate(viaPool, 1500, concurrency);
    await rate(viaTransport, 1500, concurrency);
    for (let round = 0; round < plan.rounds; round++) {
      const oursFirst = round % 2 === 0;
      const first = await rate(oursFirst ? viaTransport : viaPool, plan.requests, concurrency);
      const second = await rate(oursFirst ? viaPool : viaTransport, plan.requests, concurrency);
      pairs.push(oursFirst ? { ours: first, raw: second } : { ours: second, raw: first });
    }
    await transport.close();
  }
  await pool.destroy();
  child.send('how long?');
  const [serviceMs]: unknown[] = await once(child, 'message');
  child.kill();
  return {
    ratio: median(pairs.map((pair) => pair.ours / pair.raw)),
    ours: median(pairs.map((pair) => pair.ours)),
    raw: median(pairs.map((pair) => pair.raw)),
    ideal: concurrency / (Number(serviceMs) / 1000),
  };
}

/** Requests per second. */
async function rate(once: () => Promise<void>, requests: number, concurrency: number): Promise<number> {
  let left = requests;
  const loop = async (): Promise<void> => {
    while (left-- > 0) await once();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, loop));
  return requests / ((performance.now() - start) / 1000);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

async function startTarget(delayMs: number): Promise<{ child: ChildProcess; origin: string }> {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', String(delayMs)]);
  const [port]: unknown[] = await once(child, 'message');
  return { child, origin: `http://127.0.0.1:${String(port)}` };
}

function serve(delayMs: number): void {
  let answered = 0;
  let totalMs = 0;
  const server = createServer((_request, response) => {
    const start = performance.now();
    const answer = (): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      answered++;
      totalMs += performance.now() - start;
    };
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  process.on('message', () => process.send?.(totalMs / answered));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : undefined);
  });
  process.once('disconnect', () => process.exit());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--serve');
  if (at >= 0) serve(Number(process.argv[at + 1]));
  else process.stdout.write(`${printed(await measure(), process.argv.includes('--json'))}\n`);
}
