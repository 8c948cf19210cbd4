import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

/** Paths at which an object is open to everybody. */
async function openIn(views: string): Promise<readonly string[]> {
  const text = `
from functools import cached_property
from flask import Flask, abort, jsonify, request
from flask.views import MethodView
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
class Database(SQLAlchemy):
    pass
db = Database(app)

class Boat(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    name = db.Column(db.String)

class Scoped:
    @classmethod
    def of(cls, id, user):
        return cls.query.filter(cls.id == id, cls.owner_id == user).first_or_404()

class Anchor(Scoped, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    @property
    def keeper(self):
        return self.owner_id
    @classmethod
    def of(cls, id, user):
        return super(Anchor, cls).of(id, user)

class Base(MethodView):
    decorators = [login_required]
    def check(self, boat):
        pass
    def load(self, boat_id):
        boat = Boat.query.get_or_404(boat_id)
        self.check(boat)
        return boat
    def get(self, boat_id):
        return jsonify(name=self.load(boat_id).name)

class Owned(Base):
    def check(self, boat):
        if boat.owner_id != current_user.id:
            abort(404)
${views}
`;
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  return findings.filter(({ check }) => check === 'bola-open-lookup').map(({ operation }) => operation.path);
}

const view = (bases: string, body: string): string =>
  `class View(${bases}):\n${body}\napp.add_url_rule('/x/<int:boat_id>', view_func=View.as_view('x'))\n`;

describe('class hierarchies', () => {
  it.each([
    ['a check of the class itself', view('Owned', '    pass'), false],
    ['no check at all', view('Base', '    pass'), true],
    ['super() goes on to what is checked there', view('Owned', '    def check(self, boat):\n        super().check(boat)'), false],
    ['super(Type, self) does, too', view('Owned', '    def check(self, boat):\n        super(View, self).check(boat)'), false],
    ['a name of the class is not one of its methods', view('Owned', '    current_user = None'), false],
    ['super() is left out', view('Owned', '    def check(self, boat):\n        print(boat)'), true],
    ['a shared base comes after all who share it', `class Plain(Base):\n    pass\n${view('Plain, Owned', '    pass')}`, false],
    [
      'a class method of a mixin asks for the owner',
      view('Owned', '    def get(self, boat_id):\n        return jsonify(id=Anchor.of(boat_id, current_user.id).id)'),
      false,
    ],
    [
      'a class method of a mixin is handed what the client says',
      view('Owned', '    def get(self, boat_id):\n        return jsonify(id=Anchor.of(boat_id, request.args["user"]).id)'),
      true,
    ],
    [
      'a property of the object names its owner',
      view(
        'Owned',
        '    def get(self, boat_id):\n        anchor = Anchor.query.get(boat_id)\n        if anchor.keeper != current_user.id:\n' +
          '            abort(404)\n        return jsonify(id=anchor.id)',
      ),
      false,
    ],
    [
      'a property that checks',
      view(
        'Owned',
        '    @cached_property\n    def boat(self):\n        return self.load(request.view_args["boat_id"])\n' +
          '    def get(self, boat_id):\n        return jsonify(name=self.boat.name)',
      ),
      false,
    ],
    [
      'a property that does not',
      view(
        'Base',
        '    @property\n    def boat(self):\n        return self.load(request.view_args["boat_id"])\n' +
          '    def get(self, boat_id):\n        return jsonify(name=self.boat.name)',
      ),
      true,
    ],
    [
      'a method that is chosen by its name',
      view(
        'Owned',
        '    def get(self, boat_id):\n        return getattr(self, "on_" + request.method)(boat_id)\n' +
          '    def on_GET(self, boat_id):\n        return jsonify(name=Boat.query.get(boat_id).name)',
      ),
      true,
    ],
    [
      'a method that another verb chooses',
      view(
        'Owned',
        '    def get(self, boat_id):\n        if request.method == "POST":\n            return jsonify(name=Boat.query.get(boat_id).name)\n' +
          '        return jsonify(name=self.load(boat_id).name)',
      ),
      false,
    ],
  ])('%s', async (_, views, isOpen) => {
    expect((await openIn(views)).length > 0).toBe(isOpen);
  });
});
