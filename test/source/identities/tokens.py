"""Who calls, by a token: each library's own way, verified and not, and what is found by it."""

from functools import wraps

import jwt
from authlib.jose import JsonWebToken
from authlib.jose import jwt as authlib_jwt
from flask import Flask, abort, g, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    current_user,
    get_current_user,
    get_jwt,
    get_jwt_identity,
    jwt_required,
    verify_jwt_in_request,
)
from flask_sqlalchemy import SQLAlchemy
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jose import JWTError
from jose import jwt as jose_jwt

app = Flask(__name__)
db = SQLAlchemy(app)
JWTManager(app)
SECRET = app.config['SECRET_KEY']
serializer = URLSafeTimedSerializer(SECRET)


class Letter(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String)
    owner_id = db.Column(db.Integer)


class Account(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String)


def letter_of(letter_id, owner_id):
    return Letter.query.filter_by(id=letter_id, owner_id=owner_id).first_or_404()


# flask-jwt-extended


@app.get('/a/<int:letter_id>')
@jwt_required()
def extended(letter_id):
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/a/own/<int:letter_id>')
@jwt_required()
def extended_own(letter_id):
    return jsonify(text=letter_of(letter_id, get_jwt_identity()).text)


@app.get('/a/claims/<int:letter_id>')
@jwt_required()
def extended_claims(letter_id):
    return jsonify(text=letter_of(letter_id, get_jwt()['sub']).text)


@app.get('/a/user/<int:letter_id>')
@jwt_required()
def extended_user(letter_id):
    return jsonify(text=letter_of(letter_id, current_user.id).text)


@app.get('/a/got/<int:letter_id>')
@jwt_required(fresh=True)
def extended_got(letter_id):
    user = get_current_user()
    letter = Letter.query.get_or_404(letter_id)
    if letter.owner_id != user.id:
        abort(404)
    return jsonify(text=letter.text)


@app.get('/a/optional/<int:letter_id>')
@jwt_required(optional=True)
def extended_optional(letter_id):
    letter = Letter.query.get_or_404(letter_id)
    if letter.owner_id != get_jwt_identity():
        abort(404)
    return jsonify(text=letter.text)


@app.get('/a/optional/<int:letter_id>/any')
@jwt_required(optional=True)
def extended_optional_any(letter_id):
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.delete('/a/inside/<int:letter_id>')
def extended_inside(letter_id):
    verify_jwt_in_request()
    db.session.delete(Letter.query.get_or_404(letter_id))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.delete('/a/inside/own/<int:letter_id>')
def extended_inside_own(letter_id):
    verify_jwt_in_request()
    db.session.delete(letter_of(letter_id, get_jwt_identity()))
    db.session.commit()
    return '', 204


# PyJWT, in a decorator of the app's own


def token_required(view):
    @wraps(view)
    def decorated(*args, **kwargs):
        header = request.headers.get('Authorization', '')
        if not header.startswith('Bearer '):
            return jsonify(error='missing'), 401
        try:
            payload = jwt.decode(header.split(' ', 1)[1], SECRET, algorithms=['HS256'])
        except jwt.ExpiredSignatureError:
            return jsonify(error='expired'), 401
        except jwt.InvalidTokenError:
            return jsonify(error='invalid'), 401
        g.account_id = payload['sub']
        return view(*args, **kwargs)

    return decorated


def account_required(view):
    @wraps(view)
    def decorated(*args, **kwargs):
        token = request.headers.get('x-access-token')
        if not token:
            return jsonify(error='missing'), 401
        try:
            data = jwt.decode(token, SECRET, algorithms=['HS256'])
            account = Account.query.filter_by(id=data['id']).first()
        except Exception:
            return jsonify(error='invalid'), 401
        return view(account, *args, **kwargs)

    return decorated


@app.get('/b/<int:letter_id>')
@token_required
def pyjwt(letter_id):
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/b/own/<int:letter_id>')
@token_required
def pyjwt_own(letter_id):
    return jsonify(text=letter_of(letter_id, g.account_id).text)


@app.get('/b/handed/<int:letter_id>')
@account_required
def pyjwt_handed(account, letter_id):
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/b/handed/own/<int:letter_id>')
@account_required
def pyjwt_handed_own(account, letter_id):
    return jsonify(text=letter_of(letter_id, account.id).text)


@app.get('/b/unverified/<int:letter_id>')
def pyjwt_unverified(letter_id):
    payload = jwt.decode(request.headers['Authorization'], options={'verify_signature': False})  # finding: jwt-unverified
    return jsonify(text=letter_of(letter_id, payload['sub']).text)


@app.get('/b/unverified/flag/<int:letter_id>')
def pyjwt_unverified_flag(letter_id):
    payload = jwt.decode(request.headers['Authorization'], SECRET, verify=False)  # finding: jwt-unverified
    return jsonify(text=letter_of(letter_id, payload['sub']).text)


@app.get('/b/none/<int:letter_id>')
def pyjwt_none(letter_id):
    payload = jwt.decode(request.headers['Authorization'], SECRET, algorithms=['HS256', 'none'])  # finding: jwt-unverified
    return jsonify(text=letter_of(letter_id, payload['sub']).text)


@app.get('/b/header/<int:letter_id>')
def pyjwt_header(letter_id):
    token = request.headers['Authorization']
    algorithm = jwt.get_unverified_header(token)['alg']
    payload = jwt.decode(token, SECRET, algorithms=[algorithm])  # finding: jwt-unverified
    return jsonify(text=letter_of(letter_id, payload['sub']).text)


# python-jose


def whoami():
    try:
        return jose_jwt.decode(request.headers.get('Authorization', ''), SECRET, algorithms='HS256')['sub']
    except JWTError:
        abort(401)


@app.get('/c/<int:letter_id>')
def jose(letter_id):
    whoami()
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/c/own/<int:letter_id>')
def jose_own(letter_id):
    return jsonify(text=letter_of(letter_id, whoami()).text)


@app.get('/c/unverified/<int:letter_id>')
def jose_unverified(letter_id):
    claims = jose_jwt.get_unverified_claims(request.headers['Authorization'])  # finding: jwt-unverified
    return jsonify(text=letter_of(letter_id, claims['sub']).text)


# authlib


@app.get('/d/<int:letter_id>')
def authlib(letter_id):
    claims = authlib_jwt.decode(request.headers['Authorization'], SECRET)
    claims.validate()
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/d/own/<int:letter_id>')
def authlib_own(letter_id):
    claims = JsonWebToken(['RS256']).decode(request.headers['Authorization'], SECRET)
    return jsonify(text=letter_of(letter_id, claims['sub']).text)


# itsdangerous


@app.get('/e/<int:letter_id>')
def signed(letter_id):
    try:
        serializer.loads(request.cookies.get('who', ''), max_age=3600)
    except BadSignature:
        abort(401)
    return jsonify(text=Letter.query.get_or_404(letter_id).text)  # finding: bola-open-lookup


@app.get('/e/own/<int:letter_id>')
def signed_own(letter_id):
    try:
        who = serializer.loads(request.cookies.get('who', ''), max_age=3600)
    except BadSignature:
        abort(401)
    return jsonify(text=letter_of(letter_id, who['id']).text)


# somebody else's word for it


@app.get('/f/<int:letter_id>')
def trusted_header(letter_id):
    owner = request.args.get('user_id')
    return jsonify(text=letter_of(letter_id, owner).text)  # finding: bola-open-lookup
