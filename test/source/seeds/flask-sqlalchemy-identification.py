"""A choir's app: singers, sections and scores, with each check of the article in place and with it left out."""

import uuid

from flask import Flask, abort, g, jsonify
from werkzeug.exceptions import BadRequest

from choir.models import Score, Singer, db

app = Flask(__name__)


@app.route('/singers/<int:user_id>/profile')
def read_any_profile(user_id):
    singer = Singer.query.get(user_id)  # finding: bola-subject-as-key
    return {'id': singer.id, 'email': singer.email}


def singer_for_caller(user_id):
    singer = Singer.query.get(user_id)
    if singer is None:
        abort(404)
    if singer.id != g.user.id:
        abort(403)  # low: existence-leak
    return singer


@app.route('/own/singers/<int:user_id>/profile')
def read_profile(user_id):
    singer = singer_for_caller(user_id)
    return {'id': singer.id, 'name': singer.name}


@app.route('/sections/<int:org_id>/members')
def list_members(org_id):
    if not user_has_org_access(g.user.id, org_id):
        abort(403)
    members = db.session.query(Singer).filter(Singer.org_id == org_id).all()
    return [{'id': member.id, 'email': member.email} for member in members]


@app.route('/open/sections/<int:org_id>/members')
def list_any_members(org_id):
    members = db.session.query(Singer).filter(Singer.org_id == org_id).all()  # finding: bola-subject-as-key
    return [{'id': member.id, 'email': member.email} for member in members]


@app.route('/scores/<score_id>')
def read_score(score_id):
    try:
        number = uuid.UUID(score_id)
    except ValueError:
        abort(400)
    score = Score.query.get(number)
    if score is None or not user_can_access(g.user, score):
        abort(404)
    return jsonify({'id': str(score.id), 'title': score.title})


@app.before_request
def ask_for_scope():
    from flask import request

    if request.path.startswith('/secure') and not g.user.scopes:
        abort(401)


@app.route('/parts/<part_id>')
def read_part(part_id):
    if not isinstance(part_id, int) or part_id <= 0:  # finding: id-not-validated
        raise BadRequest('Invalid part identifier')
    part = Score.query.get(part_id)
    if part is None or part.owner_id != g.user.id:
        abort(404)
    return jsonify(part.serialize())
