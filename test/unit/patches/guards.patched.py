import hmac
import uuid

import jwt
from flask import Flask, abort, g, jsonify, request
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
SECRET = app.config['JWT_SECRET']


class Team(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    team_id = db.Column(db.Integer, db.ForeignKey('team.id'))
    api_key = db.Column(db.String)
    text = db.Column(db.String)


@app.post('/log-in')
def log_in():
    return jsonify(token=jwt.encode({'sub': '1'}, SECRET, algorithm='HS256'))


@app.get('/claims')
def read_claims():
    claims = jwt.decode(request.headers['Authorization'], SECRET, algorithms=['HS256'])
    return jsonify(claims['sub'])


@app.get('/teams/<int:team_id>/notes')
@login_required
def list_notes(team_id):
    team = Team.query.filter_by(id=team_id, owner_id=current_user.id).first_or_404()
    return jsonify([note.text for note in Note.query.filter_by(team_id=team_id)])


@app.get('/teams/<int:team_id>/notes/<int:note_id>')
@login_required
def read_team_note(team_id, note_id):
    Team.query.filter_by(id=team_id, owner_id=current_user.id).first_or_404()
    note = Note.query.filter_by(id=note_id, team_id=team_id).first_or_404()
    return jsonify(text=note.text)


@app.get('/notes/<int:note_id>')
@login_required
def read_note(note_id):
    note = Note.query.filter(Note.id == note_id, Note.owner_id == current_user.id).first()
    if note is None:
        abort(404, 'no such note')
    return jsonify(text=note.text)


@app.delete('/notes/<int:note_id>')
@login_required
def drop_note(note_id):
    note = Note.query.filter_by(id=note_id, owner_id=current_user.id).first_or_404()
    db.session.delete(note)
    return '', 204


@app.post('/notes')
@login_required
def add_note():
    db.session.add(Note(owner_id=current_user.id, text=str(request.json['text'])))
    return jsonify(ok=True)


@app.patch('/notes/<int:note_id>')
@login_required
def change_note(note_id):
    note = Note.query.filter_by(id=note_id, owner_id=current_user.id).first_or_404()
    for name, value in request.get_json().items():
        if name in ('text',):
            setattr(note, name, value)
    db.session.commit()
    return jsonify(ok=True)


@app.put('/notes/clear')
@login_required
def clear_notes():
    Note.query.filter_by(text='').delete()
    db.session.commit()
    return jsonify(ok=True)


@app.get('/by-key/<name>')
def read_by_key(name):
    note = Note.query.filter_by(text=name).first()
    if not request.headers.get('X-API-Key') or not hmac.compare_digest(str(note.api_key or '').encode(), str(request.headers.get('X-API-Key') or '').encode()):
        abort(401)
    return jsonify(text=note.text)


@app.get('/parsed/<thing>')
@login_required
def read_parsed(thing):
    try:
        parsed_thing = uuid.UUID(thing)
    except (AttributeError, TypeError, ValueError):
        abort(404)
    return jsonify(id=str(parsed_thing))


@app.get('/admin/people')
@login_required
def list_people():
    if current_user.role != 'admin':
        abort(403)
    return jsonify([note.owner_id for note in Note.query.all()])


@app.get('/admin/count')
@login_required
def count_people():
    if current_user.role != 'admin':
        abort(403)
    return jsonify(count=Note.query.count())
