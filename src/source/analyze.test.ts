import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyze, analyzeFiles } from './analyze.ts';

const open = `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/notes/<note_id>')
def read_note(note_id):
    return jsonify(text=db.notes.find_one({'_id': note_id})['text'])
`;

describe('analyze', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'source-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('makes a note of whatever it cannot read, and reads the rest', async () => {
    await writeFile(join(folder, 'app.py'), open);
    await writeFile(join(folder, 'binary.py'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
    await writeFile(join(folder, 'huge.py'), `x = 1\n${'# comment\n'.repeat(500_000)}`);
    await writeFile(join(folder, 'old.py'), 'print "hello"\nexec "x = 1"\nraise ValueError, "no"\n');
    await writeFile(join(folder, 'conflict.py'), '<<<<<<< HEAD\nx = (\n=======\n>>>>>>> b\n');
    await writeFile(join(folder, 'deep.py'), `x = ${'['.repeat(2000)}${']'.repeat(2000)}\n`);
    await writeFile(join(folder, 'latin.py'), Buffer.from([0x23, 0xe9, 0x0a]));
    await mkdir(join(folder, 'package'));
    await symlink(folder, join(folder, 'package', 'loop'));
    await symlink(join(folder, 'nowhere.py'), join(folder, 'dangling.py'));
    await writeFile(join(folder, 'secret.py'), 'x = 1\n');
    await chmod(join(folder, 'secret.py'), 0o000);
    const { findings, notes } = await analyze(folder);
    expect(findings.map(({ check }) => check)).toContain('bola-open-lookup');
    expect(notes.join('\n')).toMatch(/binary\.py was not read: it is not text/);
    expect(notes.join('\n')).toMatch(/huge\.py was not read: it has \d+ bytes/);
    expect(notes.join('\n')).toMatch(/conflict\.py is not wholly Python/);
  });

  it('says that there is no such folder', async () => {
    await expect(analyze(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'source-not-found' });
  });

  it('says when there is nothing to analyse', async () => {
    await writeFile(join(folder, 'plain.py'), 'x = 1\n');
    expect(await analyze(folder)).toMatchObject({ findings: [], notes: ['No route of Flask was found.'] });
  });

  it('survives modules that import each other, and functions that call themselves', async () => {
    const a = 'from b import g\ndef f(x):\n    return g(x)\n';
    const b = 'from a import f\ndef g(x):\n    return f(g(x))\n';
    const text = `${open}\nfrom a import f\n@app.get('/r/<x>')\ndef r(x):\n    return jsonify(f(x))\n`;
    const { notes } = await analyzeFiles({
      files: [
        { path: 'a.py', text: a },
        { path: 'b.py', text: b },
        { path: 'app.py', text },
      ],
      notes: [],
    });
    expect(notes).toEqual([]);
  });

  it('sets aside what a comment says', async () => {
    const text = open.replace(
      '    return jsonify(text',
      '    # middlebrick: ignore[bola-open-lookup] notes are public\n    return jsonify(text',
    );
    const { findings, ignored } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] }, { only: ['bola-open-lookup'] });
    expect(findings).toEqual([]);
    expect(ignored).toHaveLength(1);
  });

  it('keeps a fingerprint when lines move', async () => {
    const of = async (text: string): Promise<unknown> =>
      (await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] })).findings.map(({ fingerprint }) => fingerprint);
    expect(await of(`# moved\n\n${open}`)).toEqual(await of(open));
  });
});
