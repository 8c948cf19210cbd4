import { openAccesses } from './open-access.ts';
import { defineRule, type Match } from './rule.ts';

export default defineRule({
  id: 'guard-not-bound',
  category: 'bolaAuthorization',
  severity: 'medium',
  docs: {
    title: 'A guard reads an id that this route does not have',
    risk: 'The guard tests nothing, and passes.',
    remedy: 'Give the guard the name of the variable in the rule, and let it refuse when there is none.',
    cwe: [863],
    owasp: 'API1:2023',
  },
  match: (run, app) =>
    run.trace.moments.flatMap((moment): Match[] => {
      if (moment.is !== 'unbound-keyword' || !/id$|name$|slug$|uuid$/i.test(moment.name)) return [];
      // A guard that also serves routes without such an id is at fault only where there is an id that nothing guards.
      if (moment.isOptional && openAccesses(run, app).length === 0) return [];
      const variables = run.route.variables.map(({ name }) => `\`${name}\``).join(', ');
      return [
        {
          site: moment.site,
          confidence: 'firm',
          proof: `The guard asks for \`${moment.name}\`, and the rule of this route has ${variables}.`,
          part: moment.name,
        },
      ];
    }),
  examples: [
    `
from functools import wraps
from flask import Flask, abort, g, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

def owner_only(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        note = db.notes.find_one({'_id': kwargs.get('note_id')})  # finding
        if note and note['owner'] != g.user_id:
            abort(404)
        return view(*args, **kwargs)
    return guarded

@app.get('/notes/<id>')
@owner_only
def read_note(id):
    return jsonify(text='x')
`,
    `
from functools import wraps
from flask import Flask, abort, g, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

def owner_only(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        note = db.notes.find_one({'_id': kwargs.get('note_id')})  # ok
        if note is None or note['owner'] != g.user_id:
            abort(404)
        return view(*args, **kwargs)
    return guarded

@app.get('/notes/<note_id>')
@owner_only
def read_note(note_id):
    return jsonify(text='x')
`,
  ],
});
