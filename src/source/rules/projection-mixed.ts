import { defineRule, type Match } from './rule.ts';

export default defineRule({
  id: 'projection-mixed',
  category: 'dataExposure',
  severity: 'medium',
  docs: {
    title: 'A projection includes some fields and excludes others',
    risk: 'MongoDB refuses it: the request fails instead of being answered with less.',
    remedy: 'Include the fields that may leave, and switch off nothing but _id.',
    cwe: [20],
    owasp: 'API3:2023',
  },
  match: (run) =>
    run.trace.accesses.flatMap((access): Match[] =>
      access.projection?.how === 'mixed'
        ? [
            {
              site: access.site,
              confidence: 'firm',
              proof: `The projection on \`${access.resource}\` mixes 1 and 0, which the server refuses.`,
              part: access.resource,
            },
          ]
        : [],
    ),
  examples: [
    `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/parcels/<parcel_id>')
def read_parcel(parcel_id):
    parcel = db.parcels.find_one({'_id': parcel_id}, {'weight': 1, '_id': 0, 'margin': 0})  # finding
    return jsonify(parcel)

@app.get('/clean/<parcel_id>')
def read_clean(parcel_id):
    parcel = db.parcels.find_one({'_id': parcel_id}, {'weight': 1, '_id': 0})  # ok
    return jsonify(parcel)
`,
  ],
});
