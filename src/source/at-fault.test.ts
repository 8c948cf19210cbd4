import { describe, expect, it } from 'vitest';
import { compareWith } from '../engine/baseline.ts';
import type { Finding, Report } from '../model/report.ts';
import { formats } from '../report/index.ts';
import { parseReport } from '../report/schema.ts';
import { analyzeFiles } from './analyze.ts';
import { reportOfSource } from './report-of-source.ts';

const start = `
from flask import Flask, abort, jsonify
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Card(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    text = db.Column(db.String)

def load(card_id):
    return Card.query.filter_by(id=card_id).first_or_404()

@app.get('/cards')
@login_required
def list_cards():
    return jsonify([card.text for card in Card.query.filter_by(owner_id=current_user.id)])
`;
const read = `
@app.get('/cards/<int:card_id>')
@login_required
def read_card(card_id):
    return jsonify(load(card_id).text)
`;
const print = `
@app.get('/printed/<int:card_id>')
@login_required
def print_card(card_id):
    return jsonify(printed=load(card_id).text)
`;
const audit = `
@app.get('/audited/<int:card_id>')
@login_required
def audit_card(card_id):
    if not current_user.is_admin:
        abort(403)
    return jsonify(load(card_id).text)
`;
const unread = { kind: 'source', standing: 'unproven', at: 'fault', rules: [], says: [], trace: [] } as const;
const plain = { colour: false, width: 120 };

async function reportOf(...parts: readonly string[]): Promise<Report> {
  const source = await analyzeFiles(
    { files: [{ path: 'app.py', text: [start, ...parts].join('\n') }], notes: [] },
    { only: ['bola-open-lookup'] },
  );
  return reportOfSource(source, { folder: '.', version: '0', startedAt: new Date(0) });
}

async function findingOf(...parts: readonly string[]): Promise<Finding> {
  const { findings } = await reportOf(...parts);
  const [only, ...others] = findings;
  if (!only || others.length > 0) throw new Error(`${findings.length} findings`);
  return only;
}

const names = (finding: Finding | undefined): readonly string[] =>
  (finding?.source?.views ?? []).map(({ method, path, function: name, severity }) => `${method} ${path} ${name} ${severity}`);

describe('a line that several views come by', () => {
  it('is one finding that names them all, the gravest first', async () => {
    const finding = await findingOf(audit, read, print);
    expect(finding).toMatchObject({ severity: 'high', operation: { path: '/cards/{card_id}' }, location: { function: 'load' } });
    expect(names(finding)).toEqual([
      'GET /cards/{card_id} read_card high',
      'GET /printed/{card_id} print_card high',
      'GET /audited/{card_id} audit_card low',
    ]);
  });

  it('has a fingerprint for each view, whichever others there are', async () => {
    const alone = await findingOf(print);
    const [, second] = (await findingOf(read, print)).source?.views ?? [];
    expect(alone.fingerprint).toBe(second?.fingerprint);
  });

  it('is new to a baseline when one of the views is', async () => {
    const [one, both, none] = [await reportOf(read), await reportOf(read, print), await reportOf()];
    expect(compareWith(both, one)).toMatchObject({ new: [{ location: { function: 'load' } }], known: [], gone: [] });
    expect(compareWith(one, both)).toMatchObject({ new: [], known: [{ location: { function: 'load' } }], gone: [] });
    expect(compareWith(none, both)).toMatchObject({ new: [], gone: [{ location: { function: 'load' } }] });
  });

  it('is known when it moved on to another view of the baseline', async () => {
    expect(compareWith(await reportOf(print), await reportOf(read, print))).toMatchObject({ new: [], gone: [] });
  });

  it('is as grave as it is for the new view', async () => {
    const { new: fresh } = compareWith(await reportOf(read, audit), await reportOf(read));
    expect(fresh.map(({ severity, confidence }) => [severity, confidence])).toEqual([['low', 'tentative']]);
  });

  it('is known to a report that named no views', async () => {
    const older = await reportOf(read);
    const findings = older.findings.map((finding): Finding => ({ ...finding, source: unread }));
    expect(compareWith(await reportOf(read, print), { ...older, findings })).toMatchObject({ new: [] });
  });

  it('shows in every format', async () => {
    const report = await reportOf(read, print, audit);
    expect(parseReport(formats.json(report, plain)).findings).toEqual(report.findings);
    expect(formats.summary(report, plain)).toContain('GET /cards/{card_id} and 2 more views');
    const pretty = formats.pretty(report, plain);
    expect(pretty).toContain('  GET /cards/{card_id} and 2 more views\n');
    expect(pretty).toMatch(
      /also in GET \/printed\/\{card_id\} {2}app\.py:\d+\n {10}GET \/audited\/\{card_id\} {2}app\.py:\d+ {2}low, tentative\n/,
    );
    expect(formats.html(report, plain)).toContain('<code>GET /printed/{card_id}</code>');
    const { runs } = JSON.parse(formats.sarif(report, plain)) as { runs: readonly { results: readonly { relatedLocations: unknown }[] }[] };
    expect(runs[0]?.results[0]?.relatedLocations).toMatchObject([
      { message: { text: expect.stringContaining('/cards') } },
      { message: { text: expect.stringContaining('GET /printed/{card_id} comes by the line') } },
      { message: { text: expect.stringContaining('GET /audited/{card_id} comes by the line') } },
    ]);
  });
});
