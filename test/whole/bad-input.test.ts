import { mkdir, readdir, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { hostileHttp, sendJson, threeOperations } from '../support/hostile-servers.ts';
import { emptyFolder, excess, middlebrick, refusal, type Outcome, using } from './command.ts';

describe.concurrent('a command line that cannot be understood', () => {
  const target = 'http://127.0.0.1:1';
  test.for<[string, string[], RegExp[]]>([
    ['no such command', ['scna', target], [/unknown command 'scna'/, /Did you mean scan/]],
    ['no such option', ['scan', target, '--treshold', '80'], [/unknown option '--treshold'/, /Did you mean --threshold/]],
    ['a rate that is no number', ['scan', target, '--rate', 'abc'], [/--rate.*abc.*number above 0/]],
    ['a count that is no count', ['scan', target, '--max-requests', '1.5'], [/--max-requests.*whole number above 0/]],
    ['bytes in no known unit', ['scan', target, '--max-bytes', '5XB'], [/--max-bytes.*5MB/]],
    ['no such format', ['scan', target, '--format', 'xml'], [/xml.*pretty, summary, json, sarif, html/]],
    ['a file name without a known ending', ['scan', target, '--output', 'report.csv'], [/report\.csv/, /--format/]],
    ['no such grade', ['scan', target, '--threshold', 'Q'], [/"Q" is not a threshold/, /0 to 100/]],
    ['no such severity', ['scan', target, '--fail-on', 'bad'], [/critical, high, medium, low, info/]],
    ['no such check', ['scan', target, '--only', 'bola'], [/no check called "bola"/, /foreign-object-read/]],
    ['no such context', ['scan', target, '--context', 'shop'], [/financial, medical, public, internal/]],
    ['nothing to scan', ['scan'], [/neither a target nor a description/, /--spec FILE/]],
    ['a scheme that is no web', ['scan', 'ftp://127.0.0.1'], [/not a URL that can be scanned/]],
    ['a plan as HTML', ['scan', target, '--dry-run', '--format', 'html'], [/plan cannot be written as html/]],
    ['no such check to explain', ['explain', 'bola'], [/no check called "bola"/]],
    ['no such recording', ['judge', 'nothing.ndjson'], [/nothing\.ndjson/]],
    ['no such journal', ['cleanup', 'nothing.ndjson'], [/nothing\.ndjson/]],
    ['no such baseline', ['scan', target, '--baseline', 'nothing.json'], [/nothing\.json.*no such file/]],
    ['no such identities', ['scan', target, '--identities', 'nothing.yaml'], [/nothing\.yaml.*no such file/]],
    ['no such description', ['scan', target, '--spec', 'nothing.yaml'], [/nothing\.yaml.*no such file/]],
  ])('%s', async ([, args, words], t) => {
    const folder = await emptyFolder(t);
    expect(await middlebrick(args, { cwd: folder })).toMatchObject(refusal(...words));
  });

  test('no command at all: the help, on stderr', async () => {
    const outcome = await middlebrick([]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('Usage: middlebrick');
  });

  test('a mistyped option does not print the credential that follows it', async () => {
    const outcome = await middlebrick(['scan', target, '--auht=alice=Bearer s3cr3t-t0k3n']);
    expect(outcome).toMatchObject(refusal(/unknown option '--auht'/));
    expect(outcome.stderr).not.toContain('s3cr3t');
  });

  test('an unquoted credential is not taken for the URL', async () => {
    const outcome = await middlebrick(['scan', '--auth', 'alice=Bearer', 's3cr3t-t0k3n']);
    expect(outcome).toMatchObject(refusal(/quotes/));
    expect(outcome.stderr).not.toContain('s3cr3t');
  });
});

describe.concurrent('a description that cannot be used', () => {
  /** Scans a small API by a description in a file. */
  async function scanBy(t: TestContext, folder: string, name: string, text: string, ...args: string[]): Promise<Outcome> {
    const server = await using(
      t,
      hostileHttp((_, response) => sendJson(response, 200, { fine: true })),
    );
    await writeFile(join(folder, name), text);
    return middlebrick(['scan', server.url, '--spec', name, '--format', 'json', ...args], { cwd: folder });
  }

  test('it is no description', async (t) => {
    const folder = await emptyFolder(t);
    expect(await scanBy(t, folder, 'package.json', '{"name": "shop", "version": "1.0.0"}')).toMatchObject(
      refusal(/package\.json/, /OpenAPI|description/),
    );
  });

  test('it is cut short', async (t) => {
    const folder = await emptyFolder(t);
    expect(await scanBy(t, folder, 'api.json', JSON.stringify(threeOperations).slice(0, -20))).toMatchObject(
      refusal(/api\.json is cut short/, /again/),
    );
  });

  test('it is broken YAML', async (t) => {
    const folder = await emptyFolder(t);
    expect(await scanBy(t, folder, 'api.yaml', 'openapi: 3.0.3\npaths:\n  /a: {get: [\n')).toMatchObject(refusal(/api\.yaml/));
  });

  test('it explodes', async (t) => {
    const folder = await emptyFolder(t);
    const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}, *l${level}]`);
    const outcome = await scanBy(t, folder, 'bomb.yaml', ['openapi: 3.0.3', 'l0: &l0 [x]', ...levels].join('\n'));
    expect(outcome).toMatchObject(refusal(/bomb\.yaml/));
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
  });

  test('it is fifty megabytes of prose around three operations', async (t) => {
    const folder = await emptyFolder(t);
    const description = { ...threeOperations, info: { title: 'Long', version: '1', description: 'prose '.repeat(8_700_000) } };
    const outcome = await scanBy(t, folder, 'long.json', JSON.stringify(description));
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(excess(outcome, { seconds: 15, megabytes: 600 })).toEqual([]);
  });

  test('its schemas refer to themselves: that works', async (t) => {
    const folder = await emptyFolder(t);
    const schemas = {
      Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' }, loop: { $ref: '#/components/schemas/Loop' } } },
      Loop: { $ref: '#/components/schemas/Loop' },
    };
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } };
    const paths = { '/nodes': { get: { responses: { 200: { description: 'OK', content } } } } };
    const outcome = await scanBy(t, folder, 'api.json', JSON.stringify({ ...threeOperations, paths, components: { schemas } }));
    expect(outcome.code, outcome.stderr).toBe(0);
  });

  test('it refers to another file: not followed, said, and followed when allowed', async (t) => {
    const folder = await emptyFolder(t);
    const paths = { '/news': threeOperations.paths['/news'], '/more': { $ref: 'more.json#/more' } };
    const text = JSON.stringify({ ...threeOperations, paths });
    const refused = await scanBy(t, folder, 'api.json', text);
    expect(refused.stdout).toMatch(/more\.json/);
    expect(refused.stdout).toMatch(/"operations": 1,/);
    expect(refused.stdout + refused.stderr).toMatch(/--allow-external-refs/);
    await writeFile(join(folder, 'more.json'), JSON.stringify({ more: threeOperations.paths['/offers'] }));
    const followed = await scanBy(t, folder, 'api.json', text, '--allow-external-refs');
    expect(followed.stdout).toMatch(/"operations": 2,/);
  });
});

describe.concurrent('identities that cannot be used', () => {
  async function scanAs(t: TestContext, text: string): Promise<Outcome> {
    const folder = await emptyFolder(t);
    const server = await using(
      t,
      hostileHttp((request, response) => {
        if (request.url === '/openapi.json') sendJson(response, 200, guarded);
        else sendJson(response, 401, { error: 'wrong username or password' });
      }),
    );
    await writeFile(join(folder, 'team.yaml'), text);
    return middlebrick(['scan', server.url, '--identities', 'team.yaml', '--format', 'json'], { cwd: folder });
  }
  const guarded = {
    ...threeOperations,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths: { '/me': { get: { security: [{ bearer: [] }], responses: { 200: { description: 'OK' } } } } },
  };

  test('an unknown key is named, with the known ones', async (t) => {
    expect(await scanAs(t, '- name: alice\n  baerer: s3cr3t-t0k3n\n')).toMatchObject(
      refusal(/team\.yaml:2/, /unknown key "baerer"/, /bearer, cookie/),
    );
  });

  test('values of the file are in no message', async (t) => {
    const outcome = await scanAs(t, '- name: alice\n  bearer: [s3cr3t-t0k3n]\n');
    expect(outcome).toMatchObject(refusal(/team\.yaml/));
    expect(outcome.stderr).not.toContain('s3cr3t');
  });

  test('a log-in that is refused: blind is not green', async (t) => {
    const outcome = await scanAs(
      t,
      '- name: alice\n  login: { request: { path: /login, json: { username: alice, password: s3cr3t-pass } }, extract: { from: body, pointer: /token } }\n',
    );
    expect(outcome.code).toBe(2);
    const report = JSON.parse(outcome.stdout) as { outcome: string; score: null; reasons: string[] };
    expect(report).toMatchObject({ outcome: 'inconclusive', score: null });
    expect(report.reasons.join(' ')).toMatch(/alice/);
    expect(outcome.stdout + outcome.stderr).not.toContain('s3cr3t-pass');
  });

  test('a token that is refused: blind is not green', async (t) => {
    const outcome = await scanAs(t, '- name: alice\n  bearer: s3cr3t-t0k3n\n');
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toMatch(/"outcome": "inconclusive"/);
  });
});

describe.concurrent('places that cannot be written', () => {
  const answer: RequestListener = (request, response) =>
    sendJson(response, 200, request.url === '/openapi.json' ? threeOperations : { fine: true });

  test('--output: the report goes to stdout instead', async (t) => {
    const folder = await emptyFolder(t);
    const server = await using(t, hostileHttp(answer));
    const outcome = await middlebrick(['scan', server.url, '--output', join(folder, 'missing', 'report.json')]);
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ schemaVersion: '1.0' });
    expect(outcome.stderr).toMatch(/error: .*report\.json cannot be written/);
  });

  test('--output to a folder leaves it alone, and no half file beside it', async (t) => {
    const folder = await emptyFolder(t);
    const server = await using(t, hostileHttp(answer));
    await mkdir(join(folder, 'report.json'));
    const outcome = await middlebrick(['scan', server.url, '--output', 'report.json'], { cwd: folder });
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ schemaVersion: '1.0' });
    expect(await readdir(folder)).toEqual(['report.json']);
  });

  test('--record in a folder that does not exist', async (t) => {
    const server = await using(t, hostileHttp(answer));
    expect(await middlebrick(['scan', server.url, '--record', '/nonexistent/scan.ndjson'])).toMatchObject(
      refusal(/recording cannot be written/),
    );
  });

  test('--record on a full disk: the scan goes on, and says so', async (t) => {
    const server = await using(t, hostileHttp(answer));
    const outcome = await middlebrick(['scan', server.url, '--record', '/dev/full', '--format', 'json']);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout).toMatch(/recording .*incomplete/);
  });

  test('--journal where it cannot be: nothing that writes is sent', async (t) => {
    const methods: string[] = [];
    const server = await using(
      t,
      hostileHttp((request, response) => {
        methods.push(request.method ?? '');
        answer(request, response);
      }),
    );
    const outcome = await middlebrick(['scan', server.url, '--allow', 'write', '--journal', '/nonexistent/journal.ndjson']);
    expect(outcome).toMatchObject(refusal(/journal .* cannot be written/, /--journal FILE/));
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });
});
