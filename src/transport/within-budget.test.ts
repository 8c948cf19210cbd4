import { expect, test } from 'vitest';
import type { Answer, Request, Send } from '../model/http.ts';
import { openBudget, withinBudget } from './within-budget.ts';

const request: Request = { method: 'GET', origin: 'http://api.test', path: '/', headers: [] };
const response = { status: 200, headers: [], body: 'x'.repeat(100), bytes: 100, truncated: false };
const answer: Answer = { kind: 'exchange', request, response, startedAt: 0, ms: 0 };
const plenty = { requests: 100, seconds: 100, bytes: 10_000 };

test('requests are counted, and refused when there were too many', async () => {
  let sent = 0;
  const budget = openBudget({ ...plenty, requests: 2 }, () => 1);
  const send = withinBudget(budget)(async () => (sent++, answer));
  const answers = await Promise.all([send(request), send(request), send(request)]);
  expect(answers.map(({ kind }) => kind)).toEqual(['exchange', 'exchange', 'silence']);
  expect(answers[2]).toMatchObject({ reason: 'out-of-budget', message: expect.stringContaining('2 requests') });
  expect(sent).toBe(2);
  expect(budget.spent()).toMatchObject({ requests: 2, bytes: 200 });
  expect(budget.remainingMs()).toBe(0);
});

test('bytes are counted, and nothing is sent after too many', async () => {
  const budget = openBudget({ ...plenty, bytes: 150 }, () => 1);
  const send = withinBudget(budget)(async () => answer);
  await send(request);
  await send(request);
  expect(await send(request)).toMatchObject({ kind: 'silence', reason: 'out-of-budget' });
  expect(budget.spent()).toMatchObject({ requests: 2, bytes: 200 });
});

test('time counts from the first request', async () => {
  let now = 5000;
  const budget = openBudget({ ...plenty, seconds: 10 }, () => now);
  const send = withinBudget(budget)(async () => answer);
  now += 60_000;
  expect(budget.spent().ms).toBe(0);
  expect(await send(request)).toBe(answer);
  now += 4000;
  expect(budget.remainingMs()).toBe(6000);
  now += 6000;
  expect(await send(request)).toMatchObject({ kind: 'silence', reason: 'out-of-budget', message: expect.stringContaining('10 seconds') });
  expect(budget.spent()).toEqual({ requests: 1, bytes: 100, ms: 10_000 });
});

test('what never left is not counted', async () => {
  const outside: Send = async (asked) => ({ kind: 'silence', request: asked, reason: 'out-of-scope', message: '', startedAt: 0, ms: 0 });
  const budget = openBudget(plenty, () => 1);
  await withinBudget(budget)(outside)(request);
  expect(budget.spent().requests).toBe(0);
});
