import { textOf, type Arguments } from '../flow/value.ts';
import { defineRule, type Match } from './rule.ts';
import { siteOf } from './site.ts';

const unread = 'The claims are read, and nothing verifies the signature';

export default defineRule({
  id: 'jwt-unverified',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token is believed without its signature',
    risk: 'Whoever writes a token is whoever they write into it.',
    remedy: 'Verify the signature, with the algorithms written out in the code.',
    cwe: [347],
    owasp: 'API2:2023',
  },
  match: (run, app) => {
    const decoded = run.trace.moments.filter((moment) => moment.is === 'token-decoded');
    // Claims are also looked at to choose the key by which the token is verified then.
    const isVerified = decoded.some(({ isUnverified }) => isUnverified !== true);
    return decoded.flatMap(({ call, isUnverified, site }): Match[] => {
      const why = isUnverified ? (isVerified ? undefined : unread) : weakness(call);
      return why === undefined ? [] : [{ site: siteOf(site, app), confidence: 'firm', proof: `${why}.`, part: why }];
    });
  },
  examples: [
    `
import jwt
from flask import Flask, jsonify, request
app = Flask(__name__)

@app.get('/a')
def unverified():
    claims = jwt.decode(request.headers['Authorization'], options={'verify_signature': False})  # finding
    return jsonify(claims['sub'])

@app.get('/b')
def any_algorithm():
    token = request.headers['Authorization']
    claims = jwt.decode(token, 'secret', algorithms=[jwt.get_unverified_header(token)['alg']])  # finding
    return jsonify(claims['sub'])

@app.get('/c')
def verified():
    claims = jwt.decode(request.headers['Authorization'], 'secret', algorithms=['HS256'])  # ok
    return jsonify(claims['sub'])
`,
  ],
});

function weakness({ keywords }: Arguments): string | undefined {
  const options = keywords.get('options');
  const flag = options?.shape.is === 'record' ? options.shape.entries.get('verify_signature') : keywords.get('verify');
  if (flag?.shape.is === 'constant' && flag.shape.value === false) return 'The signature of the token is not verified';
  const algorithms = keywords.get('algorithms');
  if (algorithms && algorithms.labels.size > 0) return 'The token itself says by which algorithm it is verified';
  const names = algorithms?.shape.is === 'sequence' ? algorithms.shape.items.map(textOf) : [];
  return names.some((name) => name?.toLowerCase() === 'none') ? 'Tokens without a signature are accepted' : undefined;
}
