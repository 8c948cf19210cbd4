import { analyzeFiles } from '../../src/source/index.ts';

/** Of an app for letters with one more view: what a line that ends in `# high firm`, or in `# ok`, is found to be: the gravest of what is above low. */
export async function gradesOf(view: string): Promise<{ readonly wanted: readonly string[]; readonly found: readonly string[] }> {
  const text = models + view;
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
