import type { Moment } from '../flow/machine.ts';
import { hasClient, type Value } from '../flow/value.ts';
import type { Access } from '../flow/access.ts';
import { ownerWords } from './resources.ts';
import { defineRule, type App, type Match } from './rule.ts';
import { siteOf } from './site.ts';

type Assigned = Extract<Moment, { readonly is: 'assigned' }>;

export default defineRule({
  id: 'mass-assignment',
  category: 'propertyAuthorization',
  severity: 'high',
  docs: {
    title: 'A request body is stored as it came',
    risk: 'Callers set what is not theirs to set: a role, a price, an owner.',
    remedy: 'Copy the fields that a caller may set, each by name, and refuse or drop the rest.',
    cwe: [915],
    owasp: 'API3:2023',
  },
  match: (run, app) => {
    const written = run.trace.accesses.flatMap((access): Match[] => {
      const body = access.data && bodyIn(access.data);
      if (!body) return [];
      return [
        {
          site: siteOf(access.site, app),
          severity: isHarmless(access, app) ? 'low' : 'high',
          confidence: body === 'mixed' || access.facts.has('pruned') ? 'tentative' : 'firm',
          proof: `Any field of the request body is written to \`${access.resource}\`.`,
          part: access.resource,
        },
      ];
    });
    const assigned = run.trace.moments.flatMap((moment): Match[] => {
      const body = moment.is === 'assigned' ? bodyIn(moment.name) : undefined;
      if (moment.is !== 'assigned' || !body) return [];
      return [
        {
          site: moment.site,
          confidence: body === 'mixed' || moment.facts.has('pruned') ? 'tentative' : 'firm',
          proof: `The names of the attributes that are set${resourceOf(moment)} come from the request body.`,
          part: 'setattr',
        },
      ];
    });
    return [...written, ...assigned];

    function resourceOf({ access }: Assigned): string {
      const resource = run.trace.accesses[access]?.resource;
      return resource === undefined ? '' : ` on \`${resource}\``;
    }
  },
  examples: [
    `
import boto3
from flask import Flask, g, jsonify, request
from pymongo import MongoClient
app = Flask(__name__)
db = MongoClient()['shop']
ALLOWED = {'nickname', 'motto'}

@app.patch('/me')
def change_me():
    db.members.update_one({'_id': g.user_id}, {'$set': request.get_json()})  # finding
    return jsonify(ok=True)

@app.patch('/me/listed')
def change_listed():
    data = request.get_json()
    db.members.update_one({'_id': g.user_id}, {'$set': {name: data[name] for name in ALLOWED if name in data}})  # ok
    return jsonify(ok=True)

@app.patch('/me/filtered')
def change_filtered():
    changes = {name: value for name, value in request.get_json().items() if name in ALLOWED}
    db.members.update_one({'_id': g.user_id}, {'$set': changes})  # ok
    return jsonify(ok=True)

@app.patch('/me/pruned')
def change_pruned():
    data = request.get_json()
    for name in ('_id', 'role', 'credit'):
        data.pop(name, None)
    db.members.update_one({'_id': g.user_id}, {'$set': data})  # finding, tentative
    return jsonify(ok=True)

@app.post('/members')
def add_member():
    data = request.get_json()
    db.members.insert_one({**data, 'role': 'member'})  # finding
    return jsonify(ok=True)

@app.put('/items')
def put_item():
    table = boto3.resource('dynamodb').Table('people')
    table.put_item(Item=request.get_json())  # finding
    return jsonify(ok=True)
`,
    `
from flask import Flask, g, jsonify, request
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Pet(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    name = db.Column(db.String)

@app.post('/pets')
def add_pet():
    pet = Pet(**request.get_json())  # finding
    db.session.add(pet)
    return jsonify(ok=True)

@app.post('/pets/named')
def add_named_pet():
    pet = Pet(name=request.get_json()['name'], owner_id=g.user.id)  # ok
    db.session.add(pet)
    return jsonify(ok=True)

@app.patch('/pets/mine')
def change_pet():
    pet = Pet.query.filter_by(owner_id=g.user.id).first()
    for name, value in request.get_json().items():
        setattr(pet, name, value)  # finding
    return jsonify(ok=True)

@app.patch('/pets/listed')
def change_listed_pet():
    pet = Pet.query.filter_by(owner_id=g.user.id).first()
    for name, value in request.get_json().items():
        if name in ('name', 'colour'):
            setattr(pet, name, value)  # ok
    return jsonify(ok=True)
`,
    `
import sqlite3
from flask import Flask, g, jsonify, request
app = Flask(__name__)

def run(sql, values=()):
    db = sqlite3.connect('shop.db')
    rows = db.execute(sql, values).fetchall()
    db.commit()
    return rows

@app.post('/members')
def add_member():
    data = request.get_json()
    columns = ['name'] + [key for key in data]
    run(f"INSERT INTO members ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})", ['x', *data.values()])  # finding
    return jsonify(ok=True)

@app.patch('/members/me')
def change_me():
    changes = ', '.join(f'{key} = ?' for key in request.json)
    run(f'UPDATE members SET {changes} WHERE id = ?', [*request.json.values(), g.user_id])  # finding
    return jsonify(ok=True)

@app.patch('/members/me/listed')
def change_listed():
    data = request.get_json()
    names = [name for name in ('nickname', 'motto') if name in data]
    changes = ', '.join(f'{name} = ?' for name in names)
    run(f'UPDATE members SET {changes} WHERE id = ?', [*(data[name] for name in names), g.user_id])  # ok
    return jsonify(ok=True)

@app.patch('/members/me/motto')
def change_motto():
    run(f"UPDATE members SET motto = '{request.json['motto']}' WHERE id = ?", (g.user_id,))  # ok
    return jsonify(ok=True)
`,
  ],
});

const privileged =
  /(?:^|_)(?:roles?|admin|staff|superuser|scopes?|grants?|balance|credits?|price|amount|total|cost|discount|paid|plan|tier|quota|limit|verified|approved|confirmed|password|secret|token|key)(?:_|$)/i;

/** A row of a model with columns that are declared, whose key and owner the server sets, and that has nothing else to gain. */
function isHarmless({ verb, entity, data, resource }: Access, app: App): boolean {
  const known = app.resources.get(resource);
  if ((verb !== 'create' && verb !== 'update') || !entity || entity.fields.length === 0 || !known || known.isAccount || !data) return false;
  const closed = settled(data);
  return !entity.fields.some((name) => !closed.has(name) && (/^_?id$/.test(name) || ownerWords.test(name) || privileged.test(name)));
}

/** Fields that hold what the server says, whatever is sent. */
function settled({ shape }: Value): ReadonlySet<string> {
  switch (shape.is) {
    case 'record': {
      const own = [...shape.entries].flatMap(([name, value]) => (hasClient(value) ? [] : [name]));
      return new Set([...own, ...(shape.rest ? settled(shape.rest) : [])]);
    }
    case 'either':
      return shape.options.map(settled).reduce((common, each) => new Set([...common].filter((name) => each.has(name))));
    default:
      return new Set();
  }
}

/**
 * How the body is in what is written, when the client names its fields: the body itself, or a document that it is poured into.
 * `mixed`: in something that came of other values, too, so that what names there are is not known. A body that is kept in a field
 * of ours is content.
 */
function bodyIn({ labels, shape }: Value): 'whole' | 'mixed' | undefined {
  if (!labels.has('R')) return undefined;
  switch (shape.is) {
    case 'record': {
      const poured = [...shape.entries].flatMap(([name, entry]) => (/^[$#:]/.test(name) ? [entry] : []));
      return surest([...(shape.rest ? [shape.rest] : []), ...poured]);
    }
    case 'sequence':
      return surest([...shape.items, ...(shape.each ? [shape.each] : [])]);
    case 'either':
      // Not all of the possibilities are kept.
      return surest(shape.options) ?? (shape.options.some((option) => option.labels.has('R')) ? undefined : 'whole');
    default:
      return [...labels].some((label) => !/^(?:R|J|@.*)$/.test(label)) ? 'mixed' : 'whole';
  }
}

function surest(values: readonly Value[]): 'whole' | 'mixed' | undefined {
  const found = values.map(bodyIn);
  return found.includes('whole') ? 'whole' : found.find((each) => each !== undefined);
}
