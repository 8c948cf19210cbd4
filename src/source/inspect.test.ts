import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inspection } from './fixes/inspection.ts';
import { inspect, type Setting } from './inspect.ts';
import { nothingDeclared } from './project/declared.ts';
import { parseFiles, type ParsedFile } from './project/parse-files.ts';
import { rules } from './rules/index.ts';

const setting: Setting = { documents: [], declared: nothingDeclared, rules, notes: [] };
const fixtures = fileURLToPath(new URL('../../test/unit/patches', import.meta.url));
const names = readdirSync(fixtures).flatMap((name) => (/^[^.]+\.py$/.test(name) ? [name.slice(0, -3)] : []));

async function parsed(texts: Readonly<Record<string, string>>): Promise<Map<string, ParsedFile>> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return new Map((await parseFiles(files)).parsed.map((file) => [file.path, file]));
}

/** All that an analysis says, without how long it took. */
function said({ report }: Inspection): object {
  return { ...report, stats: undefined };
}

/** An app of several files: a factory, a blueprint, helpers that views share, decorators, hooks, a function that seeds. */
const app = {
  'shop/__init__.py': `
from flask import Flask, g, request
from .models import Person, db

def create_app():
    app = Flask(__name__)
    db.init_app(app)
    from .views import shop
    app.register_blueprint(shop, url_prefix='/shop')

    @app.before_request
    def who():
        g.person = Person.query.filter_by(token=request.headers.get('Authorization')).first()

    @app.get('/status')
    def status():
        return {'ok': True}

    return app
`,
  'shop/models.py': `
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()

class Person(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    token = db.Column(db.String)

class Loan(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    book = db.Column(db.String)

    def shown(self):
        return {'book': self.book, 'owner': self.owner_id}

def seed():
    db.session.add(Loan(owner_id=1, book='A'))
    db.session.commit()
`,
  'shop/access.py': `
from functools import wraps
from flask import abort, g
from .models import Loan, db

def signed_in(view):
    @wraps(view)
    def inner(*args, **kwargs):
        if g.person is None:
            abort(401)
        return view(*args, **kwargs)
    return inner

def own_loan(loan_id):
    loan = db.session.get(Loan, loan_id)
    if loan is None or loan.owner_id != g.person.id:
        abort(404)
    return loan

def any_loan(loan_id):
    return db.session.get(Loan, loan_id)
`,
  'shop/views.py': `
from flask import Blueprint, g, jsonify, request
from .access import any_loan, own_loan, signed_in
from .models import Loan, db
shop = Blueprint('shop', __name__)

@shop.get('/loans/<int:loan_id>')
@signed_in
def read_loan(loan_id):
    loan = any_loan(loan_id)
    return jsonify(loan.shown())

@shop.put('/loans/<int:loan_id>')
@signed_in
def change_loan(loan_id):
    loan = own_loan(loan_id)
    loan.book = request.json['book']
    db.session.commit()
    return jsonify(book=loan.book)

@shop.delete('/loans/<int:loan_id>')
@signed_in
def drop_loan(loan_id):
    Loan.query.filter_by(id=loan_id).delete()
    db.session.commit()
    return '', 204

@shop.post('/loans')
@signed_in
def create_loan():
    loan = Loan(owner_id=g.person.id, book=request.json.get('book'))
    db.session.add(loan)
    db.session.commit()
    return jsonify(id=loan.id)

@shop.get('/loans')
@signed_in
def list_loans():
    return jsonify([loan.book for loan in sorted(Loan.query.filter_by(owner_id=g.person.id), key=lambda each: each.book)])
`,
} as const;

type Edit = (lines: string[], at: number) => string[];

/** What may become of a line: it goes, comes twice, takes another's place, or gets one before it, with the same indentation. */
const edits: readonly Edit[] = [
  (lines, at) => lines.toSpliced(at, 1),
  (lines, at) => lines.toSpliced(at, 0, lines[at] ?? ''),
  (lines, at) => lines.toSpliced(at, 1, lines[at + 1] ?? '', lines[at] ?? '').toSpliced(at + 2, 1),
  ...[
    'abort(404)',
    'loan = own_loan(loan_id)',
    "g.extra = request.args['x']",
    'pass',
    '# a remark',
    'return jsonify(Loan.query.get(7).shown())',
  ].map(
    (text): Edit =>
      (lines, at) =>
        lines.toSpliced(at, 0, `${/^\s*/.exec(lines[at] ?? '')?.[0] ?? ''}${text}`),
  ),
  (lines) => ['from flask import abort', ...lines],
  (lines) => ['import hmac', ...lines],
  (lines, at) =>
    lines.with(at, (lines[at] ?? '').replace('any_loan(', 'own_loan(').replace('id=loan_id', 'id=loan_id, owner_id=g.person.id')),
];

const anEdit = fc.record({
  path: fc.constantFrom(...Object.keys(app)),
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  edit: fc.constantFrom(...edits),
});

function edited(text: string, { at, edit }: { readonly at: number; readonly edit: Edit }): string {
  const lines = text.split('\n');
  return edit(lines, Math.floor(at * lines.length)).join('\n');
}

describe('an analysis that goes on after a change', () => {
  it('says what an analysis from the beginning says, change by change', { timeout: 60_000 }, async () => {
    const first = inspect(await parsed(app), setting);
    let quick = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anEdit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), async (steps) => {
        let inspection = first;
        for (const step of steps) {
          const texts = new Map([...inspection.files].map(([path, { text }]) => [path, text]));
          for (const each of step) texts.set(each.path, edited(texts.get(each.path) ?? '', each));
          const changed = [...(await parsed(Object.fromEntries(texts))).values()].filter(
            ({ path, text }) => inspection.files.get(path)?.text !== text,
          );
          if (inspection.quicklyAfter(changed)) quick += 1;
          inspection = inspection.after(changed);
          expect(said(inspection)).toEqual(said(inspect(inspection.files, setting)));
        }
      }),
      { numRuns: 60 },
    );
    expect(quick).toBeGreaterThan(20);
  });

  it('goes through what a patch touches only', async () => {
    const first = inspect(await parsed(app), setting);
    const views = app['shop/views.py'].replace('any_loan(loan_id)', 'own_loan(loan_id)');
    const next = first.quicklyAfter([...(await parsed({ 'shop/views.py': views })).values()]);
    const others = first.app.runs.filter(({ route }) => route.code.name !== 'read_loan');
    expect(next?.problems.map(({ finding }) => finding.location?.function)).not.toContain('read_loan');
    expect(others.filter((run) => next?.app.runs.includes(run) === true).length).toBe(others.length);
  });

  it.each(names)('reaches the patched %s from the original, and back', async (name) => {
    const before = await parsed({ 'app.py': readFileSync(`${fixtures}/${name}.py`, 'utf8') });
    const after = await parsed({ 'app.py': readFileSync(`${fixtures}/${name}.patched.py`, 'utf8') });
    const [first, last] = [inspect(before, setting), inspect(after, setting)];
    expect(said(first.after([...after.values()]))).toEqual(said(last));
    expect(said(last.after([...before.values()]))).toEqual(said(first));
  });
});
