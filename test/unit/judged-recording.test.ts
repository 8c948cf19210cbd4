import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAuthFlag } from '../../src/identity/index.ts';
import { judgeRecording } from '../../src/judge-recording.ts';
import { scan } from '../../src/scan.ts';

const signature = (signed: string): string => createHmac('sha256', 'secret').update(signed).digest('base64url');
const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'alice', exp: 4_102_444_800 })}`;
const token = `${signed}.${signature(signed)}`;
const description = {
  openapi: '3.0.3',
  info: { title: 'Weak', version: '1' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: { '/me': { get: { security: [{ bearer: [] }], responses: { 200: { description: 'OK' } } } } },
};

let server: Server;
let origin: string;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'middlebrick-'));
  server = createServer((request, response) => {
    const [, head, claims, sent] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(request.headers.authorization ?? '') ?? [];
    const isDescription = request.url === '/openapi.json';
    const isKnown = sent !== undefined && sent === signature(`${head}.${claims}`);
    response.writeHead(isDescription || isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isDescription ? description : isKnown ? { name: 'alice', mail: 'alice@example.com' } : { error: 'who?' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

test('a key that was found is not found in the recording, where the signature is a stand-in, and that is said', async () => {
  const record = join(folder, 'scan.ndjson');
  const only = ['weak-token-secret'];
  const live = await scan({ target: origin, identities: [parseAuthFlag(`alice=Bearer ${token}`)], record, only });
  expect(live.report.findings.map(({ check, confidence }) => `${check} ${confidence}`)).toEqual(['weak-token-secret certain']);
  const judged = await judgeRecording(record, { only });
  expect(judged.report.findings).toEqual([]);
  expect(judged.report.coverage.verdicts).toMatchObject({ pass: 0, inconclusive: 1 });
});
