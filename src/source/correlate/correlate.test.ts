import { describe, expect, it } from 'vitest';
import type { Answer } from '../../model/http.ts';
import type { Operation, Surface } from '../../model/operation.ts';
import type { Finding } from '../../model/report.ts';
import { analyzeFiles } from '../analyze.ts';
import { checks } from '../../checks/index.ts';
import { rules } from '../rules/index.ts';
import { rulesBehind } from './explains.ts';
import { readingOf, readingSchema, type SourceReading } from './reading.ts';
import { createViews, type Views } from './views.ts';

const app = `
from flask import Flask, Blueprint, g, jsonify, request
from pymongo import MongoClient
app = Flask(__name__)
api = Blueprint('api', __name__, url_prefix='/api')
db = MongoClient()['shop']

@app.before_request
def who():
    g.user_id = find_user_by_token(request.headers.get('Authorization'))

def load(note_id):
    return db.notes.find_one({'_id': note_id})  # the fault of both

@api.route('/notes/<note_id>', methods=['GET', 'PUT', 'DELETE'])
def note(note_id):
    if request.method == 'PUT':
        db.notes.update_one({'_id': note_id}, {'$set': {'text': str(request.json['text'])}})  # changes
        return jsonify(ok=True)
    if request.method == 'DELETE':
        db.notes.delete_one({'_id': note_id})  # deletes
        return '', 204
    return jsonify(text=load(note_id)['text'])

@api.get('/printed/<note_id>')
def printed(note_id):
    return jsonify(printed=load(note_id)['text'])

@api.get('/own/<note_id>')
def own(note_id):
    return jsonify(db.notes.find_one({'_id': note_id, 'user_id': g.user_id}, {'text': 1, '_id': 0}))  # right

@api.post('/notes')
def add():
    sent = request.get_json()
    db.notes.insert_one({'user_id': g.user_id, 'text': str(sent['text']), 'pages': int(sent.get('pages', 1))})
    return jsonify(ok=True), 201

@api.get('/health')
def health():
    return 'ok'

app.register_blueprint(api)
`;

function lineOf(words: string): number {
  return app.split('\n').findIndex((line) => line.includes(words)) + 1;
}

async function reading(): Promise<SourceReading> {
  return readingOf('.', await analyzeFiles({ files: [{ path: 'app.py', text: app }], notes: [] }));
}

function operation(id: string, more: Partial<Operation> = {}): Operation {
  const [method = '', path = ''] = id.split(' ');
  const source = { kind: 'openapi', document: 'openapi.json' } as const;
  return { id, method, path, tags: [], deprecated: false, parameters: [], responses: [], links: [], source, ...more };
}

function surface(...operations: readonly Operation[]): Surface {
  return { origin: 'http://127.0.0.1', operations, securitySchemes: {}, notes: [] };
}

function finding(check: string, id: string, url = ''): Finding {
  const [method = '', path = ''] = id.split(' ');
  const request = { method, url, headers: {} };
  return {
    fingerprint: `${check} ${id}`,
    check,
    category: 'bolaAuthorization',
    title: '',
    severity: 'high',
    confidence: 'certain',
    owasp: '',
    cwe: [],
    operation: { method, path },
    identities: {},
    proof: 'seen',
    evidence: url === '' ? [] : [{ label: '', as: 'bob', request, highlights: [] }],
    curl: '',
    remedy: '',
  };
}

function answer(method: string, path: string, status: number): Answer {
  const response = { status, headers: [], body: '{}', bytes: 2, truncated: false };
  return { kind: 'exchange', request: { method, origin: 'http://127.0.0.1', path, headers: [] }, response, startedAt: 0, ms: 1 };
}

async function joined(...operations: readonly Operation[]): Promise<{ views: Views; surface: Surface }> {
  const views = createViews(await reading(), 'http://127.0.0.1');
  return { views, surface: views.join(surface(...operations)) };
}

describe('correlation', () => {
  it('puts a proven finding at the line at fault, with the way there and the sibling that does it right', async () => {
    const { views } = await joined();
    const [found] = views.correlate([finding('foreign-object-read', 'GET /api/printed/{id}')]);
    expect(found?.location).toMatchObject({ file: 'app.py', line: lineOf('# the fault of both'), function: 'load' });
    expect(found?.source).toMatchObject({ standing: 'shown', at: 'fault', rules: expect.arrayContaining(['bola-open-lookup']) });
    expect(found?.source?.trace.map(({ line }) => line)).toEqual([
      lineOf('def printed'),
      lineOf('printed=load'),
      lineOf('# the fault of both'),
    ]);
    expect(found?.source?.sibling).toMatchObject({ line: lineOf('# right'), operation: 'GET /api/own/{note_id}' });
  });

  it.each([
    ['foreign-object-read', 'GET /api/notes/{note_id}', '# the fault of both'],
    ['foreign-object-change', 'PUT /api/notes/{note_id}', '# changes'],
    ['foreign-object-delete', 'DELETE /api/notes/{note_id}', '# deletes'],
  ])('tells in one view the line of a %s', async (check, id, words) => {
    const { views } = await joined();
    const [found] = views.correlate([finding(check, id)]);
    expect(found?.location?.line).toBe(lineOf(words));
  });

  it('lists a fault once: what a proof settled is not repeated, for whichever view it stands', async () => {
    const { views } = await joined();
    const ids = views
      .correlate([finding('foreign-object-read', 'GET /api/printed/{id}')])
      .filter(({ source }) => source?.standing === 'unproven');
    const places = ids.filter(({ check }) => check === 'bola-open-lookup').map(({ location }) => location?.line);
    expect(new Set(places)).toEqual(new Set([lineOf('# changes'), lineOf('# deletes')]));
  });

  it('keeps what no probe showed, and says why', async () => {
    const { views } = await joined();
    views.see(answer('GET', '/api/printed/7', 403));
    const says = (path: string): readonly string[] | undefined =>
      views.correlate([]).find(({ check, operation }) => check === 'bola-open-lookup' && operation.path === path)?.source?.says;
    expect(says('/api/notes/{note_id}')?.at(-1)).toMatch(/^No probe reached/);
    views.see(answer('PUT', '/api/notes/7', 200));
    expect(says('/api/notes/{note_id}')?.at(-1)).toMatch(/^Probes reached the view/);
  });

  it('names the view alone where no rule explains the finding, and nothing where the source has no view', async () => {
    const { views } = await joined();
    const [odd, unknown] = views.correlate([
      finding('session-fixation', 'POST /api/notes'),
      finding('foreign-object-read', 'GET /elsewhere'),
    ]);
    expect(odd).toMatchObject({ location: { line: lineOf('def add'), function: 'add' }, source: { at: 'view', rules: [] } });
    expect([unknown?.location, unknown?.source]).toEqual([undefined, undefined]);
  });

  it('finds the view by the request where the path of the operation is not the rule', async () => {
    const { views } = await joined();
    const [found] = views.correlate([finding('foreign-object-read', 'GET /shop/{name}/x', 'http://127.0.0.1/api/printed/7?x=1')]);
    expect(found?.location?.function).toBe('load');
  });
});

describe('the surface', () => {
  it('gets what the description omits, with paths, parameters and bodies', async () => {
    const { surface } = await joined(operation('GET /api/own/{id}'));
    expect(surface.operations.map(({ id }) => id)).toEqual([
      'GET /api/own/{id}',
      'GET /api/notes/{note_id}',
      'PUT /api/notes/{note_id}',
      'DELETE /api/notes/{note_id}',
      'GET /api/printed/{note_id}',
      'POST /api/notes',
      'GET /api/health',
    ]);
    const add = surface.operations.find(({ id }) => id === 'POST /api/notes');
    const [content] = add?.body?.contents ?? [];
    expect([...(content?.schema?.properties ?? [])].map(([name, { types }]) => [name, types])).toEqual([
      ['text', []],
      ['pages', ['integer']],
    ]);
    expect([...(content?.schema?.required ?? [])]).toEqual(['text']);
    expect(surface.notes.join()).toMatch(/6 operations are in the source and not described: GET \/api\/notes\/\{note_id\}/);
  });

  it('is told where to look: which parameter names what, and what is suspected', async () => {
    const { surface } = await joined(operation('GET /api/printed/{x}'));
    expect(surface.operations[0]?.hints).toMatchObject({
      view: { function: 'printed' },
      suspects: ['bola-open-lookup'],
      keys: [{ in: 'path', name: 'note_id', type: 'note', field: '_id' }],
    });
  });

  it('stands under the path that the user gave, where the source does not know of it', async () => {
    const views = createViews(await reading(), 'http://127.0.0.1/mounted/');
    expect(views.join(surface()).operations[0]?.path).toBe('/mounted/api/notes/{note_id}');
    const same = createViews(await reading(), 'http://127.0.0.1/api');
    expect(same.join(surface()).operations[0]?.path).toBe('/api/notes/{note_id}');
  });
});

describe('coverage', () => {
  it('lists the views that answered no request with what was asked for', async () => {
    const { views } = await joined();
    for (const [method, path, status] of [
      ['GET', '/api/health', 200],
      ['GET', '/api/own/1', 404],
      ['GET', '/api/own/2', 200],
      ['GET', '/api/printed/1', 401],
      ['POST', '/api/notes', 500],
      ['GET', '/nowhere', 200],
    ] as const)
      views.see(answer(method, path, status));
    expect(views.coverage()?.unreached.map(({ function: name, got }) => [name, got])).toEqual([
      ['note', 'not-tried'],
      ['printed', 'refused'],
      ['add', 'failed'],
    ]);
  });
});

it('a recording can hold a reading', async () => {
  const kept: unknown = JSON.parse(JSON.stringify(await reading()));
  expect(readingSchema.parse(kept)).toEqual(await reading());
  expect(readingSchema.safeParse({ folder: '.' }).success).toBe(false);
});

it('only checks and rules that there are explain each other', () => {
  const known = [new Set(checks.map(({ id }) => id)), new Set(rules.map(({ id }) => id))] as const;
  expect(Object.keys(rulesBehind).filter((id) => !known[0].has(id))).toEqual([]);
  expect(
    Object.values(rulesBehind)
      .flat()
      .filter((id) => !known[1].has(id)),
  ).toEqual([]);
});

it('without source, nothing is added', () => {
  const views = createViews(undefined, 'http://127.0.0.1');
  const plain = surface(operation('GET /x'));
  expect([views.join(plain), views.correlate([]), views.coverage()]).toEqual([plain, [], undefined]);
});
