import type { Match } from './rule.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'key-presence-only',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'A key must be sent, and any key will do',
    risk: 'Whoever sends something in the header is let in: the key is neither looked up nor compared.',
    remedy: 'Look the key up by its hash, compare in constant time, and go on as whoever it belongs to.',
    cwe: [287],
    owasp: 'API2:2023',
  },
  match: (run): readonly Match[] => {
    const { accesses, moments, uses } = run.trace;
    if (!run.isKeyOnly || accesses.length + uses.length === 0) return [];
    const tested = moments.find((moment) => moment.is === 'key-test');
    return tested
      ? [
          {
            site: tested.site,
            confidence: run.note === undefined ? 'firm' : 'tentative',
            proof: 'The credential is only asked whether it is there before data is reached.',
          },
        ]
      : [];
  },
  examples: [
    `
from flask import Flask, jsonify, request
app = Flask(__name__)
bills = {1: {'id': 1, 'owner': 'ada'}, 2: {'id': 2, 'owner': 'ben'}}

@app.get('/bills/<int:number>')
def read_bill(number):
    key = request.headers.get('X-API-Key')
    if not key:  # finding
        return jsonify(error='key missing'), 401
    return jsonify(bills.get(number))
`,
    `
from flask import Flask, jsonify, request
app = Flask(__name__)
bills = {1: {'id': 1, 'owner': 'ada'}, 2: {'id': 2, 'owner': 'ben'}}

@app.get('/known/<int:number>')
def read_known(number):
    key = request.headers.get('X-API-Key')
    if not key:  # ok
        return jsonify(error='key missing'), 401
    caller = find_account_by_key(key)
    if caller is None:
        return jsonify(error='forbidden'), 403
    return jsonify([bill for bill in bills.values() if bill['owner'] == caller['name']])
`,
  ],
});
