import type { Run } from '../flask/run-route.ts';
import type { Access } from '../flow/access.ts';
import { valuesOf } from '../flow/accessing.ts';
import type { Moment } from '../flow/machine.ts';
import { cookieLabel, hasClient, type Label, type Value } from '../flow/value.ts';
import { isRead } from './resources.ts';
import { defineRule, type Match } from './rule.ts';

type CookieSet = Extract<Moment, { readonly is: 'cookie-set' }>;

const sessionName = /(?:^|[^a-z])s?sid(?:$|[^a-z])|sess(?:ion|id|$)/i;
const credentialName = /(?:auth|log_?in|token)/i;
const otherName = /csrf|xsrf|cart|basket|device|visitor|lang|theme/i;

export default defineRule({
  id: 'session-id-from-client',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'A log-in keeps the session id that the browser brought',
    risk: 'Whoever plants a session id in the browser of somebody else beforehand is logged in as soon as that person is.',
    remedy: 'Mint a new session id at every log-in, and end the session that the browser came with.',
    cwe: [384],
    owasp: 'API2:2023',
  },
  match: (run): readonly Match[] => {
    // Who is known already and confirms a password is in a session of one's own.
    if (run.entry.has('caller')) return [];
    const { moments } = run.trace;
    const tested = moments.findIndex(isPasswordTest);
    if (tested === -1 && !run.trace.accesses.some(asksForPassword)) return [];
    const set = moments.flatMap((moment, index) => (moment.is === 'cookie-set' && index > tested ? [moment] : []));
    const isKept = ({ name, value }: CookieSet): boolean => value.labels.has(cookieLabel(name));
    return set.filter(isKept).flatMap((moment): Match[] => {
      const { name } = moment;
      const resource = storedUnder(cookieLabel(name), name, run);
      // Without a store that can be seen, a cookie that is minted beside it may be the one that counts.
      if (resource === undefined && !(sessionName.test(name) && !otherName.test(name) && set.every(isKept))) return [];
      const stored = resource === undefined ? '' : ` and is the key of what is stored in \`${resource}\``;
      return [
        {
          site: readBefore(moment, moments) ?? moment.site,
          confidence: resource === undefined ? 'tentative' : 'firm',
          proof: `The cookie \`${name}\` that the client sent is set again after the log-in${stored}.`,
          part: name,
        },
      ];
    });
  },
  examples: [
    `
import secrets
from flask import Flask, jsonify, redirect, request
from pymongo import MongoClient
from werkzeug.security import check_password_hash
app = Flask(__name__)
db = MongoClient()['shop']

@app.before_request
def find_member():
    session = db.sessions.find_one({'_id': request.cookies.get('sid', '')})  # ok

@app.post('/login')
def log_in():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    sid = request.cookies.get('sid') or secrets.token_urlsafe(24)  # finding
    db.sessions.replace_one({'_id': sid}, {'member_id': member['_id']}, upsert=True)
    answer = redirect('/') if request.form.get('page') else jsonify(message='hello')
    answer.set_cookie('sid', sid, httponly=True)
    return answer

@app.post('/login/later')
def log_in_later():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    sid = request.cookies.get('sid')  # finding
    if not sid:
        sid = secrets.token_urlsafe(24)
    db.sessions.update_one({'_id': sid}, {'$set': {'member_id': member['_id']}}, upsert=True)
    answer = jsonify(message='hello')
    answer.set_cookie(key='sid', value=sid)
    return answer

@app.post('/login/renewed')
def log_in_anew():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    db.sessions.delete_one({'_id': request.cookies.get('sid', '')})  # ok
    sid = secrets.token_urlsafe(24)
    db.sessions.insert_one({'_id': sid, 'member_id': member['_id']})
    answer = jsonify(message='hello')
    answer.set_cookie('sid', sid)
    answer.set_cookie('theme', request.cookies.get('theme') or 'light')  # ok
    answer.set_cookie('session_lang', request.cookies.get('session_lang', 'en'))  # ok
    return answer

@app.post('/login/derived')
def log_in_derived():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    sid = rotated(request.cookies.get('sid'))  # ok
    db.sessions.insert_one({'_id': sid, 'member_id': member['_id']})
    answer = jsonify(message='hello')
    answer.set_cookie('sid', sid)
    return answer

@app.post('/login/cart')
def log_in_with_cart():
    member = db.members.find_one({'email': request.form['email']})
    if member is None or not check_password_hash(member['password_hash'], request.form['password']):
        return jsonify(error='wrong'), 401
    cart = request.cookies.get('cart') or secrets.token_urlsafe(24)  # ok
    db.carts.update_one({'_id': cart}, {'$set': {'member_id': member['_id']}}, upsert=True)
    sid = secrets.token_urlsafe(24)
    db.sessions.insert_one({'_id': sid, 'member_id': member['_id']})
    answer = jsonify(message='hello')
    answer.set_cookie('sid', sid)
    answer.set_cookie('cart', cart)
    return answer

@app.post('/login/asked')
def log_in_asked():
    member = db.members.find_one({'email': request.form['email'], 'pwd_hash': request.form['pwd_hash']})
    if member is None:
        return jsonify(error='wrong'), 401
    sid = request.cookies.get('sid', secrets.token_hex(8))  # finding
    db.sessions.insert_one({'_id': sid, 'member_id': member['_id']})
    answer = jsonify(message='hello')
    answer.set_cookie('sid', sid)
    return answer

@app.get('/alive')
def keep_alive():
    sid = request.cookies.get('sid')  # ok
    db.sessions.update_one({'_id': sid}, {'$set': {'seen': 1}})
    answer = jsonify(ok=True)
    answer.set_cookie('sid', sid, max_age=3600)
    return answer

@app.get('/theme')
def choose_theme():
    theme = request.cookies.get('theme') or 'light'  # ok
    answer = jsonify(theme=theme)
    answer.set_cookie('theme', theme)
    return answer
`,
    `
import secrets
from flask import Flask, abort, jsonify, make_response, request
from werkzeug.security import check_password_hash
app = Flask(__name__)
users = {'ada': {'name': 'ada', 'password_hash': 'x'}}
running = {}

def may_enter(sent):
    user = users.get(sent['name'])
    return user is not None and check_password_hash(user['password_hash'], sent['password'])

@app.post('/login')
def log_in():
    sent = request.get_json()
    if not may_enter(sent):
        abort(401)
    sid = request.cookies['session_id'] if 'session_id' in request.cookies else secrets.token_hex(16)  # finding
    running[sid] = sent['name']
    answer = make_response(jsonify(ok=True))
    answer.set_cookie('session_id', sid)
    return answer

@app.post('/token')
def issue_token():
    sent = request.get_json()
    if not may_enter(sent):
        abort(401)
    answer = make_response(jsonify(ok=True))
    answer.set_cookie('access', secrets.token_hex(16))
    answer.set_cookie('session_id', request.cookies.get('session_id', ''))  # ok
    return answer
`,
  ],
});

/** `check_password_hash(..)`, and passwords that are compared as text. */
function isPasswordTest(moment: Moment): boolean {
  if (moment.is === 'password-test') return true;
  if (moment.is !== 'compare' || !/passw|pwd/i.test(moment.test.text)) return false;
  const { left, right } = moment.test;
  const isStored = ({ labels }: Value): boolean => [...labels].some((label) => label.startsWith('O:'));
  return (hasClient(left) && isStored(right)) || (hasClient(right) && isStored(left));
}

/** `find_one({'email': .., 'password': ..})` */
function asksForPassword({ conditions }: Pick<Access, 'conditions'>): boolean {
  return conditions.some((each) =>
    each.is === 'field' ? /passw|pwd/i.test(each.field) && hasClient(each.value) : asksForPassword({ conditions: each.parts }),
  );
}

/** What sessions are stored in, if the cookie is the key of one that this route writes. */
function storedUnder(cookie: Label, name: string, { trace }: Run): string | undefined {
  const written = trace.accesses.find(
    (access) =>
      !isRead(access) &&
      access.verb !== 'delete' &&
      [...valuesOf(access.conditions), ...(access.data ? [access.data] : [])].some(({ labels }) => labels.has(cookie)),
  );
  if (!written || otherName.test(name)) return undefined;
  const isSession = [name, written.resource].some((each) => sessionName.test(each) || credentialName.test(each));
  return isSession ? written.resource : undefined;
}

/** Where the cookie was read last before it is set: in the same function, if it was read there. */
function readBefore({ name, site }: CookieSet, moments: readonly Moment[]): Moment['site'] | undefined {
  const reads = moments.flatMap((moment) => (moment.is === 'cookie-read' && moment.name === name ? [moment.site] : []));
  return (
    reads.findLast((each) => each.function === site.function && each.file === site.file && each.place.start <= site.place.start) ??
    reads.at(-1)
  );
}
