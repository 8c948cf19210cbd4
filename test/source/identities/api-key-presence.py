"""Keys that are only asked whether they are there, and some that are held against something."""

import os
from functools import wraps

from flask import Flask, abort, jsonify, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
KEYS = os.environ['KEYS'].split(',')
ONE = 'kept-by-the-operator'


class Mill(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    customer_id = db.Column(db.Integer)


# only there


@app.get('/a/<int:mill_id>')
def only_there(mill_id):
    if 'X-Api-Key' not in request.headers:  # finding: key-presence-only
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/a/none/<int:mill_id>')
def only_not_none(mill_id):
    key = request.headers.get('X-Api-Key')
    if key is None or key == '':  # finding: key-presence-only
        return jsonify(error='key missing'), 401
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/a/length/<int:mill_id>')
def only_long(mill_id):
    key = request.headers.get('X-Api-Key', '')
    if len(key) < 10:  # finding: key-presence-only
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


def key_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        if not request.headers.get('Authorization'):  # finding: key-presence-only
            return jsonify(error='key missing'), 401
        return view(*args, **kwargs)

    return wrapped


@app.get('/a/decorated/<int:mill_id>')
@key_required
def only_decorated(mill_id):
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


# held against something


@app.get('/b/<int:mill_id>')
def one_of_several(mill_id):
    key = request.headers.get('X-Api-Key')
    if not key or key not in KEYS:
        abort(401)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup


@app.get('/b/one/<int:mill_id>')
def the_one(mill_id):
    key = request.headers.get('X-Api-Key')
    if key is None:
        abort(401)
    if key != ONE:
        abort(403)
    return jsonify(name=Mill.query.get_or_404(mill_id).name)  # finding: bola-open-lookup
