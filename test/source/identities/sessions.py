"""Who calls, by a session, by basic authentication, by hooks and by functions of the app's own."""

from functools import wraps

from flask import Blueprint, Flask, Response, abort, g, jsonify, redirect, request, session, url_for
from flask_httpauth import HTTPBasicAuth, HTTPTokenAuth, MultiAuth
from flask_login import LoginManager, current_user, fresh_login_required, login_required
from flask_sqlalchemy import SQLAlchemy
from werkzeug.local import LocalProxy
from werkzeug.security import check_password_hash

app = Flask(__name__)
db = SQLAlchemy(app)
basic = HTTPBasicAuth()
bearer = HTTPTokenAuth(scheme='Bearer')
both = MultiAuth(basic, bearer)
login_manager = LoginManager(app)
tokens = {'first': 'ada', 'second': 'ben'}


class Member(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    password_hash = db.Column(db.String)
    token = db.Column(db.String)


class Canoe(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    member_id = db.Column(db.Integer)
    member_name = db.Column(db.String)


@login_manager.user_loader
def load_user(user_id):
    return db.session.get(Member, user_id)


@basic.verify_password
def verify_password(name, password):
    member = Member.query.filter_by(name=name).first()
    if member and check_password_hash(member.password_hash, password):
        return member
    return None


@bearer.verify_token
def verify_token(token):
    return tokens.get(token)


# flask-httpauth


@app.get('/a/<int:canoe_id>')
@basic.login_required
def httpauth(canoe_id):
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/a/own/<int:canoe_id>')
@basic.login_required
def httpauth_own(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=basic.current_user().id).first_or_404().name)


@app.get('/a/token/<int:canoe_id>')
@bearer.login_required
def httpauth_token(canoe_id):
    canoe = Canoe.query.get_or_404(canoe_id)
    if canoe.member_name != bearer.current_user():
        abort(404)
    return jsonify(name=canoe.name)


@app.get('/a/both/<int:canoe_id>')
@both.login_required
def httpauth_both(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_name=both.username()).first_or_404().name)


# basic authentication by hand


@app.get('/b/<int:canoe_id>')
def by_hand(canoe_id):
    auth = request.authorization
    if not auth:
        return Response('who?', 401, {'WWW-Authenticate': 'Basic'})
    member = Member.query.filter_by(name=auth.username).first()
    if not member or not check_password_hash(member.password_hash, auth.password):
        return Response('no', 401)
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/b/own/<int:canoe_id>')
def by_hand_own(canoe_id):
    auth = request.authorization
    if not auth:
        return Response('who?', 401, {'WWW-Authenticate': 'Basic'})
    member = Member.query.filter_by(name=auth.username).first()
    if not member or not check_password_hash(member.password_hash, auth['password']):
        return Response('no', 401)
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=member.id).first_or_404().name)


# a session


@app.get('/c/<int:canoe_id>')
def by_session(canoe_id):
    if 'member_id' not in session:
        return redirect(url_for('login'))
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/c/own/<int:canoe_id>')
def by_session_own(canoe_id):
    if not session.get('member_id'):
        return redirect(url_for('login'))
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=session['member_id']).first_or_404().name)


@app.get('/c/compared/<int:canoe_id>')
def by_session_compared(canoe_id):
    canoe = Canoe.query.get_or_404(canoe_id)
    if canoe.member_id != session.get('member_id'):
        abort(404)
    return jsonify(name=canoe.name)


def signed_in(view):
    @wraps(view)
    def wrapped(**kwargs):
        if g.member is None:
            return redirect(url_for('login'))
        return view(**kwargs)

    return wrapped


@app.before_request
def load_member():
    member_id = session.get('member_id')
    g.member = db.session.get(Member, member_id) if member_id else None


@app.get('/d/<int:canoe_id>')
@signed_in
def by_context(canoe_id):
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/d/own/<int:canoe_id>')
@signed_in
def by_context_own(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=g.member.id).first_or_404().name)


# flask-login


@app.get('/e/<int:canoe_id>')
@fresh_login_required
def by_flask_user(canoe_id):
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/e/own/<int:canoe_id>')
@login_required
def by_flask_user_own(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=current_user.get_id()).first_or_404().name)


@app.get('/e/asked/<int:canoe_id>')
def by_flask_user_asked(canoe_id):
    if not current_user.is_authenticated:
        abort(401)
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/e/asked/own/<int:canoe_id>')
def by_flask_user_asked_own(canoe_id):
    if not current_user.is_authenticated:
        abort(401)
    canoe = Canoe.query.get_or_404(canoe_id)
    if canoe.member_id != current_user.id:
        abort(404)
    return jsonify(name=canoe.name)


# functions and proxies of the app's own


def current_member():
    token = request.headers.get('X-Token')
    member = Member.query.filter_by(token=token).first() if token else None
    if member is None:
        abort(401)
    return member


me = LocalProxy(current_member)


@app.get('/f/<int:canoe_id>')
def by_function(canoe_id):
    current_member()
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@app.get('/f/own/<int:canoe_id>')
def by_function_own(canoe_id):
    member = current_member()
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=member.id).first_or_404().name)


@app.get('/f/proxy/<int:canoe_id>')
def by_proxy(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=me.id).first_or_404().name)


# a blueprint behind a hook

members = Blueprint('members', __name__, url_prefix='/members')


@members.before_request
@login_required
def ask():
    """Everything here is for members."""


@members.get('/<int:canoe_id>')
def behind_hook(canoe_id):
    return jsonify(name=Canoe.query.get_or_404(canoe_id).name)  # finding: bola-open-lookup


@members.get('/own/<int:canoe_id>')
def behind_hook_own(canoe_id):
    return jsonify(name=Canoe.query.filter_by(id=canoe_id, member_id=current_user.id).first_or_404().name)


app.register_blueprint(members)
