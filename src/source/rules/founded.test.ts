import { expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

const head = `
from flask import Flask, abort, g, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/letters')
def list_letters():
    return jsonify([{'text': each['text']} for each in db.letters.find({'keeper': g.user_id})])
`;

/** The lines that are surely open, without those of the head. */
async function openLines(text: string): Promise<readonly (string | undefined)[]> {
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text: head + text }], notes: [] }, { only: ['bola-open-lookup'] });
  const lines = (head + text).split('\n');
  return findings.filter(({ confidence }) => confidence !== 'tentative').map(({ location }) => lines[(location?.line ?? 0) - 1]?.trim());
}

it('is not satisfied with a comparison of the id, where the owner is in another field', async () => {
  const read = `
@app.get('/letters/<letter_id>')
def read_letter(letter_id):
    letter = db.letters.find_one({'_id': letter_id})
    if letter is None or letter['_id'] != g.user_id:
        abort(404)
    return jsonify(text=letter['text'])
`;
  expect(await openLines(read)).toEqual(["letter = db.letters.find_one({'_id': letter_id})"]);
  expect(await openLines(read.replace("letter['_id']", "letter['keeper']"))).toEqual([]);
});

it('knows what follows from such a comparison', async () => {
  const text = `
@app.get('/letters/<letter_id>/pages/<page_id>')
def read_page(letter_id, page_id):
    letter = db.letters.find_one({'_id': letter_id})
    if letter is None or letter['_id'] != g.user_id:
        abort(404)
    page = db.pages.find_one({'_id': page_id})
    if page is None or page['letter'] != letter_id:
        abort(404)
    return jsonify(text=page['text'])

@app.get('/letters/<letter_id>/pages')
def list_pages(letter_id):
    letter = db.letters.find_one({'_id': letter_id, 'keeper': g.user_id})
    if letter is None:
        abort(404)
    return jsonify([{'text': each['text']} for each in db.pages.find({'letter': letter_id})])
`;
  expect(await openLines(text)).not.toEqual([]);
  expect(await openLines(text.replace("letter['_id']", "letter['keeper']"))).toEqual([]);
});

it('takes the id of what is kept under the id of its owner for the owner', async () => {
  const text = `
@app.get('/settings/<settings_id>')
def read_settings(settings_id):
    settings = db.settings.find_one({'_id': settings_id})
    if settings is None or settings['_id'] != g.user_id:
        abort(404)
    return jsonify(theme=settings['theme'])
`;
  expect(await openLines(text)).toEqual([]);
});
