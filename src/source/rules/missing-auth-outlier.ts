import type { Run } from '../flask/run-route.ts';
import { isOwned, isRead } from './resources.ts';
import { defineRule, type App, type Match } from './rule.ts';

const meantForAll =
  /log_?in|sign_?in|sign_?up|regist|reset|forgot|password|verify|confirm|activate|oauth|callback|authenticate|refresh|token|webhook|health|ping|status|version|static|docs?$|openapi|swagger|public|contact|subscribe|index|home|preview|search|feed/i;

/** Share of the routes that must know their caller before one that does not stands out. */
const usual = 0.6;

export default defineRule({
  id: 'missing-auth-outlier',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'A route that changes data asks for no caller, where most others do',
    risk: 'Anybody can change what is behind it.',
    remedy: 'Put the decorator or hook of the other routes on it.',
    cwe: [306],
    owasp: 'API2:2023',
  },
  match: (run, app): readonly Match[] => {
    if (run.isAuthenticated || run.isKeyOnly || !isUnusual(run, app)) return [];
    const { path, code } = run.route;
    if (meantForAll.test(path) || meantForAll.test(code.name)) return [];
    const written = run.trace.accesses.find((access) => !isRead(access) && isOwned(app.resources.get(access.resource)));
    if (!written) return [];
    const { place, file, name } = code;
    const site = { file, function: name, place, depth: 0, callers: [] };
    return [
      {
        site,
        confidence: 'tentative',
        proof: `This route writes to \`${written.resource}\` for anybody; ${share(run, app)} of the other routes ask who is calling.`,
      },
    ];
  },
  examples: [
    `
from flask import Flask, g, jsonify, request
from flask_login import current_user, login_required
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/a')
@login_required
def list_notes():
    return jsonify(list(db.notes.find({'owner': current_user.id}, {'text': 1})))

@app.post('/b')
@login_required
def add_note():  # ok
    db.notes.insert_one({'owner': current_user.id, 'text': str(request.json['text'])})
    return jsonify(ok=True)

@app.delete('/c/<note_id>')
@login_required
def drop_note(note_id):
    db.notes.delete_one({'_id': note_id, 'owner': current_user.id})
    return jsonify(ok=True)

@app.post('/d')
def clear_notes():  # finding
    db.notes.delete_many({'old': True})
    return jsonify(ok=True)
`,
  ],
});

function authenticatedShare(run: Run, app: App): number {
  const others = app.runs.filter((other) => other !== run);
  return others.length === 0 ? 0 : others.filter((other) => other.isAuthenticated).length / others.length;
}

function isUnusual(run: Run, app: App): boolean {
  return authenticatedShare(run, app) >= usual;
}

function share(run: Run, app: App): string {
  return `${Math.round(authenticatedShare(run, app) * 100)} %`;
}
