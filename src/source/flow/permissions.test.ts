import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

const head = `
from flask import Flask, abort, jsonify
from flask_login import current_user, login_required
from flask_principal import Permission, RoleNeed
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)
overseers = Permission(RoleNeed('overseer'))

class Report(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    team_id = db.Column(db.Integer)
    text = db.Column(db.String)

def admins_only(view):
    def wrapper(*args, **kwargs):
        if not lookup_flags(current_user):
            abort(403)
        return view(*args, **kwargs)
    return wrapper

def is_admin():
    return 'admin' in flags_of_session()

def check(report):
    if current_user.is_admin:
        return
    if report.owner_id != current_user.id:
        abort(404)

class Member(db.Model):
    user_id = db.Column(db.Integer, primary_key=True)
    report_id = db.Column(db.Integer)

def membership(report_id):
    if current_user.is_admin:
        return Member()
    return Member.query.filter(Member.user_id == current_user.id, Member.report_id == report_id).first()

def access_to(report_id):
    if membership(report_id) is None:
        return False, report_id, False
    if locked(report_id):
        return True, 1, True
    return False, report_id, True

class Rights:
    def skip(self):
        return False
`;

/** The severity of what is said of a view that loads a report and runs these lines before it answers. */
async function severityOf(lines: string, decorator = 'login_required'): Promise<string> {
  const body = lines
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
  const text = `${head}
@app.get('/own/<int:report_id>')
@login_required
def own(report_id):
    return jsonify(text=Report.query.filter_by(id=report_id, owner_id=current_user.id).first_or_404().text)

@app.get('/reports/<int:report_id>')
@${decorator}
def read(report_id):
    report = Report.query.get_or_404(report_id)
${body}    return jsonify(text=report.text)
`;
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  return findings.find(({ check, operation }) => check === 'bola-open-lookup' && operation.path.startsWith('/reports'))?.severity ?? 'none';
}

describe('roles beside ownership', () => {
  it.each([
    [
      'staff are not asked, all others are',
      'if not current_user.is_admin:\n    if report.owner_id != current_user.id:\n        abort(404)',
      'none',
    ],
    ['a helper that lets staff through first', 'check(report)', 'none'],
    ['a permission of the library beside the owner', 'if not overseers.can():\n    check(report)', 'none'],
    ['a permission of the library alone', 'if not overseers.can():\n    abort(403)', 'low'],
    ['a function whose name asks for the role', 'if not is_admin():\n    abort(403)', 'low'],
    ['a right to the object, asked of what is not in the source', 'if not rules.allowed_for_team(report.team_id):\n    abort(404)', 'none'],
    ['what a method never says', 'if not is_admin() and not Rights().skip():\n    abort(403)', 'low'],
    [
      'a row that says so, or staff, in one of three answers',
      'is_locked, number, may = access_to(report_id)\nif is_locked or not number:\n    abort(404)\nif not may:\n    abort(403)',
      'none',
    ],
    [
      'three answers of which the telling one is left out',
      'is_locked, number, may = access_to(report_id)\nif is_locked:\n    abort(404)',
      'high',
    ],
    ['staff are noted, and nobody is asked', 'if current_user.is_admin:\n    print(report)', 'high'],
    ['the others are asked for nothing', 'if not current_user.is_admin:\n    print(report)', 'high'],
    ['a file that is allowed', 'if not allowed_file(report.text):\n    abort(404)', 'high'],
  ])('%s', async (_, lines, severity) => {
    expect(await severityOf(lines)).toBe(severity);
  });

  it('takes the word of a decorator for staff that is looked into', async () => {
    expect(await severityOf('pass', 'admins_only')).toBe('low');
  });
});

describe('reading beside changing', () => {
  it.each([
    ["a change is only the owner's, and reading is everybody's", 'put', 'tentative'],
    ["reading is only the owner's in another view", 'get', 'firm'],
  ])('%s', async (_, verb, confidence) => {
    const text = `${head}
@app.${verb}('/own/<int:report_id>')
@login_required
def own(report_id):
    report = Report.query.get_or_404(report_id)
    if report.owner_id != current_user.id:
        abort(404)
    return jsonify(text=report.text)

@app.get('/reports/<int:report_id>')
@login_required
def read(report_id):
    return jsonify(text=Report.query.get_or_404(report_id).text)
`;
    const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
    expect(findings.find(({ check }) => check === 'bola-open-lookup')?.confidence).toBe(confidence);
  });
});
