import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Header, Request, Send } from '../model/http.ts';
import { openRecorder, recorded } from './recording.ts';
import { readRecording, replayed } from './replay.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const fresh = (): string => join(folder, `${files++}.ndjson`);
const plain = (text: string): string => text;

function request(change: Partial<Request> = {}): Request {
  return { method: 'GET', origin: 'http://api.test', path: '/a', headers: [], ...change };
}

function answer(asked: Request, body: string): Answer {
  const response = { status: 200, headers: [['Set-Cookie', `s=${body}`]] satisfies Header[], body, bytes: body.length, truncated: false };
  return { kind: 'exchange', request: asked, response, startedAt: 1, ms: 2 };
}

async function record(file: string, answers: readonly Answer[], mask = plain): Promise<{ error?: string }> {
  const recorder = await openRecorder(file, { seed: 'abc' }, mask);
  const queue = [...answers];
  const send = recorded(recorder)(async (asked) => queue.shift() ?? answer(asked, ''));
  for (const { request: asked } of answers) await send(asked);
  return recorder.close();
}

const bodyOf = async (send: Send, asked: Request): Promise<string> => {
  const got = await send(asked);
  return got.kind === 'exchange' ? got.response.body : got.reason;
};

describe('a recorded scan', () => {
  test('is read as it was written, line separators and all', async () => {
    const file = fresh();
    const silence: Answer = { kind: 'silence', request: request(), reason: 'timeout', message: 'late', startedAt: 1, ms: 9 };
    const answers = [answer(request({ body: 'b' }), 'one\u2028two\r\nthree \ud800'), silence];
    expect(await record(file, answers)).toEqual({});
    const recording = await readRecording(file);
    expect(recording.header).toEqual({ kind: 'middlebrick-recording', version: 1, seed: 'abc' });
    expect(recording.answers).toEqual(answers);
    expect(recording.notes).toEqual([]);
  });

  test('answers the same requests in the recorded order, the last again and again', async () => {
    const file = fresh();
    await record(file, [answer(request(), '1'), answer(request({ path: '/b' }), 'b'), answer(request(), '2')]);
    const send = replayed(await readRecording(file));
    const bodies: string[] = [];
    for (const path of ['/a', '/a', '/b', '/a', '/b']) bodies.push(await bodyOf(send, request({ path })));
    expect(bodies).toEqual(['1', '2', 'b', '2', 'b']);
  });

  test('tells requests apart by all but the order and case of headers', async () => {
    const file = fresh();
    const headers: Header[] = [
      ['A', '1'],
      ['b', '2'],
    ];
    await record(file, [answer(request({ headers, body: 'x' }), 'hit')]);
    const send = replayed(await readRecording(file));
    const turned: Header[] = [
      ['B', '2'],
      ['a', '1'],
    ];
    expect(await bodyOf(send, request({ headers: turned, body: 'x' }))).toBe('hit');
    const others: Partial<Request>[] = [
      { headers },
      { headers, body: 'y' },
      { headers: turned.slice(1), body: 'x' },
      { headers, body: 'x', method: 'POST' },
      { headers, body: 'x', path: '/b' },
      { headers, body: 'x', origin: 'http://b.test' },
    ];
    for (const other of others) expect(await bodyOf(send, request(other))).toBe('not-recorded');
  });

  test('holds no secret, not even one that became known just after its answer', async () => {
    const file = fresh();
    const secrets = ['lent-secret'];
    const mask = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
    const recorder = await openRecorder(file, { note: ['lent-secret'] }, mask);
    const asked = request({ path: '/?k=lent-secret', headers: [['authorization', 'lent-secret']], body: 'lent-secret' });
    recorder.record(answer(asked, 'lent-secret and minted-secret'));
    recorder.record({ kind: 'silence', request: asked, reason: 'reset', message: 'lent-secret', startedAt: 0, ms: 0 });
    secrets.push('minted-secret');
    await recorder.close();
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/lent-secret|minted-secret/);
    expect(text).toContain('*** and ***');
    expect(await bodyOf(replayed(await readRecording(file), mask), asked)).toBe('*** and ***');
  });

  test('is for its owner only, also where a file was there before', async () => {
    const file = fresh();
    await writeFile(file, 'old');
    await chmod(file, 0o644);
    await record(file, []);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('old');
  });

  test('reaches the file while the scan goes on', async () => {
    const file = fresh();
    const recorder = await openRecorder(file, {}, plain);
    recorder.record(answer(request(), 'early'));
    await expect.poll(() => readFile(file, 'utf8'), { timeout: 3000 }).toContain('early');
    await recorder.close();
  });
});

describe('what goes wrong', () => {
  test.runIf(existsSync('/dev/full'))('a full disk does not stop the scan, and is told at the end', async () => {
    const recorder = await openRecorder('/dev/full', {}, plain);
    const send = recorded(recorder)(async (asked) => answer(asked, 'ok'));
    expect(await bodyOf(send, request())).toBe('ok');
    const { error } = await recorder.close();
    expect(error).toMatch(/\/dev\/full is incomplete: ENOSPC/);
  });

  test('a place that cannot be written is refused at once', async () => {
    await expect(openRecorder(folder, {}, plain)).rejects.toMatchObject({ code: 'cannot-write-recording' });
    await expect(openRecorder(join(folder, 'no', 'such.ndjson'), {}, plain)).rejects.toMatchObject({ code: 'cannot-write-recording' });
  });

  test('a recording that breaks off is read up to there', async () => {
    const file = fresh();
    await record(file, [answer(request(), '1'), answer(request(), '2')]);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -20));
    const { answers, notes } = await readRecording(file);
    expect(answers).toHaveLength(1);
    expect(notes).toEqual([expect.stringContaining('line 3')]);
  });

  test.each([
    ['not-a-recording', '{"openapi":"3.0.0"}\n'],
    ['not-a-recording', ''],
    ['not-a-recording', 'hello'],
    ['recording-too-new', '{"kind":"middlebrick-recording","version":2}\n'],
    ['recording-damaged', '{"kind":"middlebrick-recording","version":1}\n{"kind":"exchange"}\n'],
  ])('%s: %j', async (code, text) => {
    const file = fresh();
    await writeFile(file, text);
    await expect(readRecording(file)).rejects.toMatchObject({ code });
  });

  test('a file that is not there', async () => {
    await expect(readRecording(fresh())).rejects.toMatchObject({ code: 'cannot-read-recording' });
  });
});
