import type { Severity } from '../../model/check.ts';
import type { SensitiveKind } from '../../model/sensitive.ts';
import { exposureOf, type Exposure } from './exposure.ts';
import { sensitiveField } from './resources.ts';
import { defineRule, type App, type Match } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'excessive-exposure',
  category: 'dataExposure',
  severity: 'medium',
  docs: {
    title: 'A stored object is answered whole',
    risk: 'Password hashes, keys and internal fields leave with it, now or when somebody adds them.',
    remedy: 'Name the fields that an answer may hold: a projection, a schema, or a dictionary that is written out.',
    cwe: [213, 200],
    owasp: 'API3:2023',
  },
  match: (run, app) =>
    run.trace.uses.flatMap((use): Match[] => {
      const access = run.trace.accesses[use.access];
      if (use.kind !== 'response' || !access || access.verb === 'create' || access.isGuess) return [];
      const exposures = exposureOf(use, access, run, app);
      const leaked = [...new Set(exposures.flatMap(({ fields }) => fields).filter((name) => sensitiveField(name)))];
      const isWhole = exposures.some((exposure) => exposure.isWhole);
      if (!isWhole && leaked.length === 0) return [];
      // How rows of a model become JSON is not seen here.
      const severity = isWhole && access.entity ? 'low' : severityOf(leaked, exposures, access.projection !== undefined, app);
      // Who writes a field out by name has thought of it, unless it is one that nobody may see.
      if (severity === undefined || (!isWhole && !leaked.some((name) => sensitiveField(name)?.startsWith('password')))) return [];
      const what = isWhole ? `All of \`${access.resource}\` is answered` : `\`${access.resource}\` is answered`;
      const proof =
        leaked.length > 0
          ? `${what}, with ${leaked.map((name) => `\`${name}\``).join(', ')}.`
          : `${what}; no list says which of its fields may leave.`;
      return [
        { site: siteOf(use.site, app), severity, confidence: leaked.length > 0 ? 'firm' : 'tentative', proof, part: access.resource },
      ];
    }),
  examples: [
    `
from dataclasses import asdict, dataclass
from flask import Flask, g, jsonify, request
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']

@dataclass
class PublicMember:
    name: str

@app.post('/members')
def add_member():
    data = request.get_json()
    db.members.insert_one({'name': data['name'], 'email': data['email'], 'password_hash': 'x', 'api_key': 'y'})
    return jsonify(ok=True)

@app.get('/members/<member_id>')
def read_member(member_id):
    member = db.members.find_one({'_id': member_id})
    return jsonify(member)  # finding

@app.get('/projected/<member_id>')
def read_projected(member_id):
    member = db.members.find_one({'_id': member_id}, {'name': 1, '_id': 0})
    return jsonify(member)  # ok

@app.get('/dataclass/<member_id>')
def read_dataclass(member_id):
    member = db.members.find_one({'_id': member_id}, {'name': 1, '_id': 0})
    shown = PublicMember(name=member['name'])
    return jsonify(shown.__dict__)  # ok

@dataclass
class StoredMember:
    name: str
    password_hash: str

@app.patch('/dataclass/<member_id>')
def change_dataclass(member_id):
    if member_id == 'first':
        row = db.members.find_one({'_id': 'first'})
        member = StoredMember(name=row['name'], password_hash=row['password_hash'])
    else:
        row = db.members.find_one({'_id': member_id})
        member = StoredMember(name=row['name'], password_hash=row['password_hash'])
    return jsonify(asdict(member))  # finding

@app.get('/summaries/<member_id>')
def summarise(member_id):
    found = list(db.members.aggregate([{'$match': {'_id': member_id}}, {'$project': {'name': 1, '_id': 0}}]))
    return jsonify(found[0] if found else {})  # ok

@app.get('/named/<member_id>')
def read_named(member_id):
    member = db.members.find_one({'_id': member_id})
    return jsonify({name: member[name] for name in ('name', 'email')})  # ok

@app.get('/parcels/<parcel_id>')
def read_parcel(parcel_id):
    parcel = db.parcels.find_one({'_id': parcel_id})
    return jsonify(parcel)  # finding
`,
  ],
});

function severityOf(leaked: readonly string[], exposures: readonly Exposure[], isProjected: boolean, app: App): Severity | undefined {
  const kinds = new Set(leaked.map((name): SensitiveKind | undefined => sensitiveField(name)));
  if (kinds.has('password') || kinds.has('password hash') || kinds.has('credential')) return 'high';
  if (kinds.size > 0) return 'medium';
  if (isProjected) return undefined;
  // Fields that are not known may be anything.
  const isKnown = exposures.some(({ fields }) => fields.length > 0);
  return isKnown || app.hasCallers ? 'low' : 'medium';
}
