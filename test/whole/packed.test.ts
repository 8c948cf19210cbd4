import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const app = `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/notes/<note_id>')
def read_note(note_id):
    return jsonify(text=db.notes.find_one({'_id': note_id})['text'])
`;
const report = z.object({ findings: z.array(z.object({ check: z.string(), location: z.object({ file: z.string(), line: z.number() }) })) });

let place = '';
let installed = '';

beforeAll(async () => {
  if (!existsSync(join(root, 'dist'))) throw new Error('dist is missing: run `npm run build` first.');
  place = await mkdtemp(join(tmpdir(), 'packed-'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', place], { cwd: root, stdio: 'pipe' });
  const [tarball = ''] = (await readdir(place)).filter((name) => name.endsWith('.tgz'));
  installed = join(place, 'project', 'node_modules', 'middlebrick');
  await mkdir(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(place, tarball), '-C', installed, '--strip-components=1']);
  // What it depends on is there already; nothing is fetched.
  await symlink(join(root, 'node_modules'), join(installed, 'node_modules'));
  await mkdir(join(place, 'project', 'shop'));
  await writeFile(join(place, 'project', 'shop', 'app.py'), app);
}, 120_000);

afterAll(async () => {
  await rm(place, { recursive: true, force: true });
});

function analyzed(): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const args = [join(installed, 'dist', 'cli', 'main.js'), 'analyze', 'shop', '--format', 'json'];
  try {
    const stdout = execFileSync(process.execPath, args, { cwd: join(place, 'project'), encoding: 'utf8', stdio: 'pipe' });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    const failed = z.object({ status: z.number(), stdout: z.string(), stderr: z.string() }).parse(error);
    return { code: failed.status, stdout: failed.stdout, stderr: failed.stderr };
  }
}

it('the packed tarball analyses source: its grammar and its descriptions of data stores are in it', () => {
  const { code, stdout } = analyzed();
  expect(code).toBe(0);
  expect(report.parse(JSON.parse(stdout)).findings).toContainEqual({ check: 'bola-open-lookup', location: { file: 'app.py', line: 9 } });
});

it('holds the grammar that was published, and refuses another one', async () => {
  const file = join(installed, 'dist', 'source', 'python', 'tree-sitter-python.wasm');
  const bytes = await readFile(file);
  const published = await readFile(join(root, 'node_modules', 'tree-sitter-python', 'tree-sitter-python.wasm'));
  const sha256 = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
  expect(sha256(bytes)).toBe(sha256(published));
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  await writeFile(file, damaged);
  const { code, stderr } = analyzed();
  await writeFile(file, bytes);
  expect([code, stderr]).toEqual([2, expect.stringContaining('The Python grammar of this package is damaged')]);
});
