import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyze, analyzeFiles } from './analyze.ts';

const good = `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/notes/<note_id>')
def read_note(note_id):
    return jsonify(text=db.notes.find_one({'_id': note_id})['text'])
`;
const times = 10_000;

/** Whatever stands beside it, the good view is found. */
async function besides(text: string): Promise<readonly string[]> {
  const files = [
    { path: 'odd.py', text },
    { path: 'app.py', text: good },
  ];
  const { findings, notes, routes } = await analyzeFiles({ files, notes: [] });
  expect(findings.map(({ check }) => check)).toContain('bola-open-lookup');
  expect(routes.map(({ path }) => path)).toContain('/notes/{note_id}');
  return notes;
}

describe('a file of any kind leaves the rest to be read', () => {
  it.each([
    ['nested brackets', `x = ${'['.repeat(times)}${']'.repeat(times)}\n`],
    ['nested parentheses', `x = ${'('.repeat(times)}1${')'.repeat(times)}\n`],
    ['brackets that nobody closes', `x = ${'['.repeat(times)}\n`],
    ['a long sum', `x = ${'1+'.repeat(times)}1\n`],
    ['a long chain of attributes', `x = a${'.b'.repeat(times)}\n`],
    ['a long chain of calls', `x = a${'()'.repeat(times)}\n`],
    ['many negations', `x = ${'not '.repeat(times)}1\n`],
    ['nested lambdas', `x = ${'lambda: '.repeat(times)}1\n`],
    ['nested conditions', `x = ${'1 if a else '.repeat(times)}2\n`],
    ['many elifs', `if a:\n  pass\n${'elif b:\n  pass\n'.repeat(2000)}`],
    ['nested functions', `${Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}def f():\n`).join('')}${' '.repeat(500)}pass\n`],
    ['many parameters', `def f(${Array.from({ length: times }, (_, index) => `a${index}`).join(', ')}): pass\n`],
    ['many decorators', `${'@app.get("/x")\n'.repeat(500)}def f(): pass\n`],
    ['classes that inherit from each other', 'class A(B): pass\nclass B(A): pass\nclass C(C): pass\nx = A().y + C().z\n'],
    ['a decorator that decorates itself', 'def d(f):\n    return d(f)\n@d\ndef e(): pass\n'],
    ['imports of itself', 'from odd import *\nfrom . import *\nfrom ..... import x\nimport odd.odd.odd\n'],
    ['Python 2', 'print "a"\nexec "b"\nraise E, "c"\nprint >>f, x\n`x`\n0777\n'],
    ['merge conflicts', '<<<<<<< HEAD\nx = (\n=======\ny = 2)\n>>>>>>> other\n'],
    ['tabs and spaces', 'if a:\n\tb\n        c\n'],
    ['a NUL', 'x = 1\0\ny = 2\n'],
    ['a byte order mark', '\uFEFFx = 1\n'],
    ['half a surrogate pair', 'x = "\uD800"\n'],
    [
      'names of JavaScript',
      'class __proto__: pass\nconstructor = {"__proto__": 1}\ndef toString(hasOwnProperty): return constructor["__proto__"]\n',
    ],
    ['rules that are none', 'from app import app\n@app.get("/<<a>>/<b:c:d>/<int(>:e>")\n@app.get("(")\ndef r(**k): return 1\n'],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    const notes = await besides(text);
    expect(notes.filter((note) => !note.startsWith('odd.py'))).toEqual([]);
  });
});

describe('a folder of any kind', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'robust-'));
    await writeFile(join(folder, 'app.py'), good);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('notes what is no text, or too long, and does not wait for what never ends', async () => {
    await writeFile(join(folder, 'binary.py'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
    await writeFile(join(folder, 'utf16.py'), Buffer.from('x = 1\n', 'utf16le'));
    await writeFile(join(folder, 'latin.py'), Buffer.from('# -*- coding: latin-1 -*-\nx = "\xe9"\n', 'latin1'));
    await writeFile(join(folder, 'large.py'), `x = "${'a'.repeat(5_000_000)}"\n`);
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.py')]);
    await mkdir(join(folder, 'folder.py'));
    const { findings, notes } = await analyze(folder);
    expect(findings.map(({ check }) => check)).toContain('bola-open-lookup');
    expect(notes).toEqual([
      'binary.py was not read: it is not text.',
      'large.py was not read: it has 5000007 bytes, and 2000000 is the most.',
      'utf16.py was not read: it is not text.',
    ]);
  });

  it('does not run in circles, and does not leave the folder', async () => {
    await mkdir(join(folder, 'package'));
    await symlink(folder, join(folder, 'package', 'up'));
    await symlink(join(folder, 'package', 'up', 'package'), join(folder, 'package', 'loop'));
    await symlink(join(folder, 'self.py'), join(folder, 'self.py'));
    await symlink('/etc/passwd', join(folder, 'secrets.py'));
    const { stats, notes } = await analyze(folder);
    expect([stats.files, notes]).toEqual([1, []]);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('notes what may not be read', async () => {
    await writeFile(join(folder, 'secret.py'), 'x = 1\n');
    await chmod(join(folder, 'secret.py'), 0o000);
    await mkdir(join(folder, 'shut'), { mode: 0o000 });
    expect((await analyze(folder)).notes).toEqual(['secret.py was not read: permission denied.', 'shut was not read: permission denied.']);
  });

  it('says what is no folder, and what holds nothing', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    expect(await analyze(empty)).toMatchObject({ findings: [], routes: [], notes: ['No route of Flask was found.'] });
    for (const none of [join(folder, 'app.py'), join(folder, 'nowhere'), ''])
      await expect(analyze(none)).rejects.toMatchObject({ code: 'source-not-found' });
  });
});
