import { describe, expect, it } from 'vitest';
import { analyzeFiles, type SourceRoute } from '../analyze.ts';
import { readRule } from './routes.ts';

async function routesIn(text: string, others: Readonly<Record<string, string>> = {}): Promise<readonly SourceRoute[]> {
  const files = Object.entries({ 'app.py': text, ...others }).map(([path, each]) => ({ path, text: each }));
  return (await analyzeFiles({ files, notes: [] })).routes;
}

async function named(text: string, others?: Readonly<Record<string, string>>): Promise<string[]> {
  return (await routesIn(text, others)).map(({ methods, path }) => `${methods.join(',')} ${path}`).toSorted();
}

const head = 'from flask import Flask, Blueprint\nfrom flask.views import MethodView\napp = Flask(__name__)\n';

describe('routes', () => {
  it.each([
    ['route', `${head}@app.route('/a', methods=['POST', 'PUT'])\ndef a(): pass\n`, ['POST,PUT /a']],
    ['verbs', `${head}@app.delete('/a/<int:b>')\ndef a(b): pass\n`, ['DELETE /a/{b}']],
    [
      'text that is put together',
      `${head}V = 2\n@app.get('/v{}/{name}'.format(V, name='a'))\ndef a(): pass\n@app.get('/v%s/%s' % (V, 'b'))\ndef b(): pass\n`,
      ['GET /v2/a', 'GET /v2/b'],
    ],
    [
      'a prefix that a setting may add, and a method of the app that registers',
      `${head}import os\nfrom flask_restful import Api, Resource\ndef scoped(rule):\n    if os.environ.get('MANY'):\n        return '/<org>{}'.format(rule)\n    return rule\nclass Wide(Api):\n    def add_scoped(self, resource, *rules, **more):\n        rules = [scoped(rule) for rule in rules]\n        return self.add_resource(resource, *rules, **more)\napi = Wide(app)\nclass A(Resource):\n    def get(self, b): pass\napi.add_scoped(A, '/a/<b>')\n`,
      ['GET /a/{b}'],
    ],
    ['two rules', `${head}@app.get('/a')\n@app.get('/b')\ndef a(): pass\n`, ['GET /a', 'GET /b']],
    ['add_url_rule', `${head}def a(): pass\napp.add_url_rule('/a', view_func=a, methods=['POST'])\n`, ['POST /a']],
    [
      'nested blueprints',
      `${head}outer = Blueprint('o', __name__, url_prefix='/o')\ninner = Blueprint('i', __name__)\n@inner.get('/a')\ndef a(): pass\nouter.register_blueprint(inner, url_prefix='/i')\napp.register_blueprint(outer, url_prefix='/v1')\n`,
      ['GET /v1/i/a'],
    ],
    [
      'MethodView',
      `${head}class A(MethodView):\n    def get(self, b): pass\n    def delete(self, b): pass\napp.add_url_rule('/a/<b>', view_func=A.as_view('a'))\n`,
      ['DELETE /a/{b}', 'GET /a/{b}'],
    ],
    [
      'flask-restful',
      `${head}from flask_restful import Api, Resource\napi = Api(app)\nclass A(Resource):\n    def get(self, b): pass\napi.add_resource(A, '/a/<b>', '/c/<b>')\n`,
      ['GET /a/{b}', 'GET /c/{b}'],
    ],
    [
      'flask-restx',
      `${head}from flask_restx import Api, Namespace, Resource\napi = Api(app)\nns = Namespace('cats')\n@ns.route('/<id>')\nclass Cat(Resource):\n    def put(self, id): pass\napi.add_namespace(ns)\n`,
      ['PUT /cats/{id}'],
    ],
    [
      'flask-smorest',
      `${head}from flask_smorest import Api, Blueprint as B\napi = Api(app)\nblp = B('pets', __name__, url_prefix='/pets')\n@blp.route('/<id>')\nclass Pet(MethodView):\n    @blp.response(200)\n    def get(self, id): pass\napi.register_blueprint(blp)\n`,
      ['GET /pets/{id}'],
    ],
    ['APIFlask', `from apiflask import APIFlask\napp = APIFlask(__name__)\n@app.get('/a')\ndef a(): pass\n`, ['GET /a']],
    [
      'a factory',
      `from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    @app.get('/a')\n    def a(): pass\n    return app\n`,
      ['GET /a'],
    ],
    [
      'flask-restful with a prefix, and endpoints of one class',
      `${head}from flask_restful import Api, Resource\napi = Api(app, prefix='/v2')\nclass A(Resource):\n    def get(self, b=None): pass\n    def post(self): pass\napi.add_resource(A, '/a', '/a/<int:b>', endpoint='a')\n`,
      ['GET /v2/a', 'GET /v2/a/{b}', 'POST /v2/a', 'POST /v2/a/{b}'],
    ],
    [
      'flask-restx with models and a path',
      `${head}from flask_restx import Api, Namespace, Resource\napi = Api(app)\nns = Namespace('cats', path='/pets/cats')\nmodel = ns.model('Cat', {})\n@ns.route('/')\nclass Cats(Resource):\n    @ns.marshal_list_with(model)\n    def get(self): pass\n    @ns.expect(model)\n    def post(self): pass\n@ns.route('/<int:id>')\n@ns.param('id', 'the number')\nclass Cat(Resource):\n    @ns.doc('get_cat')\n    @ns.marshal_with(model)\n    def get(self, id): pass\napi.add_namespace(ns)\n`,
      ['GET /pets/cats/', 'GET /pets/cats/{id}', 'POST /pets/cats/'],
    ],
    [
      'flask-restx on the Api itself, under a blueprint',
      `${head}from flask_restx import Api, Resource\nbp = Blueprint('api', __name__, url_prefix='/api/v1')\napi = Api(bp)\n@api.route('/pigs/<id>', '/swine/<id>')\nclass Pig(Resource):\n    def delete(self, id): pass\napp.register_blueprint(bp)\n`,
      ['DELETE /api/v1/pigs/{id}', 'DELETE /api/v1/swine/{id}'],
    ],
    [
      'flask-smorest with functions, arguments and a prefix at registration',
      `${head}from flask_smorest import Api, Blueprint as B\nfrom marshmallow import Schema, fields\nclass PetBody(Schema):\n    name = fields.String(required=True)\napi = Api(app)\nblp = B('pets', __name__, url_prefix='/pets')\n@blp.route('/', methods=['POST'])\n@blp.arguments(PetBody)\n@blp.response(201, PetBody)\ndef add_pet(data): pass\n@blp.get('/<int:pet_id>')\n@blp.response(200, PetBody)\ndef read_pet(pet_id): pass\napi.register_blueprint(blp, url_prefix='/v3/pets')\n`,
      ['GET /v3/pets/{pet_id}', 'POST /v3/pets/'],
    ],
    [
      'APIFlask with blueprints, input and output',
      `from apiflask import APIFlask, APIBlueprint, Schema\nfrom apiflask.fields import Integer, String\nclass In(Schema):\n    name = String(required=True)\napp = APIFlask(__name__)\nbp = APIBlueprint('pets', __name__, url_prefix='/pets')\n@bp.post('/')\n@bp.input(In, location='json')\n@bp.output(In, status_code=201)\ndef add(json_data): pass\n@bp.route('/<int:number>')\nclass Pet(MethodView):\n    def get(self, number): pass\nfrom flask.views import MethodView\napp.register_blueprint(bp)\n`,
      ['GET /pets/{number}', 'POST /pets/'],
    ],
    ['no view at all', `${head}@app.errorhandler(404)\ndef a(e): pass\n@app.after_request\ndef b(r): return r\n`, []],
  ])('reads %s', async (_, text, expected) => {
    expect(await named(text)).toEqual(expected);
  });

  it('follows a blueprint from file to file', async () => {
    const views = "from flask import Blueprint\nbp = Blueprint('v', __name__)\n@bp.get('/a')\ndef a(): pass\n";
    const factory =
      "from flask import Flask\nfrom .views import bp\ndef create_app():\n    app = Flask(__name__)\n    app.register_blueprint(bp, url_prefix='/p')\n    return app\n";
    expect(await named('', { 'shop/__init__.py': factory, 'shop/views.py': views })).toEqual(['GET /p/a']);
  });

  it('knows a caller from a decorator, a hook and a base class', async () => {
    const text = `${head}from flask import abort, g, request
from flask_login import login_required
open_bp = Blueprint('o', __name__)
shut_bp = Blueprint('s', __name__)
@shut_bp.before_request
def ask():
    g.user = find_user_by_token(request.headers.get('Authorization'))
    if g.user is None:
        abort(401)
@open_bp.get('/open')
def read_open(): return 'x'
@shut_bp.get('/shut')
def read_shut(): return 'x'
@app.get('/login')
@login_required
def read_login(): return 'x'
class A(MethodView):
    decorators = [login_required]
    def get(self): return 'x'
app.add_url_rule('/class', view_func=A.as_view('a'))
app.register_blueprint(open_bp)
app.register_blueprint(shut_bp)
`;
    const known = (await routesIn(text)).map(({ path, isAuthenticated }) => [path, isAuthenticated]);
    expect(Object.fromEntries(known)).toEqual({ '/open': false, '/shut': true, '/login': true, '/class': true });
  });
});

describe('readRule', () => {
  it('takes converters and their arguments apart', () => {
    expect(readRule('/a/<int(min=1):b>/<c>')).toEqual({
      path: '/a/{b}/{c}',
      variables: [
        { name: 'b', converter: 'int' },
        { name: 'c', converter: undefined },
      ],
    });
  });
});

describe('connexion', () => {
  const views = `
from flask import jsonify, request
from pymongo import MongoClient
db = MongoClient()['shop']

def search(limit=10, kind=None):
    return list(db.notes.find({'kind': kind}, {'text': 1}))

def read(note_id):
    return db.notes.find_one({'_id': note_id})

def add(body, user):
    db.notes.insert_one({'owner': user, 'text': body['text']})
    return 'ok', 201

class Admin:
    @staticmethod
    def wipe(): pass
`;
  const main = "import connexion\napp = connexion.App(__name__, specification_dir='spec')\napp.add_api('api.yaml')\n";
  const yaml = `
openapi: 3.0.1
servers: [{ url: 'http://localhost/base' }]
paths:
  /notes:
    get:
      operationId: app.views.search
      parameters: [{ name: kind, in: query, schema: { type: string } }]
    post:
      operationId: add
      x-openapi-router-controller: app.views
      security: [{ jwt: [] }]
  /notes/{note_id}:
    parameters: [{ $ref: '#/components/parameters/Note' }]
    get: { operationId: app.views.read, security: [{ jwt: [] }] }
    delete: { operationId: app.views.gone }
  /wipe:
    post: { operationId: app.views.Admin.wipe }
  /named:
    get: { operationId: justAName }
components:
  parameters:
    Note: { name: note_id, in: path, required: true, schema: { type: integer } }
`;
  const files = [
    { path: 'main.py', text: main },
    { path: 'app/views.py', text: views },
    { path: 'app/__init__.py', text: '' },
  ];
  const analysed = (text: string): ReturnType<typeof analyzeFiles> =>
    analyzeFiles({ files, documents: [{ path: 'spec/api.yaml', text }], notes: [] });

  it('takes its views from the description', async () => {
    const { views: found, notes } = await analysed(yaml);
    const known = found.map(({ methods, rule, view, isAuthenticated }) => `${methods.join()} ${rule} ${view.function} ${isAuthenticated}`);
    expect(known).toEqual([
      'GET /base/notes search false',
      'POST /base/notes add true',
      'GET /base/notes/<int:note_id> read true',
      'POST /base/wipe wipe false',
    ]);
    expect(notes).toEqual(['spec/api.yaml names app.views.gone, which the source does not have.']);
  });

  it('hands each view what connexion hands it', async () => {
    const { views: found, findings } = await analysed(yaml);
    expect(found[2]?.keys).toEqual([{ in: 'path', name: 'note_id', type: 'note', field: '_id' }]);
    expect(found[1]?.inputs).toMatchObject([{ in: 'json', name: 'text', required: true }]);
    expect(findings.map(({ check, operation }) => `${check} ${operation.method} ${operation.path}`)).toContain(
      'bola-open-lookup GET /base/notes/{note_id}',
    );
  });

  it.each([
    ["RestyResolver('app.api')", 'def search(): pass\ndef post(body): pass\ndef get(pet_id): pass\n'],
    [
      "MethodViewResolver('app.api', 'search')",
      'class PetsView:\n    def search(self): pass\n    def post(self, body): pass\n    def get(self, pet_id): pass\n',
    ],
  ])('looks where %s does', async (resolver, text) => {
    const described = 'openapi: 3.0.1\npaths:\n  /pets:\n    get: {}\n    post: {}\n  /pets/{pet_id}:\n    get: {}\n    delete: {}\n';
    const path = text.startsWith('class') ? 'app/api/__init__.py' : 'app/api/pets.py';
    const { views } = await analyzeFiles({
      files: [
        { path: 'main.py', text: `import connexion\napp = connexion.App(__name__)\napp.add_api('api.yaml', resolver=${resolver})\n` },
        { path, text },
      ],
      documents: [{ path: 'api.yaml', text: described }],
      notes: [],
    });
    expect(views.map(({ methods, rule, view }) => `${methods.join()} ${rule} ${view.function}`)).toEqual([
      'GET /pets search',
      'POST /pets post',
      'GET /pets/<pet_id> get',
    ]);
  });

  it('reads Swagger 2, and survives what is no description', async () => {
    const swagger = 'swagger: "2.0"\nbasePath: /v1\npaths:\n  /notes/{id}:\n    get: { operationId: app.views.read }\n';
    expect((await analysed(swagger)).views.map(({ rule }) => rule)).toEqual(['/v1/notes/<id>']);
    for (const text of ['openapi: [', 'openapi: 3\npaths: 7\n', 'openapi: 3\npaths: { /a: { get: { operationId: 7 } } }', '&a [*a]'])
      expect((await analysed(text)).views).toEqual([]);
  });
});

describe('inputs', () => {
  it('are known by place, type and need', async () => {
    const text = `${head}from flask import request
@app.post('/a')
def a():
    sent = request.get_json(silent=True) or request.form
    page = int(request.args.get('page', 1))
    changes = {name: sent[name] for name in ('title', 'text') if name in sent}
    return f"{sent['kind']} {float(sent.get('weight', 0))} {request.headers['X-Trace-Shop']} {request.files['scan']}"
`;
    const { views } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
    expect(views[0]?.inputs.map((input) => `${input.in} ${input.name}${input.required ? '!' : ''} ${input.type ?? '?'}`)).toEqual([
      'query page integer',
      'json title ?',
      'json text ?',
      'json kind! ?',
      'json weight number',
      'header X-Trace-Shop! ?',
      'file scan! ?',
    ]);
  });

  it('come with the schema of a decorator', async () => {
    const text = `${head}from flask_smorest import Blueprint as B
from marshmallow import Schema, fields
class Paged(Schema):
    page = fields.Integer()
class Body(Paged):
    name = fields.String(required=True)
    done = fields.Bool()
    number = fields.Int(dump_only=True)
blp = B('p', __name__)
@blp.get('/a')
@blp.arguments(Paged, location='query')
def a(paged): pass
@blp.post('/b')
@blp.arguments(Body)
def b(data): pass
app.register_blueprint(blp)
`;
    const { views } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
    expect(
      views.map(({ inputs }) => inputs.map((input) => `${input.in} ${input.name}${input.required ? '!' : ''} ${input.type ?? '?'}`)),
    ).toEqual([['query page integer'], ['json page integer', 'json name! string', 'json done boolean']]);
  });
});
