import { defineRule, type Match } from './rule.ts';

export default defineRule({
  id: 'guard-inverted',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'The owner is refused, and everybody else is let through',
    risk: 'A comparison the wrong way round opens the object to all but its owner.',
    remedy: 'Refuse when the owner is not the caller.',
    cwe: [863],
    owasp: 'API1:2023',
  },
  match: (run) => {
    const used = new Set(run.trace.uses.filter((use) => !use.facts.has(`own:${use.access}`)).map(({ access }) => access));
    return run.trace.moments.flatMap((moment): Match[] => {
      if (moment.is !== 'refusal' || moment.status === undefined || ![401, 403, 404].includes(moment.status)) return [];
      const access = moment.why.own.find((number) => used.has(number));
      if (access === undefined || moment.why.foreign.length > 0) return [];
      return [
        {
          site: moment.site,
          confidence: 'tentative',
          proof: `This refuses where the object of \`${run.trace.accesses[access]?.resource ?? '?'}\` is the caller's own.`,
        },
      ];
    });
  },
  examples: [
    `
from flask import Flask, abort, g, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/notes/<note_id>')
def read_note(note_id):
    note = db.notes.find_one({'_id': note_id})
    if note['owner'] == g.user_id:
        abort(403)  # finding
    return jsonify(text=note['text'])

@app.get('/right/<note_id>')
def read_right(note_id):
    note = db.notes.find_one({'_id': note_id})
    if note['owner'] != g.user_id:
        abort(403)  # ok
    return jsonify(text=note['text'])
`,
  ],
});
