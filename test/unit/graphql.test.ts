import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseIdentitiesFile } from '../../src/identity/index.ts';
import { scan } from '../../src/index.ts';
import type { ScanOptions } from '../../src/scan-options.ts';
import type { Report } from '../../src/model/report.ts';
import { graphqlShop, type GraphqlShop, type GraphqlShopOptions } from '../support/graphql-shop.ts';

vi.setConfig({ testTimeout: 30_000 });

async function shop(options: GraphqlShopOptions): Promise<GraphqlShop> {
  const started = await graphqlShop(options);
  onTestFinished(() => started.close());
  return started;
}

async function scanned(options: ScanOptions): Promise<Report> {
  return (await scan({ allow: 'write', seed: 'graphql', ...options })).report;
}

function found(report: Report, least = ['critical', 'high', 'medium', 'low']): string[] {
  const counted = report.findings.filter(({ severity, confidence }) => least.includes(severity) && confidence !== 'tentative');
  return counted.map(({ check, operation }) => `${check} ${operation.path}`).toSorted();
}

test('every flaw that was put into a GraphQL shop is proven, from its address alone', async () => {
  const { url } = await shop({ repaired: false });
  const report = await scanned({ target: url });
  expect(report.outcome, report.reasons.join('\n')).toBe('done');
  expect(report.identities.map(({ usable }) => usable)).toEqual([true, true]);
  expect(found(report)).toEqual([
    'foreign-collection-read /graphql query ordersOf(userId)',
    'foreign-object-change /graphql mutation updateOrder(id, input)',
    'foreign-object-delete /graphql mutation deleteNote(id)',
    'foreign-object-read /graphql query node(id) on Order',
    'foreign-object-read /graphql query note(id)',
    'foreign-object-read /graphql query order(id)',
    'foreign-object-read /graphql query user(id)',
    'graphql-aliases-unlimited /graphql',
    'graphql-batching-unlimited /graphql',
    'graphql-mutation-by-get /graphql',
    'privileged-operation-open /graphql query adminReport',
    'property-assignment /graphql mutation register(input)',
    'sensitive-property-returned /graphql query me',
  ]);
  expect(report.findings.filter(({ check }) => check === 'foreign-object-read').every(({ confidence }) => confidence === 'certain')).toBe(
    true,
  );
  expect(report.findings.find(({ check }) => check === 'property-assignment')?.proof).toMatch(/"isAdmin": true, "role": "ADMIN"/);
  expect(report.findings.find(({ check }) => check === 'foreign-object-change')?.curl).toContain('mutation updateOrder');
  // What it made is gone again.
  expect(report.notes.join(' ')).not.toMatch(/could not be removed/);
});

test('nothing is said of a sound one, and what would harm it is never sent', async () => {
  const { url, sdl, seen } = await shop({ repaired: true });
  const report = await scanned({ target: url, spec: '-', stdin: () => Promise.resolve(sdl) });
  expect(report.outcome, report.reasons.join('\n')).toBe('done');
  expect(found(report)).toEqual([]);
  expect(seen.join('\n')).toContain('mutation createOrder');
  expect(seen.join('\n')).not.toMatch(/deleteAllNotes|__schema \{ types/);
  expect(report.notes.join(' ')).not.toMatch(/could not be removed/);
});

test.each(['nothing', 'forbidden', 'vague'] as const)('a sound one that refuses with %s is not mistaken', async (refusal) => {
  const { url } = await shop({ repaired: true, introspection: true, refusal });
  const report = await scanned({ target: `${url}/graphql` });
  expect(report.outcome, report.reasons.join('\n')).toBe('done');
  expect(found(report, ['critical', 'high', 'medium'])).toEqual([]);
  expect(found(report, ['low']).length > 0).toBe(refusal === 'forbidden');
});

test('without consent nothing but queries is sent', async () => {
  const { url, seen } = await shop({ repaired: false, endpoint: '/api/graphql' });
  const report = await scanned({ target: url, allow: 'read' });
  expect(found(report, ['critical', 'high', 'medium'])).toEqual([]);
  expect(report.coverage.operations).toBeGreaterThan(20);
  expect(seen.filter((document) => document.startsWith('mutation') && document !== 'mutation{__typename}')).toEqual([]);
});

/** The text of a HAR of somebody who logs in and reads a note. */
async function harOf(url: string, name: string): Promise<{ text: string; token: string }> {
  const entries: object[] = [];
  let token = '';
  const ask = async (query: string, variables: object): Promise<Record<string, Record<string, unknown>>> => {
    const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    const text = await response.text();
    entries.push({
      request: {
        method: 'POST',
        url: `${url}/graphql`,
        headers: Object.entries(headers).map(([header, value]) => ({ name: header, value })),
        postData: { mimeType: 'application/json', text: body },
      },
      response: { status: response.status, headers: [], content: { mimeType: 'application/json', text } },
    });
    return (JSON.parse(text) as { data: Record<string, Record<string, unknown>> }).data;
  };
  const input = { username: name, email: `${name}@example.org`, password: `Pw-of-${name}-55` };
  const signedUp = await ask('mutation Join($input: UserInput!) { register(input: $input) { token } }', { input });
  token = String(signedUp['register']?.['token']);
  const made = await ask('mutation Add { createNote(title: "Dentist", text: "Room twelve") { id } }', {});
  await ask('query Open($key: Int!) { note(id: $key) { id title text } }', { key: made['createNote']?.['id'] });
  return { text: JSON.stringify({ log: { version: '1.2', entries } }), token };
}

test('two recordings of GraphQL traffic tell who is who and what is whose', async () => {
  const { url, seen } = await shop({ repaired: false });
  const folder = await mkdtemp(join(tmpdir(), 'middlebrick-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const recorded = { alice: await harOf(url, 'alice'), bob: await harOf(url, 'bob') };
  const hars = await Promise.all(
    Object.entries(recorded).map(async ([name, { text }]) => {
      await writeFile(join(folder, `${name}.har`), text);
      return { name, file: join(folder, `${name}.har`) };
    }),
  );
  const before = seen.length;
  const report = await scanned({ target: url, hars, allow: 'read' });
  expect(report.outcome, report.reasons.join('\n')).toBe('done');
  expect(found(report)).toContain('foreign-object-read /graphql query note(id)');
  expect(seen.slice(before).filter((document) => document.startsWith('mutation') && document !== 'mutation{__typename}')).toEqual([]);
  for (const { token } of Object.values(recorded)) expect(JSON.stringify(report)).not.toContain(token);
});

test('a log-in that is declared by hand is the mutation that it is', async () => {
  const { url } = await shop({ repaired: false });
  const people = await Promise.all(['alice', 'bob'].map(async (name) => ({ name, ...(await harOf(url, name)) })));
  const identities = parseIdentitiesFile(
    people
      .map(
        ({ name }) => `
- name: ${name}
  login:
    request:
      path: /graphql
      json:
        query: 'mutation In($user: String!, $password: String!) { login(username: $user, password: $password) { token } }'
        variables: { user: ${name}, password: Pw-of-${name}-55 }
    extract: { from: body, pointer: /data/login/token }`,
      )
      .join(''),
    'team.yaml',
    {},
  );
  const report = await scanned({ target: `${url}/graphql`, identities, allow: 'read' });
  expect(report.identities.map(({ usable }) => usable)).toEqual([true, true]);
  expect(found(report)).toContain('foreign-object-read /graphql query note(id)');
});

test('an endpoint that keeps its schema to itself is told as one', async () => {
  const { url } = await shop({ repaired: true });
  await expect(scanned({ target: url })).rejects.toMatchObject({
    code: 'introspection-off',
    message: expect.stringMatching(/\/graphql speaks GraphQL and does not tell its schema \(introspection is off\)/),
    hint: expect.stringContaining('--spec schema.graphql'),
  });
  await expect(scanned({ target: url, spec: `${url}/graphql` })).rejects.toMatchObject({ code: 'introspection-off' });
});

test('the endpoint may be given as the description', async () => {
  const { url } = await shop({ repaired: false, endpoint: '/api' });
  const report = await scanned({ spec: `${url}/api`, allow: 'read' });
  expect(report.target).toMatchObject({ dialect: 'graphql introspection', description: `${url}/api` });
});
