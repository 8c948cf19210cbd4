import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

/** The source of a memo board in Flask, as it would be written. What the server below does is what it says. */
export const memoBoardSource = `from flask import Blueprint, Flask, abort, g, jsonify, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['board']
board = Blueprint('board', __name__)


@app.before_request
def who():
    g.user = find_user_by_token(request.headers.get('Authorization'))


@app.post('/register')
def register():
    sent = request.get_json()
    db.users.insert_one({'username': str(sent['username']), 'password': digest(sent['password'])})
    return jsonify(ok=True), 201


@app.post('/login')
def log_in():
    sent = request.get_json()
    return jsonify(token=token_for(sent['username'], sent['password']))


@board.get('/memos')
def list_memos():
    if not g.user:
        abort(401)
    return jsonify([{'id': memo['id'], 'text': memo['text']} for memo in db.memos.find({'owner': g.user})])


@board.post('/memos')
def add_memo():
    if not g.user:
        abort(401)
    text = str(request.get_json()['text'])
    memo = {'id': next_number(), 'owner': g.user, 'text': text}
    db.memos.insert_one(memo)
    return jsonify(id=memo['id'], text=text), 201


@board.get('/memos/<int:memo_id>')
def read_memo(memo_id):
    if not g.user:
        abort(401)
    memo = db.memos.find_one({'id': memo_id, 'owner': g.user}, {'_id': 0})
    return jsonify(memo) if memo else (jsonify(error='not found'), 404)


@board.get('/sheet')
def print_sheet():
    if not g.user:
        abort(401)
    memo = db.memos.find_one({'id': int(request.args.get('ref', 0))})  # printed for anybody
    return jsonify(text=memo['text']) if memo else (jsonify(error='not found'), 404)


@board.get('/memos/<int:memo_id>/copy')
def copy_memo(memo_id):
    if not g.user:
        abort(401)
    memo = db.memos.find_one({'id': memo_id})  # copied for anybody
    return jsonify(text=memo['text']) if memo else (jsonify(error='not found'), 404)


@board.get('/archive/<int:year>/<int:memo_id>')
def read_archive(year, memo_id):
    if not g.user:
        abort(401)
    return jsonify(text=db.memos.find_one({'id': memo_id, 'year': year})['text'])  # of no memo yet


app.register_blueprint(board, url_prefix='/board')
`;

const answers = { 200: { description: 'done' } };
const token = [{ bearer: [] }];
const body = (...names: readonly string[]) => ({
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: { type: 'object', required: names, properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) },
      },
    },
  },
});

/** It leaves out the copies and the archive, and does not say what \`ref\` refers to. */
const description = {
  openapi: '3.0.3',
  info: { title: 'Memo board', version: '1' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/register': { post: { ...body('username', 'password'), responses: answers, security: [] } },
    '/login': { post: { ...body('username', 'password'), responses: answers, security: [] } },
    '/board/memos': {
      get: { responses: answers, security: token },
      post: { ...body('text'), responses: answers, security: token },
    },
    '/board/memos/{memo_id}': {
      get: {
        parameters: [{ name: 'memo_id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: answers,
        security: token,
      },
    },
    '/board/sheet': {
      get: { parameters: [{ name: 'ref', in: 'query', schema: { type: 'string' } }], responses: answers, security: token },
    },
  },
};

/** Serves the board on a free port of the loopback interface. */
export async function serveMemoBoard(isDescribed: boolean): Promise<{ readonly url: string; readonly close: () => Promise<unknown> }> {
  const users = new Map<string, string>();
  const memos: { readonly id: number; readonly owner: string; readonly text: string }[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const reply = (status: number, value: unknown): void => {
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://board');
      const sent = readJson(Buffer.concat(parts).toString('utf8'));
      const me = [...users.keys()].find((name) => incoming.headers.authorization === `Bearer token-of-${name}`);
      const [, memo, isCopy] = /^\/board\/memos\/(\d+)(\/copy)?$/.exec(pathname) ?? [];
      const found = (id: number, owner?: string): unknown =>
        memos.find((each) => each.id === id && (owner === undefined || each.owner === owner));
      const show = (value: unknown): void => (value === undefined ? reply(404, { error: 'not found' }) : reply(200, value));
      switch (`${incoming.method ?? ''} ${pathname}`) {
        case 'GET /openapi.json':
          return isDescribed ? reply(200, description) : reply(404, { error: 'not found' });
        case 'POST /register':
          if (users.has(sent['username'] ?? '')) return reply(409, { error: 'taken' });
          users.set(sent['username'] ?? '', sent['password'] ?? '');
          return reply(201, { ok: true });
        case 'POST /login':
          return users.get(sent['username'] ?? '') === sent['password'] && sent['password'] !== undefined
            ? reply(200, { token: `token-of-${sent['username'] ?? ''}` })
            : reply(401, { error: 'wrong password' });
      }
      if (!pathname.startsWith('/board/')) return reply(404, { error: 'not found' });
      if (me === undefined) return reply(401, { error: 'log in first' });
      if (pathname === '/board/memos' && incoming.method === 'POST') {
        if (typeof sent['text'] !== 'string') return reply(400, { error: 'text is required' });
        const made = { id: memos.length + 1, owner: me, text: sent['text'] };
        memos.push(made);
        return reply(201, { id: made.id, text: made.text });
      }
      if (incoming.method !== 'GET') return reply(405, { error: 'not allowed' });
      if (pathname === '/board/memos')
        return reply(
          200,
          memos.filter(({ owner }) => owner === me).map(({ id, text }) => ({ id, text })),
        );
      if (pathname === '/board/sheet') return show(found(Number(searchParams.get('ref') ?? 0)));
      if (memo !== undefined) return show(isCopy === undefined ? found(Number(memo), me) : found(Number(memo)));
      return reply(404, { error: 'not found' });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function readJson(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]))
      : {};
  } catch {
    return {};
  }
}
