import { valuesOf } from '../flow/accessing.ts';
import { isClientLabel } from '../flow/value.ts';
import { defineRule, type Match } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'nosql-operator',
  category: 'inputValidation',
  severity: 'medium',
  docs: {
    title: 'A value of a JSON body goes into a filter without being made a scalar',
    risk: 'Where a text is expected, {"$ne": null} is as good: the filter finds what it should not.',
    remedy: 'Make it text with str(), or refuse what is not text before it reaches the filter.',
    cwe: [943],
    owasp: 'API8:2023',
  },
  match: (run, app) =>
    run.trace.accesses.flatMap((access): Match[] => {
      if (access.library !== 'pymongo' || access.facts.has('typed')) return [];
      const raw = valuesOf(access.conditions).filter(({ labels }) => labels.has('J') && [...labels].some(isClientLabel));
      if (raw.length === 0) return [];
      const isWeighty = app.resources.get(access.resource)?.isAccount === true || access.verb === 'update' || access.verb === 'delete';
      return [
        {
          site: siteOf(access.site, app),
          severity: isWeighty ? 'medium' : 'low',
          confidence: 'firm',
          proof: `A filter on \`${access.resource}\` holds a JSON value of any type.`,
          part: access.resource,
        },
      ];
    }),
  examples: [
    `
from flask import Flask, jsonify, request
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.post('/login')
def log_in():
    data = request.get_json()
    user = db.users.find_one({'name': data['name']})  # finding
    return jsonify(found=user is not None)

@app.post('/safe-login')
def log_in_safely():
    data = request.get_json()
    user = db.users.find_one({'name': str(data['name'])})  # ok
    return jsonify(found=user is not None)

@app.get('/search')
def search():
    user = db.users.find_one({'name': request.args['name']})  # ok
    return jsonify(found=user is not None)
`,
  ],
});
