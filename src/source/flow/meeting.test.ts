import { expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

const text = `
from flask import Flask, abort, g, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.delete('/letters/<letter_id>')
def drop_letter(letter_id):
    found = None
    for each in db.letters.find({'keeper': g.user_id}):
        if each['_id'] == letter_id:
            found = each
            break
    if found is None:
        abort(404)
    db.letters.delete_one({'_id': letter_id})
    return jsonify(ok=True)
`;

async function countOf(source: string): Promise<number> {
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text: source }], notes: [] }, { only: ['bola-open-lookup'] });
  return findings.length;
}

it('knows of what a loop put aside what held where it was put aside', async () => {
  expect(await countOf(text)).toBe(0);
});

it('knows nothing of what a loop put aside out of all there is', async () => {
  expect(await countOf(text.replace("{'keeper': g.user_id}", ''))).toBe(1);
});

it('knows nothing where nobody asks what the loop put aside', async () => {
  expect(await countOf(text.replace('    if found is None:\n        abort(404)\n', ''))).toBe(1);
});
