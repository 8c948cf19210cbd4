import { describe, expect, it } from 'vitest';
import { gradesOf } from '../../../test/support/graded-views.ts';

const cases: Readonly<Record<string, string>> = {
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

describe('what allows, and what may be written', () => {
  it.each(Object.entries(cases))('%s', async (_, view) => {
    const { wanted, found } = await gradesOf(view);
    expect(found).toEqual(wanted);
  });
});
