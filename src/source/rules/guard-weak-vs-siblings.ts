import type { Run } from '../flask/run-route.ts';
import type { Site } from '../flow/access.ts';
import { defineRule, type Match } from './rule.ts';

const privilegedPart = /^(?:admin|administrator|operator|staff|internal|management|backoffice|superuser)s?$/i;
const reserved = /admins? only|administrators? only|only (?:for )?admin|requires? (?:an? )?admin|staff only/i;

export default defineRule({
  id: 'guard-weak-vs-siblings',
  category: 'bflaAuthorization',
  severity: 'high',
  docs: {
    title: 'A privileged route asks for less than the ones beside it',
    risk: 'Every caller can do what is meant for administrators.',
    remedy: 'Ask for the role in this route as the ones beside it do.',
    cwe: [863, 285],
    owasp: 'API5:2023',
  },
  match: (run, app): readonly Match[] => {
    const mark = privilegeOf(run);
    if (mark === undefined || hasRole(run)) return [];
    const sibling = app.runs.find((other) => other !== run && hasRole(other) && privilegeOf(other) !== undefined);
    if (run.trace.accesses.length === 0 && run.trace.uses.length === 0 && !sibling) return [];
    const better = sibling ? ` ${sibling.route.path} does (${sibling.route.code.file}:${sibling.route.code.place.line}).` : '';
    const site = entrySiteOf(run);
    return [
      {
        site,
        confidence: sibling && run.note === undefined ? 'firm' : 'tentative',
        severity: sibling ? 'high' : 'medium',
        proof: `${mark}, and no role is asked for.${better}`,
        better: sibling && { site: entrySiteOf(sibling), operation: `${sibling.route.methods.join('/')} ${sibling.route.path}` },
      },
    ];
  },
  examples: [
    `
from flask import Flask, abort, jsonify
from flask_login import current_user, login_required
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/admin/people')
@login_required
def list_people():  # ok
    if current_user.role != 'admin':
        abort(403)
    return jsonify([{'name': person['name']} for person in db.people.find()])

@app.get('/admin/totals')
@login_required
def count_people():  # finding
    return jsonify(count=db.people.count_documents({}))
`,
  ],
});

function entrySiteOf({ route: { code } }: Run): Site {
  return { file: code.file, function: code.name, place: code.place, depth: 0, callers: [] };
}

function hasRole({ trace, entry }: Run): boolean {
  return (
    entry.has('role') ||
    [...trace.accesses, ...trace.uses].some(({ facts }) => facts.has('role')) ||
    trace.moments.some((moment) => moment.is === 'refusal' && moment.why.role)
  );
}

function privilegeOf({ route }: Run): string | undefined {
  const part = route.path.split('/').find((each) => privilegedPart.test(each));
  if (part !== undefined) return `The path has "${part}"`;
  const [first] = Array.isArray(route.code.body) ? route.code.body : [];
  const text = first?.kind === 'Expr' && first.value?.kind === 'Constant' ? String(first.value.value) : '';
  const match = reserved.exec(text);
  return match ? `Its description says "${match[0]}"` : undefined;
}
