import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

/** The paths that ask who is calling, when a hook decides it. */
async function authenticatedWith(hook: string): Promise<readonly string[]> {
  const text = `
from flask import Blueprint, Flask, abort, g, jsonify, request
from users import user_from_token
app = Flask(__name__)
api = Blueprint('api', __name__, url_prefix='/api')
OPEN = ['api.log_in', 'health']
OPEN_PATHS = {'/api/log-in', '/health'}

${hook}

@app.get('/health')
def health():
    return jsonify(ok=True)

@api.post('/log-in')
def log_in():
    return jsonify(ok=True)

@api.get('/boats/<int:boat_id>')
def read_boat(boat_id):
    return jsonify(ok=True)

app.register_blueprint(api)
`;
  const { routes } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  return routes.filter(({ isAuthenticated }) => isAuthenticated).map(({ path }) => path);
}

const refuse = `    g.user = user_from_token(request.headers.get('Authorization'))
    if g.user is None:
        abort(401)`;

describe('a hook that lets some routes pass', () => {
  it.each([
    ['by their endpoint', `@app.before_request\ndef check():\n    if request.endpoint in OPEN:\n        return\n${refuse}`],
    ['by their path', `@app.before_request\ndef check():\n    if request.path in OPEN_PATHS:\n        return\n${refuse}`],
    [
      'by the start of their path',
      `@app.before_request\ndef check():\n    if not request.path.startswith('/api/boats'):\n        return\n${refuse}`,
    ],
    [
      'by their method and blueprint',
      `@app.before_request\ndef check():\n    if request.method == 'POST' or request.blueprint != 'api':\n        return\n${refuse}`,
    ],
    [
      'by their rule',
      `@app.before_request\ndef check():\n    if str(request.url_rule.rule).endswith(('/health', '/log-in')):\n        return\n${refuse}`,
    ],
    [
      'by the endpoint that it is handed',
      `@app.url_value_preprocessor\ndef check(endpoint, values):\n    if endpoint == 'health' or endpoint == 'api.log_in':\n        return\n${refuse}`,
    ],
  ])('%s', async (_, hook) => {
    expect(await authenticatedWith(hook)).toEqual(['/api/boats/{boat_id}']);
  });

  it('which may be any of them', async () => {
    const hook = `@app.before_request\ndef check():\n    if request.path.startswith(request.args['open']):\n        return\n${refuse}`;
    expect(await authenticatedWith(hook)).toEqual([]);
  });
});
