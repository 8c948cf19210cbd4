import type { Condition } from '../flow/access.ts';
import { clientLabels } from '../flow/facts.ts';
import { defineRule, type Match } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'bola-wrong-entity-filter',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A query is filtered by a table that it does not read',
    risk: 'The condition stands in the query and binds nothing: the row of anybody is found.',
    remedy: 'Filter by the column of the table that is read, or join the other one.',
    cwe: [863],
    owasp: 'API1:2023',
  },
  match: (run, app) =>
    run.trace.accesses.flatMap((access): Match[] => {
      if (clientLabels(access.conditions).length === 0 || access.library !== 'sqlalchemy') return [];
      const read = new Set([access.resource, ...access.joined]);
      const stray = entitiesOf(access.conditions).find((entity) => !read.has(entity));
      if (stray === undefined || access.joined.length > 0) return [];
      return [
        {
          site: siteOf(access.site, app),
          confidence: 'tentative',
          proof: `\`${access.resource}\` is read, and the condition is on \`${stray}\`, which is not joined.`,
          part: stray,
        },
      ];
    }),
  examples: [
    `
from flask import Flask, g, jsonify
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Trip(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)

class Receipt(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    trip_id = db.Column(db.Integer)

@app.get('/receipts/<int:receipt_id>')
def read_receipt(receipt_id):
    receipt = Receipt.query.filter(Receipt.id == receipt_id).filter(Trip.owner_id == g.user.id).first_or_404()  # finding
    return jsonify(id=receipt.id)

@app.get('/joined/<int:receipt_id>')
def read_joined(receipt_id):
    receipt = Receipt.query.join(Trip).filter(Receipt.id == receipt_id, Trip.owner_id == g.user.id).first_or_404()  # ok
    return jsonify(id=receipt.id)
`,
  ],
});

function entitiesOf(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => (condition.is === 'field' ? (condition.entity ?? []) : entitiesOf(condition.parts)));
}
