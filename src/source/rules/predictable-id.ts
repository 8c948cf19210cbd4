import { openAccesses } from './open-access.ts';
import { rank } from './open-rank.ts';
import { defineRule, type Match } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'predictable-id',
  category: 'bolaAuthorization',
  severity: 'info',
  docs: {
    title: 'The ids of objects that are open can be guessed',
    risk: 'Numbers are counted through, and the neighbours of an ObjectId can be computed.',
    remedy: 'Tie the object to the caller. An id that cannot be guessed is no substitute for that.',
    cwe: [340],
    owasp: 'API1:2023',
  },
  match: (run, app) =>
    openAccesses(run, app).flatMap((open): Match[] => {
      if (!rank(open, run, app)) return [];
      const number = run.route.variables.find(({ name, converter }) => converter === 'int' && open.ids.includes(`C:${name}`));
      const objectId = run.trace.moments.some(
        (moment) => moment.is === 'cast' && moment.to === 'ObjectId' && open.ids.some((id) => moment.value.labels.has(id)),
      );
      if (!number && !objectId) return [];
      const what = number ? `\`${number.name}\` is a number` : 'An ObjectId is a time, a machine and a counter';
      return [
        {
          site: siteOf(open.access.site, app),
          confidence: 'tentative',
          proof: `${what}: the next one is easily found.`,
          part: open.access.resource,
        },
      ];
    }),
  examples: [
    `
from flask import Flask, jsonify
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/parcels/<int:number>')
def read_parcel(number):
    parcel = db.parcels.find_one({'_id': number})  # finding
    return jsonify(weight=parcel['weight'])

@app.get('/crates/<crate_id>')
def read_crate(crate_id):
    crate = db.crates.find_one({'_id': crate_id})  # ok
    return jsonify(weight=crate['weight'])
`,
  ],
});
