import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyze, analyzeFiles } from '../analyze.ts';
import { parseDeclared, pathTest, readDeclaredFile } from './declared.ts';

describe('middlebrick.yml', () => {
  it.each([
    ['gaurds: [may_see]', 'middlebrick.yml:1: unknown key "gaurds"; did you mean guards? (known: public, guards, identities, ignore).'],
    ['# words\nguards: may_see', 'middlebrick.yml:2: guards must be a list, such as [one, two].'],
    [
      'public: [notes]\nguards: ["may see()"]',
      'middlebrick.yml:2: guards[0] must be the name of a function, such as may_see or access.require_owner.',
    ],
    [
      'identities: ["g.user[0]"]',
      'middlebrick.yml:1: identities[0] must be a name, an attribute or a call without arguments, such as g.member or current_account().',
    ],
    ['ignore: [../other]', 'middlebrick.yml:1: ignore[0] must be a path below the folder.'],
    ['public: [1]', 'middlebrick.yml:1: public[0] must be text; put it in quotes.'],
    ['- a', 'middlebrick.yml:1: must be a map with public, guards, identities, ignore.'],
    ['public: [', /^middlebrick\.yml:1: this is not YAML/],
  ])('refuses %j and says where', (content, message) => {
    expect(() => parseDeclared(content, 'middlebrick.yml')).toThrow(
      expect.objectContaining({
        code: 'source-config-invalid',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });

  it('may be empty', () => {
    expect(parseDeclared('# nothing yet\n', 'middlebrick.yml')).toEqual({ public: [], guards: [], identities: [], ignore: [] });
  });

  it.each([
    ['scripts/**', ['scripts/a.py', 'scripts/deep/b.py'], ['scripts.py', 'my/scripts/a.py']],
    ['legacy/', ['legacy', 'legacy/a.py', 'legacy/deep/b.py'], ['legacy2/a.py']],
    ['**/fixtures', ['fixtures', 'a/fixtures/b.py', 'a/b/fixtures'], ['a/fixtures2']],
    ['*_old.py', ['views_old.py'], ['a/views_old.py', 'views_old.pyc']],
    ['./app.py', ['app.py'], ['xapp.py']],
  ])('the pattern %s', (pattern, inside, outside) => {
    const test = pathTest([pattern]);
    expect([inside.filter(test), outside.filter(test)]).toEqual([inside, []]);
  });
});

const head = `
from flask import Flask, g, jsonify, request
from pymongo import MongoClient
from access import allowed, require_member, viewer
app = Flask(__name__)
db = MongoClient()['shop']

@app.post('/notes')
def add():
    db.notes.insert_one({'user_id': g.user_id, 'text': str(request.json['text'])})
    return jsonify(ok=True)
`;

async function flagged(body: string, yaml = ''): Promise<readonly string[]> {
  const declared = parseDeclared(yaml, 'middlebrick.yml');
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text: head + body }], notes: [] }, { declared });
  return findings.filter(({ check, severity }) => check.startsWith('bola-') && severity !== 'low').map(({ operation }) => operation.path);
}

const read = (line: string): string => `
@app.get('/notes/<note_id>')
def read(note_id):
    ${line}
    return jsonify(text=db.notes.find_one({'_id': note_id})['text'])
`;

describe('what is declared of an app', () => {
  it('a guard that raises settles what it is given, and only from there on', async () => {
    const guard = `\ndef permitted(number):\n    if not thing(number):\n        raise KeyError(number)\n`;
    expect(await flagged(guard + read('permitted(note_id)'))).toEqual(['/notes/{note_id}']);
    expect(await flagged(guard + read('permitted(note_id)'), 'guards: [permitted]')).toEqual([]);
    expect(await flagged(guard + read('permitted(request.args["other"])'), 'guards: [permitted]')).toEqual(['/notes/{note_id}']);
  });

  it('a guard that answers counts where the answer is heeded', async () => {
    const guard = `\ndef fits(number):\n    return lookup(number)\n`;
    const heeded = 'if not fits(note_id):\n        return jsonify(error=1), 404';
    expect(await flagged(guard + read(heeded))).toEqual(['/notes/{note_id}']);
    expect(await flagged(guard + read(heeded), 'guards: [fits]')).toEqual([]);
    expect(await flagged(guard + read('fits(note_id)'), 'guards: [fits]')).toEqual(['/notes/{note_id}']);
  });

  it.each(['@require_member', "@require_member('note')"])('a guard may be the decorator %s', async (decorator) => {
    const view = `\n@app.get('/notes/<note_id>')\n${decorator}\ndef read(note_id):\n    return jsonify(text=db.notes.find_one({'_id': note_id})['text'])\n`;
    expect(await flagged(view)).toEqual(['/notes/{note_id}']);
    expect(await flagged(view, 'guards: [require_member]')).toEqual([]);
  });

  it.each([
    ['viewer()', "'seen_by': viewer()"],
    ['g.shop', "'seen_by': g.shop"],
    ['g.ctx.who', "'seen_by': g.ctx.who"],
  ])('%s stands for the caller', async (expression, condition) => {
    const view = `\n@app.get('/notes/<note_id>')\ndef read(note_id):\n    return jsonify(text=db.notes.find_one({'_id': note_id, ${condition}})['text'])\n`;
    expect(await flagged(view)).toEqual(['/notes/{note_id}']);
    expect(await flagged(view, `identities: ["${expression}"]`)).toEqual([]);
  });

  it('public data may be read by all, and changed by nobody else', async () => {
    const change = `\n@app.delete('/notes/<note_id>/x')\ndef drop(note_id):\n    db.notes.delete_one({'_id': note_id})\n    return ''\n`;
    expect(await flagged(read('pass') + change)).toEqual(['/notes/{note_id}', '/notes/{note_id}/x']);
    expect(await flagged(read('pass') + change, 'public: [Note]')).toEqual(['/notes/{note_id}/x']);
  });
});

describe('the file in a folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'declared-'));
    await mkdir(join(folder, 'old'));
    await writeFile(join(folder, 'old', 'app.py'), head + read('pass'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is found, and leaves out what it says', async () => {
    expect((await analyze(folder)).findings).not.toEqual([]);
    await writeFile(join(folder, 'middlebrick.yml'), 'ignore: [old]\n');
    const { findings, notes } = await analyze(folder);
    expect([findings, notes]).toEqual([[], ['1 path was left out, as middlebrick.yml says.', 'No route of Flask was found.']]);
  });

  it('stops the analysis when it is wrong', async () => {
    await writeFile(join(folder, 'middlebrick.yaml'), 'ignored: [old]\n');
    await expect(analyze(folder)).rejects.toMatchObject({ code: 'source-config-invalid' });
    await expect(readDeclaredFile(join(folder, 'none.yml'))).rejects.toMatchObject({ code: 'source-config-not-found' });
  });
});
