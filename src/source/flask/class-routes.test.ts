import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

async function routesOf(text: string): Promise<readonly string[]> {
  const { routes } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  return routes.map(({ methods, path, isAuthenticated }) => `${methods.join()} ${path}${isAuthenticated ? ' *' : ''}`).toSorted();
}

const head = 'from flask import Flask, Blueprint, request\nfrom flask.views import MethodView\napp = Flask(__name__)\n';

describe('routes of classes', () => {
  it.each([
    [
      'a loop over a table of views',
      `${head}class A(MethodView):\n    def get(self, b): pass\nclass B(MethodView):\n    def put(self): pass\nTABLE = [('/a/<b>', A), ('/b', B, 'bee')]\ndef register(owner, rows):\n    for row in rows:\n        if len(row) == 2:\n            rule, view = row\n            name = view.__name__\n        else:\n            rule, view, name = row\n        owner.add_url_rule(rule, view_func=view.as_view(name))\nclass Server:\n    def __init__(self, settings):\n        self.app = Flask(__name__)\n        bp = Blueprint('p', __name__, url_prefix='/v1')\n        register(bp, TABLE)\n        self.app.register_blueprint(bp)\n`,
      ['GET /v1/a/{b}', 'PUT /v1/b'],
    ],
    [
      'a blueprint of its own kind, and views that it makes of classes',
      `${head}made = {}\ndef view_of(kind):\n    if kind not in made:\n        def view(**values):\n            return kind().process()\n        made[kind] = view\n    return made[kind]\nclass Pages(Blueprint):\n    def __init__(self, *args, **kwargs):\n        self.prefix = None\n        super().__init__(*args, **kwargs)\n    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):\n        super().add_url_rule((self.prefix or '') + rule, endpoint, view_of(view_func), **options)\nclass Page:\n    def process(self):\n        return getattr(self, '_process_' + request.method)()\nclass Boat(Page):\n    def _process_GET(self): pass\n    def _process_PUT(self): pass\nbp = Pages('p', __name__, url_prefix='/boats')\nbp.add_url_rule('/<id>', 'boat', Boat, methods=('GET', 'PUT'))\napp.register_blueprint(bp)\n`,
      ['GET /boats/{id}', 'PUT /boats/{id}'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await routesOf(text)).toEqual(expected);
  });

  it('takes the rules of Flask-AppBuilder from the methods of what is added', async () => {
    const text = `
from flask_appbuilder import AppBuilder, BaseView, expose, has_access
from flask_appbuilder.api import BaseApi, protect
appbuilder = AppBuilder()

class BoatApi(BaseApi):
    resource_name = 'boats'
    @expose('/<int:boat_id>', methods=['PUT'])
    @protect()
    def change(self, boat_id):
        return 'x'
    @expose('/count')
    def count(self):
        return 'x'

class Harbour(BaseView):
    route_base = '/harbour'
    @expose('/list/', ('GET', 'POST'))
    @has_access
    def list_boats(self):
        return 'x'

class Unused(BaseView):
    @expose('/nothing')
    def nothing(self):
        return 'x'

appbuilder.add_api(BoatApi)
appbuilder.add_view(Harbour(), 'Harbour')
`;
    expect(await routesOf(text)).toEqual(['GET /api/v1/boats/count', 'GET,POST /harbour/list/ *', 'PUT /api/v1/boats/{boat_id} *']);
  });

  it('takes the rules of Flask-Admin under the address of the view', async () => {
    const text = `
from flask_admin import Admin, BaseView, expose
admin = Admin()
class Boats(BaseView):
    @expose('/')
    def index(self):
        return 'x'
admin.add_view(Boats(name='Boats', url='/staff/boats'))
`;
    expect(await routesOf(text)).toEqual(['GET /staff/boats/']);
  });

  it('lists the operations of resources of flask-rest-jsonapi, and follows their hooks', async () => {
    const text = `
from flask import Blueprint, Flask, abort
from flask_jwt_extended import jwt_required
from flask_rest_jsonapi import Api, ResourceDetail, ResourceList
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)
class Boat(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
v1 = Blueprint('v1', __name__, url_prefix='/v1')
api = Api(app, v1)
class Boats(ResourceList):
    data_layer = {'session': db.session, 'model': Boat}
class OneBoat(ResourceDetail):
    decorators = (jwt_required(),)
    def before_delete_object(self, boat, view_kwargs):
        if view_kwargs.get('harbour_id') is not None:
            abort(404)
        db.session.delete(Boat.query.filter_by(id=view_kwargs['id']).one())
api.route(Boats, 'boats', '/boats', '/harbours/<int:harbour_id>/boats')
api.route(OneBoat, 'boat', '/boats/<int:id>')
app.register_blueprint(v1)
`;
    expect(await routesOf(text)).toEqual([
      'DELETE /v1/boats/{id} *',
      'GET /v1/boats',
      'GET /v1/boats/{id} *',
      'GET /v1/harbours/{harbour_id}/boats',
      'PATCH /v1/boats/{id} *',
      'POST /v1/boats',
      'POST /v1/harbours/{harbour_id}/boats',
    ]);
    const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
    const grave = findings.filter(({ severity }) => severity === 'high' || severity === 'medium');
    expect(grave.map(({ check, operation }) => `${check} ${operation.method}`)).toEqual(['bola-open-lookup DELETE']);
  });
});
