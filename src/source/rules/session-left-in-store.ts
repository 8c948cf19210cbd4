import type { Run } from '../flask/run-route.ts';
import type { Access } from '../flow/access.ts';
import { valuesOf } from '../flow/accessing.ts';
import { cookieLabel, textOf } from '../flow/value.ts';
import { expressionsIn } from '../python/walk.ts';
import type { Expression } from '../python/syntax.ts';
import { isRead } from './resources.ts';
import { defineRule, type App, type Match } from './rule.ts';

const sessionName = /(?:^|[^a-z])s?sid(?:$|[^a-z])|sess(?:ion|id|$)/i;
const logOut = /(?:log|sign)[_-]?(?:out|off)/i;
/** Calls that make an answer or a line of a log, and end nothing. */
const answers =
  /^(?:jsonify|make_response|redirect|url_for|render_template|flash|Response|str|dict|(?:\w+\.)*(?:delete_cookie|set_cookie|logger\.\w+|headers\.\w+))$/;

export default defineRule({
  id: 'session-left-in-store',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'A log-out deletes the cookie and leaves the session in the store',
    risk: 'Whoever copied the cookie goes on with it: the browser forgot the session, and the server did not.',
    remedy: 'Delete the stored session at log-out, and the cookie with it.',
    cwe: [613],
    owasp: 'API2:2023',
  },
  match: (run, app): readonly Match[] => {
    const { path, code } = run.route;
    // Elsewhere a cookie is deleted that means nothing any more.
    if (!(logOut.test(path) || logOut.test(code.name)) || !doesNothingButAnswer(run)) return [];
    return run.trace.moments.flatMap((moment): Match[] => {
      const isDeleted = moment.is === 'cookie-deleted' || (moment.is === 'cookie-set' && textOf(moment.value) === '');
      if (!isDeleted || moment.site.file !== code.file || moment.site.function !== code.name) return [];
      const found = sessionOf(moment.name, run);
      if (!found || !isStoredBySomebody(found, app) || isEnded(found, run)) return [];
      const proof = `The cookie \`${moment.name}\` is deleted, and the session that \`${found.resource}\` holds under it is not.`;
      return [{ site: moment.site, confidence: 'firm', proof, part: moment.name }];
    });
  },
  examples: [
    `
import secrets
from flask import Flask, abort, g, jsonify, request
from functools import wraps
from pymongo import MongoClient
from werkzeug.security import check_password_hash
app = Flask(__name__)
db = MongoClient()['shop']

@app.before_request
def find_member():
    session = db.sessions.find_one({'_id': request.cookies.get('sid', '')})
    g.member = db.members.find_one({'_id': session['member_id']}) if session else None
    g.theme = db.themes.find_one({'_id': request.cookies.get('theme', '')})

@app.post('/login')
def log_in():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    sid = secrets.token_urlsafe(24)
    db.sessions.insert_one({'_id': sid, 'member_id': member['_id']})
    answer = jsonify(message='hello')
    answer.set_cookie('sid', sid)
    return answer

@app.post('/logout')
def log_out():
    app.logger.info('bye')
    answer = jsonify(message='bye')
    answer.delete_cookie('sid')  # finding
    return answer

@app.post('/logout/emptied')
def log_out_by_emptying():
    answer = jsonify(message='bye')
    answer.set_cookie('sid', '', max_age=0)  # finding
    return answer

@app.post('/logout/whole')
def log_out_wholly():
    db.sessions.delete_one({'_id': request.cookies.get('sid', '')})
    answer = jsonify(message='bye')
    answer.delete_cookie('sid')  # ok
    return answer

@app.post('/logout/revoked')
def log_out_by_revoking():
    db.sessions.update_one({'_id': request.cookies.get('sid', '')}, {'$set': {'revoked': True}})
    answer = jsonify(message='bye')
    answer.delete_cookie('sid')  # ok
    return answer

@app.post('/logout/elsewhere')
def log_out_elsewhere():
    end_session(request)
    answer = jsonify(message='bye')
    answer.delete_cookie('sid')  # ok
    return answer

@app.get('/welcome')
def welcome():
    answer = jsonify(name=g.member['name'] if g.member else 'stranger')
    if g.member is None:
        answer.delete_cookie('sid')  # ok
    return answer

@app.post('/theme/reset')
def reset_theme():
    answer = jsonify(message='plain')
    answer.delete_cookie('theme')  # ok
    return answer
`,
    `
import secrets
from flask import Flask, jsonify, request, session
app = Flask(__name__)

@app.post('/signed/logout')
def log_out_of_signed_session():
    answer = jsonify(message='bye')
    answer.delete_cookie('session')  # ok
    return answer
`,
  ],
});

/** Nothing is called that might end the session where it cannot be seen. */
function doesNothingButAnswer({ route: { code } }: Run): boolean {
  const { body } = code;
  if (!isStatements(body)) return false;
  return expressionsIn(body).every((each) => each.kind !== 'Call' || answers.test(nameOf(each.callee)));
}

function isStatements(body: Run['route']['code']['body']): body is Extract<typeof body, readonly unknown[]> {
  return Array.isArray(body);
}

function nameOf(callee: Expression): string {
  if (callee.kind === 'Name') return callee.name;
  if (callee.kind !== 'Attribute') return '';
  const holder = nameOf(callee.value);
  return holder === '' ? callee.name : `${holder}.${callee.name}`;
}

/** The session that this route, or what stands before it, looks up by the very cookie. */
function sessionOf(cookie: string, { trace }: Run): Access | undefined {
  return trace.accesses.find(
    (access) =>
      isRead(access) &&
      !access.isGuess &&
      [cookie, access.resource].some((name) => sessionName.test(name)) &&
      valuesOf(access.conditions).some(({ labels }) => labels.has(cookieLabel(cookie))),
  );
}

function isStoredBySomebody({ resource }: Access, { runs }: App): boolean {
  return runs.some(({ trace }) => trace.accesses.some((access) => access.resource === resource && isWrite(access)));
}

function isEnded({ resource }: Access, { trace }: Run): boolean {
  return (
    trace.accesses.some((access) => access.resource === resource && !isRead(access)) ||
    trace.uses.some(({ kind, access }) => kind !== 'response' && trace.accesses[access]?.resource === resource)
  );
}

function isWrite(access: Access): boolean {
  return !isRead(access) && access.verb !== 'delete';
}
