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
