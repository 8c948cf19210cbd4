import type { Value } from '../flow/value.ts';
import { defineRule, type Match } from './rule.ts';

const secret = /api[_-]?key|token|secret|digest|signature|hmac|hash|password/i;

export default defineRule({
  id: 'timing-compare',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A secret is compared with ==',
    risk: 'The comparison ends at the first character that differs, and its time tells how far a guess was right.',
    remedy: 'Store a hash of the secret, and compare with hmac.compare_digest.',
    cwe: [208],
    owasp: 'API2:2023',
  },
  match: (run) =>
    run.trace.moments.flatMap((moment): Match[] => {
      if (moment.is !== 'compare' || (moment.test.operator !== '==' && moment.test.operator !== '!=')) return [];
      const { left, right, text } = moment.test;
      const isSecret = (given: Value, stored: Value): boolean =>
        (given.labels.has('K') || [...given.labels].some((label) => label.startsWith('C:') && secret.test(label))) && isStored(stored);
      if (!secret.test(text) || !(isSecret(left, right) || isSecret(right, left))) return [];
      return [
        {
          site: moment.site,
          confidence: 'firm',
          proof: `\`${text}\` compares what the client sent with a stored secret, character by character.`,
        },
      ];
    }),
  examples: [
    `
import hmac
from flask import Flask, abort, jsonify, request
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/shops/<name>')
def read_shop(name):
    shop = db.shops.find_one({'name': name})
    if shop['api_key'] != request.headers.get('X-API-Key'):  # finding
        abort(401)
    return jsonify(name=shop['name'])

@app.get('/safe/<name>')
def read_safely(name):
    shop = db.shops.find_one({'name': name})
    if not hmac.compare_digest(shop['api_key'], request.headers.get('X-API-Key')):  # ok
        abort(401)
    return jsonify(name=shop['name'])

@app.post('/passwords')
def change_password():
    data = request.get_json()
    if data['password'] != data['password_again']:  # ok
        abort(400)
    return jsonify(ok=True)
`,
  ],
});

/** A field of what was loaded. A column in a query is compared by the database. */
function isStored({ shape, labels }: Value): boolean {
  const isSetting = shape.is === 'symbol' && /\b(?:environ|getenv|config)\b/.test(shape.path);
  return isSetting || shape.is === 'stored' || (shape.is !== 'column' && [...labels].some((label) => label.startsWith('O:')));
}
