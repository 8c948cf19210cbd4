import { describe, expect, test } from 'vitest';
import type { Answer, Header, Request, Send, SilenceReason } from '../model/http.ts';
import type { Clock } from './clock.ts';
import { paced, type PaceOptions } from './paced.ts';

/** Time that passes only while somebody sleeps. */
function virtualClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  let now = 1_700_000_000_000;
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      if (signal?.aborted) return;
      slept.push(ms);
      now += ms;
    },
  };
}

function request(path = '/', method = 'GET', origin = 'http://api.test'): Request {
  return { method, origin, path, headers: [] };
}

function exchange(asked: Request, status: number, headers: readonly Header[] = []): Answer {
  const response = { status, headers, body: '', bytes: 0, truncated: false };
  return { kind: 'exchange', request: asked, response, startedAt: 0, ms: 0 };
}

function silence(asked: Request, reason: SilenceReason): Answer {
  return { kind: 'silence', request: asked, reason, message: '', startedAt: 0, ms: 0 };
}

/** An engine that answers when told to. */
function manual(): { send: Send; waiting: { request: Request; answer: (answer: Answer) => Promise<void> }[]; most: () => number } {
  const waiting: { request: Request; answer: (answer: Answer) => Promise<void> }[] = [];
  let most = 0;
  const send: Send = (asked) =>
    new Promise((resolve) => {
      const entry = {
        request: asked,
        answer: async (answer: Answer) => {
          waiting.splice(waiting.indexOf(entry), 1);
          resolve(answer);
          await new Promise((done) => setImmediate(done));
        },
      };
      waiting.push(entry);
      most = Math.max(most, waiting.length);
    });
  return { send, waiting, most: () => most };
}

describe('rate', () => {
  test('requests are evenly spaced, without a burst at the start', async () => {
    const clock = virtualClock();
    const times: number[] = [];
    const send = paced({ requestsPerSecond: 10, clock })(async (asked) => (times.push(clock.now()), exchange(asked, 200)));
    await Promise.all(Array.from({ length: 20 }, () => send(request())));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(new Set(gaps.map(Math.round))).toEqual(new Set([100]));
  });

  test('the rate holds by the real clock', async () => {
    const times: number[] = [];
    const send = paced({ requestsPerSecond: 200 })(async (asked) => (times.push(performance.now()), exchange(asked, 200)));
    await Promise.all(Array.from({ length: 60 }, () => send(request())));
    const total = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(total).toBeGreaterThan(280);
    expect(total).toBeLessThan(500);
  });

  test('an idle time saves nothing up', async () => {
    const clock = virtualClock();
    const times: number[] = [];
    const send = paced({ requestsPerSecond: 10, clock })(async (asked) => (times.push(clock.now()), exchange(asked, 200)));
    await send(request());
    await clock.sleep(10_000);
    await Promise.all([send(request()), send(request()), send(request())]);
    expect((times[3] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(190);
  });

  test('each origin has a rate of its own', async () => {
    const clock = virtualClock();
    const send = paced({ requestsPerSecond: 1, clock })(async (asked) => exchange(asked, 200));
    await Promise.all([send(request('/', 'GET', 'http://a.test')), send(request('/', 'GET', 'http://b.test'))]);
    expect(clock.slept).toEqual([]);
  });
});

describe('concurrency', () => {
  async function run(options: PaceOptions, answers: readonly ((asked: Request) => Answer)[]) {
    const engine = manual();
    const send = paced({ clock: virtualClock(), ...options })(engine.send);
    const all = Array.from({ length: 200 }, (_, index) => send(request(`/${index}`)));
    for (const answer of answers) {
      const first = engine.waiting[0];
      if (first) await first.answer(answer(first.request));
    }
    return { ...engine, all };
  }
  const ok = (asked: Request): Answer => exchange(asked, 200);

  test('starts low and grows by one with each window of successes, up to the most', async () => {
    expect((await run({ startConcurrency: 4, maxConcurrency: 6 }, [])).waiting).toHaveLength(4);
    expect((await run({ startConcurrency: 4, maxConcurrency: 6 }, Array(3).fill(ok))).waiting).toHaveLength(4);
    expect((await run({ startConcurrency: 4, maxConcurrency: 6 }, Array(4).fill(ok))).waiting).toHaveLength(5);
    expect((await run({ startConcurrency: 4, maxConcurrency: 6 }, Array(9).fill(ok))).waiting).toHaveLength(6);
    expect((await run({ startConcurrency: 4, maxConcurrency: 6 }, Array(100).fill(ok))).most()).toBe(6);
  });

  test.each([
    ['429', (asked: Request) => exchange(asked, 429)],
    ['503', (asked: Request) => exchange(asked, 503)],
    ['a timeout', (asked: Request) => silence(asked, 'timeout')],
  ])('is halved by %s, once for all that were under way', async (_what, trouble) => {
    const { waiting } = await run({ startConcurrency: 8 }, Array(8).fill(trouble));
    expect(waiting).toHaveLength(4);
  });

  test('never falls below one', async () => {
    const { waiting } = await run(
      { startConcurrency: 8 },
      Array(60).fill((asked: Request) => exchange(asked, 503)),
    );
    expect(waiting).toHaveLength(1);
  });

  test('what waits first is sent first', async () => {
    const order: string[] = [];
    const send = paced({ maxConcurrency: 1 })(async (asked) => (order.push(asked.path), exchange(asked, 200)));
    await Promise.all(Array.from({ length: 3000 }, (_, index) => send(request(`/${index}`))));
    expect(order).toEqual(Array.from({ length: 3000 }, (_, index) => `/${index}`));
  });

  test('an engine that breaks its promise does not block the queue', async () => {
    const send = paced({ maxConcurrency: 1 })(async (asked) => {
      if (asked.path === '/bad') throw new Error('broken');
      return exchange(asked, 200);
    });
    const bad = send(request('/bad'));
    await expect(bad).rejects.toThrow('broken');
    expect(await send(request('/good'))).toMatchObject({ kind: 'exchange' });
  });
});

describe('Retry-After', () => {
  async function answered(statuses: readonly number[], value: string, method = 'GET', options: PaceOptions = {}) {
    const clock = virtualClock();
    let sent = 0;
    const send = paced({ clock, ...options })(async (asked) => {
      const status = statuses[Math.min(sent++, statuses.length - 1)] ?? 200;
      return exchange(asked, status, status === 200 ? [] : [['Retry-After', value]]);
    });
    const answer = await send(request('/', method));
    return { status: answer.kind === 'exchange' ? answer.response.status : answer.reason, sent, slept: clock.slept, send, clock };
  }

  test('is waited for, and the request repeated', async () => {
    expect(await answered([429, 200], '2')).toMatchObject({ status: 200, sent: 2, slept: [2000] });
  });

  test('the repeated request goes before those that came later', async () => {
    const order: string[] = [];
    const send = paced({ clock: virtualClock(), maxConcurrency: 1 })(async (asked) => {
      order.push(asked.path);
      return order.length === 1 ? exchange(asked, 429, [['retry-after', '1']]) : exchange(asked, 200);
    });
    await Promise.all(['/1', '/2', '/3'].map((path) => send(request(path))));
    expect(order).toEqual(['/1', '/1', '/2', '/3']);
  });

  test('may be a date', async () => {
    const { status, slept } = await answered([503, 200], new Date(1_700_000_003_000).toUTCString());
    expect({ status, slept }).toEqual({ status: 200, slept: [3000] });
  });

  test('gives the answer after two more attempts', async () => {
    expect(await answered([429], '1')).toMatchObject({ status: 429, sent: 3, slept: [1000, 1000] });
  });

  test('is not waited for longer than the cap', async () => {
    expect(await answered([429, 200], '86400')).toMatchObject({ status: 200, slept: [30_000] });
  });

  test('is not waited for beyond the time that is left', async () => {
    expect(await answered([429, 200], '20', 'GET', { remainingMs: () => 10_000 })).toMatchObject({ status: 429, sent: 1, slept: [] });
  });

  test.each([
    ['POST', 429, 200, 2],
    ['POST', 503, 503, 1],
    ['HEAD', 503, 200, 2],
  ])('%s after %i ends with %i', async (method, first, last, sent) => {
    expect(await answered([first, 200], '1', method)).toMatchObject({ status: last, sent });
  });

  test('holds the whole origin up, also when the request is not repeated', async () => {
    const { send, slept } = await answered([503, 200], '5', 'POST');
    await send(request('/other'));
    expect(slept).toEqual([5000]);
  });

  test.each(['soon', '-5', ''])('%j is no reason to wait', async (value) => {
    expect(await answered([429, 200], value)).toMatchObject({ status: 429, sent: 1, slept: [] });
  });
});

describe('an end', () => {
  test('a signal ends the wait at once and lets the engine refuse', async () => {
    const controller = new AbortController();
    const send = paced({ signal: controller.signal })(async (asked) =>
      controller.signal.aborted ? silence(asked, 'aborted') : exchange(asked, 429, [['retry-after', '20']]),
    );
    const start = performance.now();
    const all = Promise.all([send(request('/1')), send(request('/2'))]);
    setTimeout(() => controller.abort(), 50);
    expect(await all).toMatchObject([{ reason: 'aborted' }, { reason: 'aborted' }]);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('when the time is spent, nothing waits its turn to be refused', async () => {
    const clock = virtualClock();
    const send = paced({ requestsPerSecond: 1, clock, remainingMs: () => 0 })(async (asked) => silence(asked, 'out-of-budget'));
    await Promise.all(Array.from({ length: 50 }, () => send(request())));
    expect(clock.slept).toEqual([]);
  });
});
