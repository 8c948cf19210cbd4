import { exposureOf } from './exposure.ts';
import { defineRule, type Match } from './rule.ts';

export default defineRule({
  id: 'objectid-json',
  category: 'dataExposure',
  severity: 'info',
  docs: {
    title: 'A document with its ObjectId is made into JSON',
    risk: 'Flask does not know how: the request ends in a 500, which hides what the answer would expose.',
    remedy: 'Answer named fields, with str(document["_id"]) where the id is needed.',
    cwe: [754],
    owasp: 'API8:2023',
  },
  match: (run, app) => {
    if (app.encodesDocuments) return [];
    return run.trace.uses.flatMap((use): Match[] => {
      const access = run.trace.accesses[use.access];
      if (use.kind !== 'response' || access?.library !== 'pymongo' || access.projection) return [];
      if (!exposureOf(use, access, run, app).some(({ isWhole }) => isWhole)) return [];
      return [
        {
          site: use.site,
          confidence: 'tentative',
          proof: `A document of \`${access.resource}\` is passed on with its _id, which is no JSON.`,
          part: access.resource,
        },
      ];
    });
  },
  examples: [
    `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/parcels/<parcel_id>')
def read_parcel(parcel_id):
    return jsonify(db.parcels.find_one({'code': parcel_id}))  # finding

@app.get('/clean/<parcel_id>')
def read_clean(parcel_id):
    return jsonify(db.parcels.find_one({'code': parcel_id}, {'_id': 0}))  # ok
`,
  ],
});
