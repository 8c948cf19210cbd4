import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

/** What a line that ends in `# high firm`, or in `# ok`, is found to be: the gravest of what is above low. */
async function grades(text: string): Promise<{ readonly wanted: readonly string[]; readonly found: readonly string[] }> {
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  const wanted = text.split('\n').flatMap((line, index) => {
    const mark = /# (high|medium) (firm|tentative)$/.exec(line);
    return mark ? [`${index + 1}: ${mark[1]} ${mark[2]}`] : [];
  });
  const found = findings
    .filter(({ severity }) => severity !== 'low' && severity !== 'info')
    .map(({ location, severity, confidence }) => `${location?.line}: ${severity} ${confidence}`);
  return { wanted, found: [...new Set(found)].toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)) };
}

const models = `
import logging
import smtplib
import requests
from flask import Flask, abort, jsonify, request, send_file
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from mailbox_client import MailboxClient
from werkzeug.security import check_password_hash
app = Flask(__name__)
db = SQLAlchemy(app)
log = logging.getLogger(__name__)

class Mailbox(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    host = db.Column(db.String)
    login = db.Column(db.String)
    password = db.Column(db.String)

class Letter(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    mailbox_id = db.Column(db.Integer)
    owner_id = db.Column(db.Integer)
    path = db.Column(db.String)
    subject = db.Column(db.String)

class Provider(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    slug = db.Column(db.String)
    api_key = db.Column(db.String)

@app.get('/mailboxes')
@login_required
def list_mailboxes():
    return jsonify([mailbox.host for mailbox in Mailbox.query.filter_by(owner_id=current_user.id)])

@app.get('/letters')
@login_required
def list_letters():
    return jsonify([letter.subject for letter in Letter.query.filter_by(owner_id=current_user.id)])

@app.post('/mailboxes/<int:mailbox_id>/name')
@login_required
def name_mailbox(mailbox_id):
    mailbox = Mailbox.query.filter_by(id=mailbox_id, owner_id=current_user.id).first_or_404()
    mailbox.host = 'named'
    return jsonify(ok=True)

@app.post('/letters/<int:letter_id>/name')
@login_required
def name_letter(letter_id):
    letter = Letter.query.filter_by(id=letter_id, owner_id=current_user.id).first_or_404()
    letter.subject = 'named'
    return jsonify(ok=True)
`;

const cases: Readonly<Record<string, string>> = {
  'a stored password that logs in somewhere': `
@app.post('/mailboxes/<int:mailbox_id>/test')
@login_required
def test_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)  # high firm
    smtplib.SMTP(mailbox.host).login(mailbox.login, mailbox.password)
    return jsonify(ok=True)
`,
  'a client that is made with a stored password, by name': `
@app.post('/mailboxes/<int:mailbox_id>/count')
@login_required
def count_letters(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)  # high firm
    client = MailboxClient(mailbox.host, credentials={'user': mailbox.login, 'secret': mailbox.password})
    return jsonify(ok=client.ping())
`,
  'a header that holds a stored password': `
@app.post('/mailboxes/<int:mailbox_id>/poke')
@login_required
def poke_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)  # high firm
    requests.post('https://mail.example/poke', headers={'Authorization': f'Bearer {mailbox.password}'})
    return jsonify(ok=True)
`,
  'an object that is sent somewhere, and holds no secret': `
@app.post('/letters/<int:letter_id>/print')
@login_required
def print_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # medium tentative
    printer.submit(letter.path)
    return jsonify(ok=True)
`,
  'a program that is stored, and run': `
@app.post('/letters/<int:letter_id>/run')
@login_required
def run_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    return jsonify(answer=Macro(letter.subject).run(question=request.json['question']))
`,
  'a statement with a foreign value': `
@app.post('/letters/<int:letter_id>/seen')
@login_required
def see_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # ok
    cursor.execute('INSERT INTO seen VALUES (?)', (letter.subject,))
    return jsonify(ok=True)
`,
  'a secret of an object that was found by another one': `
@app.post('/letters/<int:letter_id>/resend')
@login_required
def resend_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    mailbox = Mailbox.query.filter_by(id=letter.mailbox_id).first()
    MailboxClient(mailbox.host, password=mailbox.password)
    return jsonify(ok=True)
`,
  'a secret of what is the caller’s': `
@app.post('/mailboxes/<int:mailbox_id>/test')
@login_required
def test_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)
    if mailbox.owner_id != current_user.id:
        abort(404)
    smtplib.SMTP(mailbox.host).login(mailbox.login, mailbox.password)  # ok
    return jsonify(ok=True)
`,
  'a catalogue that is everybody’s': `
@app.post('/providers/<slug>/ping')
@login_required
def ping_provider(slug):
    provider = Provider.query.filter_by(slug=slug).first_or_404()
    MailboxClient('example', api_key=provider.api_key)  # ok
    return jsonify(ok=True)
`,
  'a setting of the app': `
@app.post('/providers/ping')
@login_required
def ping_default():
    provider = Provider.query.filter_by(slug='default').first_or_404()
    MailboxClient('example', api_key=provider.api_key)  # ok
    return jsonify(ok=True)
`,
  'what is logged, compared, measured, or written into text': `
@app.post('/mailboxes/<int:mailbox_id>/check')
@login_required
def check_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)
    log.info('checked %s', mailbox.password)  # ok
    if not check_password_hash(mailbox.password, 'x') or len(mailbox.password) < 8:
        abort(400)
    '{}'.format(mailbox.password)
    return jsonify(ok=True)
`,
  'a file that a foreign object names': `
@app.get('/letters/<int:letter_id>/file')
@login_required
def read_file(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    return send_file(letter.path)
`,
  'the caller’s rows under a foreign parent': `
@app.get('/mailboxes/<int:mailbox_id>/letters')
@login_required
def list_in_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)
    letters = Letter.query.filter_by(mailbox_id=mailbox.id, owner_id=current_user.id).all()  # ok
    return jsonify([letter.subject for letter in letters])
`,
  'rows of a foreign parent that are changed': `
@app.post('/mailboxes/<int:mailbox_id>/clear')
@login_required
def clear_mailbox(mailbox_id):
    mailbox = Mailbox.query.get_or_404(mailbox_id)  # high firm
    Letter.query.filter_by(mailbox_id=mailbox.id).delete()
    return jsonify(ok=True)
`,
  'a list of owners that is empty beside the caller': `
@app.get('/mailboxes/shared')
@login_required
def list_shared():
    mine = (Mailbox.owner_id.in_([])) | (Mailbox.owner_id == current_user.id)
    found = Mailbox.query.filter(mine).filter(Mailbox.host == request.args.get('host')).all()  # ok
    return jsonify([mailbox.host for mailbox in found])
`,
  'a list of owners that the client gives': `
@app.get('/mailboxes/shared')
@login_required
def list_shared():
    mine = (Mailbox.owner_id.in_(request.args.getlist('owners'))) | (Mailbox.owner_id == current_user.id)
    found = Mailbox.query.filter(mine).all()  # high firm
    return jsonify([mailbox.host for mailbox in found])
`,
  'a body that becomes a row, with its key and owner set': `
@app.post('/letters')
@login_required
def add_letter():
    sent = request.get_json()
    sent['id'] = make_id()
    sent['owner_id'] = current_user.id
    sent['mailbox_id'] = 1
    db.session.add(Letter(**sent))  # ok
    return jsonify(ok=True)
`,
  'a body of which some fields are left out': `
@app.put('/letters/<int:letter_id>')
@login_required
def put_letter(letter_id):
    sent = request.get_json()
    changes = {name: value for name, value in sent.items() if name not in ('id', 'owner_id')}
    Letter.query.filter_by(id=letter_id, owner_id=current_user.id).update(changes)  # high tentative
    return jsonify(ok=True)
`,
  'a body that becomes a row, and may name the owner': `
@app.post('/letters')
@login_required
def add_letter():
    sent = request.get_json()
    sent['id'] = make_id()
    db.session.add(Letter(**sent))  # high firm
    return jsonify(ok=True)
`,
  'a hook that lets other endpoints through': `
from flask import g, session
open_endpoints = ('login', 'read_help')

@app.url_value_preprocessor
def load_mailbox(endpoint, values):
    number = values.pop('mailbox_id', None)
    if number:
        mailbox = Mailbox.query.get(number)  # ok
        if session.get(mailbox.id) or endpoint == 'invited' or request.endpoint in open_endpoints:
            g.mailbox = mailbox
        else:
            abort(403)

@app.post('/mailboxes/<int:mailbox_id>/renamed')
def rename_mailbox():
    g.mailbox.host = 'renamed'
    return jsonify(ok=True)
`,
  'a flag that says whether the caller may': `
@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # ok
    allowed = False
    if letter.owner_id == current_user.id:
        allowed = True
    if not allowed:
        abort(403)
    letter.path = 'filed'
    return jsonify(ok=True)
`,
  'rules that know of themselves who asks': `
@app.get('/letters/<int:letter_id>/asked')
@login_required
def read_asked(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # ok
    if not rules.allowed_for_owner('view', letter.owner_id):
        abort(403)
    return jsonify(letter.subject)
`,
  'a test of what an object is like': `
@app.get('/letters/<int:letter_id>/asked')
@login_required
def read_asked(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    if not allowed_file(letter.path) or not can_fly(letter.subject):
        abort(403)
    return jsonify(letter.subject)
`,
  'a flag that is set for others, too': `
@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    allowed = False
    if letter.owner_id == current_user.id:
        allowed = True
    elif letter.subject == 'x':
        allowed = True
    if not allowed:
        abort(403)
    letter.path = 'filed'
    return jsonify(ok=True)
`,
  'a flag that is set the wrong way round': `
@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    refused = False
    if letter.owner_id == current_user.id:
        refused = True
    if refused:
        abort(403)  # high tentative
    letter.path = 'filed'
    return jsonify(ok=True)
`,
  'a flag that a loop sets': `
@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # ok
    found = None
    for mailbox in Mailbox.query.filter_by(owner_id=current_user.id):
        if mailbox.id == letter.mailbox_id:
            found = mailbox
            break
    if found is None:
        abort(403)
    letter.path = 'filed'
    return jsonify(ok=True)
`,
  'a loop that stops at a member that is not asked whose it is': `
@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    letter = Letter.query.get_or_404(letter_id)  # high firm
    found = None
    for mailbox in Mailbox.query.filter_by(owner_id=current_user.id):
        if mailbox.host == 'example':
            found = mailbox
            break
    if found is None:
        abort(403)
    letter.path = 'filed'
    return jsonify(ok=True)
`,
  'a list that a helper returns empty when the caller may not': `
def letters_of(letter_id):
    letter = Letter.query.filter_by(id=letter_id, owner_id=current_user.id).first()
    if not letter:
        return []
    return [letter.subject]

@app.post('/letters/<int:letter_id>/file')
@login_required
def file_letter(letter_id):
    if not letters_of(letter_id):
        abort(404)
    letter = Letter.query.get(letter_id)  # ok
    letter.path = 'filed'
    return jsonify(ok=True)
`,
};

describe('how grave and how sure', () => {
  it.each(Object.entries(cases))('%s', async (_, view) => {
    const { wanted, found } = await grades(models + view);
    expect(found).toEqual(wanted);
  });
});
