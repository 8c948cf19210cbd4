import { matchesOf } from './open-access.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'bola-open-lookup',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'An object is looked up by an id from the client, and nothing ties it to the caller',
    risk: 'Whoever knows or guesses an id reads or changes the object of somebody else.',
    remedy: 'Put the owner into the query with the id, and answer an object of somebody else like one that does not exist.',
    cwe: [639],
    owasp: 'API1:2023',
  },
  match: (run, app) => matchesOf(run, app, 'lookup'),
  examples: [
    `
from flask import Flask, g, jsonify
from pymongo import MongoClient
from bson import ObjectId
app = Flask(__name__)
db = MongoClient()['shop']

@app.get('/letters/<letter_id>')
def read_letter(letter_id):
    letter = db.letters.find_one({'_id': ObjectId(letter_id)})  # finding
    if letter is None:
        return jsonify(error='not found'), 404
    return jsonify(letter)

@app.get('/own-letters/<letter_id>')
def read_own_letter(letter_id):
    letter = db.letters.find_one({'_id': ObjectId(letter_id), 'user_id': g.user_id})  # ok
    return jsonify(letter) if letter else (jsonify(error='not found'), 404)

@app.delete('/letters/<letter_id>')
def burn_letter(letter_id):
    db.letters.delete_one({'_id': ObjectId(letter_id)})  # finding
    return '', 204

@app.get('/compared/<letter_id>')
def read_compared(letter_id):
    letter = db.letters.find_one({'_id': ObjectId(letter_id)})  # ok
    if letter is None or letter['user_id'] != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(letter)

@app.get('/inverted/<letter_id>')
def read_inverted(letter_id):
    letter = db.letters.find_one({'_id': ObjectId(letter_id)})  # finding
    if letter['user_id'] == g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(letter)
`,
    `
from flask import Flask, abort, jsonify
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Report(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    text = db.Column(db.String)

def may_see(user, report):
    if report.owner_id == user.id:
        return True
    return False

@app.route('/reports/<int:report_id>')
@login_required
def read_report(report_id):
    report = Report.query.get_or_404(report_id)  # finding
    return jsonify(text=report.text)

@app.route('/guarded/<int:report_id>')
@login_required
def read_guarded(report_id):
    report = Report.query.get_or_404(report_id)  # ok
    if not may_see(current_user, report):
        abort(404)
    return jsonify(text=report.text)

@app.route('/reports/<int:report_id>', methods=['POST'])
@login_required
def change_report(report_id):
    report = db.session.get(Report, report_id)  # finding
    report.text = 'changed'
    db.session.commit()
    return jsonify(ok=True)

@app.route('/administered/<int:report_id>')
@login_required
def read_administered(report_id):
    report = Report.query.get_or_404(report_id)  # ok
    if report.owner_id != current_user.id and not current_user.is_admin:
        abort(403)
    return jsonify(text=report.text)

class ReportStore:
    model = Report

    @classmethod
    def load(cls, report_id):
        return cls.model.query.filter(cls.model.id == report_id).first()  # finding

    @staticmethod
    def load_own(report_id, user):
        return Report.query.filter_by(id=report_id, owner_id=user.id).first()  # ok

@app.route('/stored/<int:report_id>')
@login_required
def read_stored(report_id):
    return jsonify(text=ReportStore.load(report_id).text)

@app.route('/own-stored/<int:report_id>')
@login_required
def read_own_stored(report_id):
    return jsonify(text=ReportStore.load_own(report_id, current_user).text)

@app.route('/filtered/<int:report_id>')
@login_required
def read_filtered(report_id):
    report = Report.query.filter_by(id=report_id, owner_id=current_user.id).first_or_404()  # ok
    return jsonify(text=report.text)
`,
    `
from flask import Flask, jsonify, request
app = Flask(__name__)

@app.route('/bills/<bill_id>')
def read_bill(bill_id):
    key = request.headers.get('X-API-Key')
    if not key:
        return jsonify(error='key missing'), 401
    bill = load_bill_from_db(bill_id)  # finding
    if not bill:
        return jsonify(error='not found'), 404
    return jsonify(bill)

@app.route('/own-bills/<bill_id>')
def read_own_bill(bill_id):
    tenant = find_tenant_by_key(request.headers.get('X-API-Key'))
    if not tenant:
        return jsonify(error='forbidden'), 403
    bill = load_bill_from_db(bill_id, tenant_id=tenant['id'])  # ok
    return jsonify(bill) if bill else (jsonify(error='not found'), 404)
`,
    `
from flask import Flask, g, jsonify
from mongoengine import Document, StringField
from peewee import CharField, Model
app = Flask(__name__)

class Boat(Document):
    name = StringField()
    owner = StringField()

class Berth(Model):
    name = CharField()
    owner_id = CharField()

@app.get('/boats/<boat_id>')
def read_boat(boat_id):
    boat = Boat.objects(id=boat_id).first()  # finding
    return jsonify(name=boat.name)

@app.get('/own-boats/<boat_id>')
def read_own_boat(boat_id):
    boat = Boat.objects(id=boat_id, owner=g.user.id).first()  # ok
    return jsonify(name=boat.name)

@app.get('/berths/<berth_id>')
def read_berth(berth_id):
    berth = Berth.select().where(Berth.id == berth_id).first()  # finding
    return jsonify(name=berth.name)

@app.get('/own-berths/<berth_id>')
def read_own_berth(berth_id):
    berth = Berth.get((Berth.id == berth_id) & (Berth.owner_id == g.user.id))  # ok
    return jsonify(name=berth.name)
`,
    `
import sqlite3
from flask import Flask, g, jsonify
app = Flask(__name__)
connection = sqlite3.connect('shop.db')

@app.get('/crates/<int:number>')
def read_crate(number):
    row = connection.execute('SELECT * FROM crates WHERE id = ?', (number,)).fetchone()  # finding
    return jsonify(weight=row['weight'])

@app.get('/own-crates/<int:number>')
def read_own_crate(number):
    cursor = connection.cursor()
    cursor.execute('SELECT * FROM crates WHERE id = ? AND owner_id = ?', (number, g.user_id))  # ok
    return jsonify(weight=cursor.fetchone()['weight'])
`,
    `
import sqlite3
from functools import wraps
import jwt
from flask import Flask, jsonify, request
app = Flask(__name__)

def signed_in(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        return view(jwt.decode(request.headers.get('Authorization', ''), 'k', algorithms=['HS256']), *args, **kwargs)
    return wrapped

def rows(sql, values):
    return sqlite3.connect('bank.db').execute(sql, values).fetchall()

@app.get('/me')
@signed_in
def read_me(claims):
    found = rows('SELECT name, balance FROM customers WHERE id = ?', (claims['sub'],))
    return jsonify(name=found[0][0], balance=found[0][1])  # ok

@app.get('/balances/<number>')
def read_balance(number):
    found = rows('SELECT name, balance FROM customers WHERE number = ?', (number,))  # finding
    return jsonify(name=found[0][0], balance=found[0][1])

@app.get('/names/<number>')
def read_name(number):
    found = rows('SELECT name, balance FROM customers WHERE number = ?', (number,))  # finding, tentative
    return jsonify(name=found[0][0])

@app.get('/cards')
@signed_in
def list_cards(claims):
    return jsonify([{'id': row[0]} for row in rows('SELECT id FROM cards WHERE customer_id = ?', (claims['sub'],))])

@app.post('/cards/<int:card_id>/freeze')
@signed_in
def freeze(claims, card_id):
    rows('UPDATE cards SET frozen = 1 WHERE id = ?', (card_id,))  # finding
    return jsonify(ok=True)

@app.get('/shared/cards/<token>')
@signed_in
def read_shared(claims, token):
    return jsonify(rows('SELECT number FROM cards WHERE link = ?', (token,)))  # ok

@app.put('/cards/<int:card_id>/password')
@signed_in
def change_password(claims, card_id):
    rows('UPDATE cards SET pin = ? WHERE id = ?', (request.json['pin'], card_id))  # finding
    return jsonify(ok=True)

@app.post('/desk/cards/<int:card_id>/freeze')
@signed_in
def freeze_any(claims, card_id):
    if not claims.get('is_admin'):
        return jsonify(error='staff only'), 403
    rows('UPDATE cards SET frozen = 1 WHERE id = ?', (card_id,))  # finding, tentative
    return jsonify(ok=True)
`,
    `
import boto3
from flask import Flask, abort, g, jsonify, request
from tickets import check_token
app = Flask(__name__)
table = boto3.resource('dynamodb').Table('tickets')

@app.before_request
def who():
    g.user_id = check_token(request.headers.get('Authorization'))
    if not g.user_id:
        abort(401)

@app.get('/tickets/<ticket_id>')
def read_ticket(ticket_id):
    answer = table.get_item(Key={'id': ticket_id})  # finding
    if 'Item' not in answer:
        return jsonify(error='not found'), 404
    return jsonify(answer['Item'])

@app.get('/own-tickets/<ticket_id>')
def read_own_ticket(ticket_id):
    answer = table.get_item(Key={'id': ticket_id})  # ok
    if 'Item' not in answer or answer['Item']['user_id'] != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(answer['Item'])
`,
  ],
});
