import { expect, test } from 'vitest';
import { UserError } from '../index.ts';
import type { Invocation } from './invocation.ts';
import { remediesCommand, type RemediesFlags } from './remedies-command.ts';

async function run(name: string | undefined, flags: RemediesFlags = {}): Promise<{ out: string; said: string[]; code: number }> {
  let out = '';
  const said: string[] = [];
  const terminal: Invocation['terminal'] = {
    result: (text) => {
      out += text;
      return Promise.resolve();
    },
    say: (line) => void said.push(line),
    draw: () => {},
    isWatched: false,
    colourOut: false,
    colourErr: false,
    width: 100,
  };
  const code = await remediesCommand(name, flags, { terminal, secrets: new Set() });
  return { out, said, code };
}

test('without a name all are listed, by stack', async () => {
  const { out, code } = await run(undefined);
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.startsWith('  ')).length).toBeGreaterThanOrEqual(20);
  expect(out).toContain('Flask, DynamoDB, bearer token\n');
  expect((await run(undefined, { stack: 'dynamodb' })).out).not.toContain('MongoDB');
});

test('those of a stack are shown with why and diff, and the rest is counted', async () => {
  const { out, said } = await run('foreign-object-delete', { stack: 'flask,mongodb,bearer' });
  expect(out).toMatch(/^Delete by _id and owner together\n {2}foreign-object-delete · API1:2023/);
  expect(out).toMatch(/\n {2}- {4}gone = db\.orders\.delete_one\(\{"_id": key\(order_id\)\}\)\n {2}\+ {4}gone = /);
  expect(out).not.toContain('SQLAlchemy');
  expect(said).toEqual([expect.stringMatching(/^note: \d+ more for other stacks/)]);
});

test('those of another framework say so', async () => {
  const { out } = await run('foreign-object-delete', { stack: 'express,mongodb' });
  expect(out).toContain('Written for Flask, MongoDB, session cookie, not for Express: take the idea, not the code.');
});

test('json can be read back, markdown has its diffs fenced', async () => {
  const parsed: unknown = JSON.parse((await run('session-fixation', { format: 'json' })).out);
  expect(parsed).toMatchObject([{ weaknesses: ['session-fixation'], cwe: ['CWE-384'], stack: { store: 'mongodb' } }]);
  expect((await run('session-fixation', { format: 'markdown' })).out).toMatch(
    /^## .+\n\n`session-fixation` [\s\S]+```diff\n--- lab[\s\S]+\n```\n$/,
  );
});

test.each([
  ['no-such-thing', {}, 'unknown-weakness'],
  ['unsigned-token-accepted', {}, 'no-remedy'],
  ['foreign-object-read', { stack: 'flask,oracle' }, 'stack-unknown'],
  [undefined, { stack: 'express' }, 'no-remedy'],
])('%s with %j is refused', async (name, flags, code) => {
  const failure = await run(name, flags).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect(failure).toMatchObject({ code, hint: expect.any(String) });
});
