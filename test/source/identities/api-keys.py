"""Keys of an interface: compared, looked up, by prefix, hashed, signed."""

import base64
import hashlib
import hmac
import os
from flask import Flask, abort, g, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from pymongo import MongoClient

app = Flask(__name__)
db = SQLAlchemy(app)
mongo = MongoClient()['mills']
clients = {
    'north': {'id': 'north', 'name': 'Nord', 'api_key': 'first'},
    'south': {'id': 'south', 'name': 'Sued', 'api_key': 'second'},
}
KEYS = {'first': 'north', 'second': 'south'}
SECRET = os.environ['SECRET'].encode()
MASTER = os.environ['MASTER_KEY']


class Key(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    prefix = db.Column(db.String)
    digest = db.Column(db.String)
    client_id = db.Column(db.Integer)


class Mill(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    client_id = db.Column(db.Integer)


# compared


@app.get('/b/<int:mill_id>')
def compared(mill_id):
    if request.headers.get('X-Api-Key') != MASTER:  # low: timing-compare
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/b/digest/<int:mill_id>')
def compared_digest(mill_id):
    if not hmac.compare_digest(request.headers.get('X-Api-Key', ''), MASTER):
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


# looked up


def client_by_key():
    given = request.headers.get('X-Api-Key', '')
    for client in clients.values():
        if hmac.compare_digest(client['api_key'], given):
            return client
    return None


@app.get('/c/<int:mill_id>')
def looked_up(mill_id):
    if client_by_key() is None:
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/c/own/<int:mill_id>')
def looked_up_own(mill_id):
    client = client_by_key()
    if client is None:
        abort(401)
    return jsonify(name=Mill.query.filter_by(id=mill_id, client_id=client['id']).first_or_404().name)


@app.get('/c/mapped/<int:mill_id>')
def mapped(mill_id):
    client_id = KEYS.get(request.headers.get('X-Api-Key'))
    if not client_id:
        abort(401)
    return jsonify(name=Mill.query.filter_by(id=mill_id, client_id=client_id).first_or_404().name)


@app.get('/c/mapped/any/<int:mill_id>')
def mapped_any(mill_id):
    if request.headers.get('X-Api-Key') not in KEYS:
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/c/document/<int:mill_id>')
def looked_up_document(mill_id):
    client = mongo.clients.find_one({'api_key': request.headers.get('X-Api-Key')})
    if client is None:
        abort(401)
    mill = Mill.query.get_or_404(mill_id)
    if mill.client_id != client['_id']:
        abort(404)
    return jsonify(name=mill.name)


# hashed, and by prefix


def hashed(key):
    return hashlib.sha256(key.encode()).hexdigest()


@app.before_request
def know_key():
    given = request.headers.get('X-Api-Key')
    g.key = Key.query.filter_by(digest=hashed(given)).first() if given else None


@app.get('/d/<int:mill_id>')
def by_hash(mill_id):
    if g.key is None:
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/d/own/<int:mill_id>')
def by_hash_own(mill_id):
    if g.key is None:
        abort(401)
    return jsonify(name=Mill.query.filter_by(id=mill_id, client_id=g.key.client_id).first_or_404().name)


def verified_key():
    given = request.headers.get('X-Api-Key', '')
    prefix, _, secret = given.partition('.')
    key = Key.query.filter_by(prefix=prefix).first()
    if key is None or not hmac.compare_digest(key.digest, hashed(secret)):
        abort(401)
    return key


@app.get('/d/prefix/<int:mill_id>')
def by_prefix(mill_id):
    key = verified_key()
    return jsonify(name=Mill.query.filter_by(id=mill_id, client_id=key.client_id).first_or_404().name)


@app.get('/d/prefix/any/<int:mill_id>')
def by_prefix_any(mill_id):
    verified_key()
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


# signed


@app.post('/e/<client_id>/mills')
def signed(client_id):
    expected = hmac.new(SECRET, client_id.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get('X-Signature', '')):
        abort(401)
    db.session.add(Mill(name=request.json['name'], client_id=client_id))
    db.session.commit()
    return '', 201


@app.get('/e/<int:mill_id>/body')
def signed_body(mill_id):
    expected = base64.b64encode(hmac.new(SECRET, request.get_data(), hashlib.sha256).digest())
    if not hmac.compare_digest(expected, request.headers.get('X-Signature', '').encode()):
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup
