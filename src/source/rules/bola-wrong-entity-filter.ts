import type { Condition, Use } from '../flow/access.ts';
import { hasClient } from '../flow/value.ts';
import { clientLabels } from '../flow/facts.ts';
import { columnOf } from '../stores/conditions.ts';
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
      const stray = entitiesOf(access.conditions).find((entity) => entity !== access.resource);
      if (stray === undefined || access.joined.length > 0 || isRelated(access.conditions)) return [];
      return [
        {
          site: siteOf(access.site, app),
          // What is not seen to be a test of a column may relate the two.
          ...(isOnlySwitched(run.trace.uses, access.id) ? { severity: 'medium' as const } : {}),
          confidence: isPlain(access.conditions) && app.resources.has(stray) ? 'firm' : 'tentative',
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

@app.get('/related/<int:receipt_id>')
def read_related(receipt_id):
    query = Receipt.query.filter(Receipt.trip_id == Trip.id, Trip.owner_id == g.user.id)
    return jsonify(id=query.filter(Receipt.id == receipt_id).first_or_404().id)  # ok
`,
  ],
});

/** All that is done with the row is to set what the client has no say in, and nothing of it is shown. */
function isOnlySwitched(uses: readonly Use[], access: number): boolean {
  const own = uses.filter((use) => use.access === access);
  return own.length > 0 && own.every(({ kind, value }) => kind === 'update' && !hasClient(value));
}

function entitiesOf(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => (condition.is === 'field' ? (condition.entity ?? []) : entitiesOf(condition.parts)));
}

/** A column is compared with a column, of whichever table. */
function isRelated(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) =>
    condition.is === 'field' ? condition.entity !== undefined && columnOf(condition.value) !== undefined : isRelated(condition.parts),
  );
}

function isPlain(conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => (condition.is === 'field' ? condition.field !== '*' : isPlain(condition.parts)));
}
