import { clientLabels } from '../flow/facts.ts';
import type { Moment } from '../flow/machine.ts';
import { defineRule, type Match } from './rule.ts';

type Refused = Extract<Moment, { readonly is: 'refusal' }>;

export default defineRule({
  id: 'existence-leak',
  category: 'bolaAuthorization',
  severity: 'low',
  docs: {
    title: 'An object of somebody else is refused in other words than one that does not exist',
    risk: 'Whoever tries ids learns which of them are in use.',
    remedy: 'Answer both alike: the same status, the same body.',
    cwe: [204],
    owasp: 'API1:2023',
  },
  match: (run) => {
    const refusals = run.trace.moments.filter((moment): moment is Refused => moment.is === 'refusal');
    return refusals.flatMap((foreign): Match[] => {
      // Who is calling is no object that somebody looks for.
      const isWanted = (number: number): boolean => clientLabels(run.trace.accesses[number]?.conditions ?? []).length > 0;
      const [access] = foreign.why.foreign.filter((number) => !foreign.why.missing.includes(number) && isWanted(number));
      const missing = refusals.find(
        (other) => access !== undefined && other.why.missing.includes(access) && !other.why.foreign.includes(access),
      );
      if (!missing || (missing.status === foreign.status && isAlike(missing.text, foreign.text))) return [];
      if (foreign.status === undefined || missing.status === undefined) return [];
      const how = missing.status === foreign.status ? 'in other words' : `with ${foreign.status} instead of ${missing.status}`;
      return [{ site: foreign.site, confidence: 'firm', proof: `An object of somebody else is refused ${how} than one that is missing.` }];
    });
  },
  examples: [
    `
from flask import Flask, abort, g, jsonify, request
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)

@app.get('/notes/<int:note_id>')
def read_note(note_id):
    note = db.session.get(Note, note_id)
    if note is None:
        abort(404)
    if note.owner_id != g.user.id:
        abort(403)  # finding
    return jsonify(id=note.id)

@app.get('/quiet/<int:note_id>')
def read_quietly(note_id):
    note = db.session.get(Note, note_id)
    if note is None or note.owner_id != g.user.id:
        abort(404)  # ok
    return jsonify(id=note.id)

@app.before_request
def load_caller():
    g.user = db.session.get(Note, int(g.claims['sub']))
    if g.user is None:
        abort(401)

@app.get('/notes')
def list_notes():
    owner_id = request.args.get('owner_id', g.user.owner_id)
    if owner_id != g.user.owner_id:
        abort(404)  # ok
    return jsonify(count=Note.query.filter_by(owner_id=owner_id).count())
`,
  ],
});

/** `get_or_404` says what a bare `abort(404)` says. */
function isAlike(one: string, other: string): boolean {
  const isBare = (text: string): boolean => text === '' || /^abort\(\d+\)$/.test(text);
  return one === other || (isBare(one) && isBare(other));
}
