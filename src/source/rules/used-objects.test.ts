import { describe, expect, it } from 'vitest';
import { gradesOf } from '../../../test/support/graded-views.ts';

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
};

describe('what somebody else’s object is used for', () => {
  it.each(Object.entries(cases))('%s', async (_, view) => {
    const { wanted, found } = await gradesOf(view);
    expect(found).toEqual(wanted);
  });
});
