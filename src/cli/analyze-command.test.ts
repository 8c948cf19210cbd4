import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyzeCommand, type AnalyzeFlags } from './analyze-command.ts';
import type { Invocation } from './invocation.ts';
import { writePatched } from './write-patched.ts';

const app = `from flask import Flask, g, jsonify
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['shop']


@app.get('/notes')
def list_notes():
    return jsonify([note['text'] for note in db.notes.find({'owner': g.user_id})])


@app.get('/notes/<note_id>')
def read_note(note_id):
    note = db.notes.find_one({'_id': note_id})
    if note is None:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])
`;
const repaired = app.replace("{'_id': note_id}", "{'_id': note_id, 'owner': g.user_id}");
const hasGit = spawnSync('git', ['--version']).status === 0;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(flags: AnalyzeFlags): Promise<{ out: string; said: string[]; code: number }> {
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
  const code = await analyzeCommand(folder, flags, { terminal, secrets: new Set() });
  return { out, said, code };
}

describe('analyze', () => {
  it('shows the patch of a finding, and writes nothing', async () => {
    await writeFile(join(folder, 'app.py'), app);
    const { out } = await run({});
    expect(out).toContain('patch   Ask for `owner` in the query (like list_notes (app.py:10))');
    expect(await readFile(join(folder, 'app.py'), 'utf8')).toBe(app);
  });

  it('says what was read, and nothing of requests or scores', async () => {
    await writeFile(join(folder, 'app.py'), app);
    const { out } = await run({});
    expect(out).toMatch(/^the source was read in \d\.\d s, and nothing was sent$/m);
    expect(out).toMatch(/\n1 finding: 1 high\. 2 routes in 1 file were read\.\n$/);
    expect(out).not.toMatch(/Grade|Score|Not judged|seed|verdict/);
    expect((await run({ format: 'summary' })).out).toMatch(/^Source  \S+: 1 finding \(1 high\)\n/);
    expect((await run({ format: 'html' })).out).not.toMatch(/Grade|no score|Score by category|seed/);
  });

  it('--fail-on fails for what is sure, and not for what may be', async () => {
    await writeFile(join(folder, 'app.py'), app);
    expect((await run({ failOn: 'high', format: 'json' })).code).toBe(1);
    expect((await run({ failOn: 'critical', format: 'json' })).code).toBe(0);
    await writeFile(join(folder, 'app.py'), app.replace("{'owner': g.user_id}", ''));
    const { out, code } = await run({ failOn: 'info', format: 'json' });
    expect([/"confidence": "(\w+)"/.exec(out)?.[1], code]).toEqual(['tentative', 0]);
  });

  it.skipIf(!hasGit)('--diff prints what git applies, and nothing else', async () => {
    await writeFile(join(folder, 'app.py'), app);
    const { out, code } = await run({ diff: true });
    expect([out.startsWith('--- a/app.py\n+++ b/app.py\n@@ '), code]).toEqual([true, 0]);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: out });
    expect(await readFile(join(folder, 'app.py'), 'utf8')).toBe(repaired);
  });

  it('--diff prints proposals as comments, and --fix leaves them', async () => {
    const ownerless = app.replace("{'owner': g.user_id}", '');
    await writeFile(join(folder, 'app.py'), ownerless);
    const { out } = await run({ diff: true });
    expect(out).toMatch(/^# A proposal for bola-open-lookup at app\.py:15, for a person to decide/);
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    await run({ fix: true });
    expect(await readFile(join(folder, 'app.py'), 'utf8')).toBe(ownerless);
  });

  it('--fix writes the file, says so, and reports what is left', async () => {
    await writeFile(join(folder, 'app.py'), app, { mode: 0o640 });
    const { out, said, code } = await run({ fix: true, format: 'summary' });
    expect(await readFile(join(folder, 'app.py'), 'utf8')).toBe(repaired);
    expect((await stat(join(folder, 'app.py'))).mode & 0o777).toBe(0o640);
    expect(said.slice(0, 2)).toEqual(['wrote app.py', '1 of 1 findings are patched.']);
    expect([out.includes('nothing found'), code]).toEqual([true, 0]);
    expect((await run({ fix: true, format: 'summary' })).said[0]).toBe('0 of 0 findings are patched.');
  });

  it('--fix keeps the ends of lines and the mark at the start of a file', async () => {
    const dos = `\uFEFF${app.replaceAll('\n', '\r\n')}`.replace(
      "    if note is None:\r\n        return jsonify(error='not found'), 404\r\n",
      '',
    );
    await writeFile(join(folder, 'app.py'), dos);
    await run({ fix: true });
    const after = await readFile(join(folder, 'app.py'), 'utf8');
    expect(after.startsWith('\uFEFFfrom flask import')).toBe(true);
    expect(after).toContain("'owner': g.user_id})\r\n    if note is None:\r\n        abort(404)\r\n");
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.skipIf(!hasGit)('--fix says which files had changes that are not committed', async () => {
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
    await writeFile(join(folder, 'app.py'), '# first\n');
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    await writeFile(join(folder, 'app.py'), app);
    expect((await run({ fix: true })).said[0]).toBe('wrote app.py (it had changes that are not committed)');
  });
});

describe('writing patched files', () => {
  const texts = (text: string): ReadonlyMap<string, string> => new Map([['app.py', text]]);

  it('leaves a file that is not what was analysed', async () => {
    await writeFile(join(folder, 'app.py'), 'x = 2\n');
    const written = await writePatched(folder, texts('x = 1\n'), texts('x = 3\n'));
    expect(written).toEqual([{ path: 'app.py', isDirty: false, failure: 'it is not what was analysed' }]);
    expect(await readFile(join(folder, 'app.py'), 'utf8')).toBe('x = 2\n');
  });

  it('leaves what a link would lead outside the folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'app.py'), 'x = 1\n');
    await symlink(join(outside, 'app.py'), join(folder, 'app.py'));
    const written = await writePatched(folder, texts('x = 1\n'), texts('x = 3\n'));
    expect(written).toMatchObject([{ failure: 'it stands outside the folder' }]);
    expect(await readFile(join(outside, 'app.py'), 'utf8')).toBe('x = 1\n');
    await rm(outside, { recursive: true });
  });

  it('leaves a file that is no UTF-8, and says when there is none', async () => {
    await writeFile(join(folder, 'app.py'), Buffer.from([0x23, 0xe9, 0x0a]));
    expect(await writePatched(folder, texts('#\uFFFD\n'), texts('x = 3\n'))).toMatchObject([{ failure: 'it is not what was analysed' }]);
    await rm(join(folder, 'app.py'));
    expect(await writePatched(folder, texts('x = 1\n'), texts('x = 3\n'))).toMatchObject([{ failure: 'there is no such file or folder' }]);
  });
});
