from flask import Flask, jsonify
from flask_login import current_user, login_required
from flask_pymongo import PyMongo

app = Flask(__name__)
mongo = PyMongo(app)


@app.get('/notes')
@login_required
def list_notes():
    return jsonify([note['text'] for note in mongo.db.notes.find({'owner': current_user.id})])


@app.get('/notes/<note_id>')
@login_required
def read_note(note_id):
    note = mongo.db.notes.find_one_or_404({'_id': note_id, 'owner': current_user.id})
    return jsonify(text=note['text'])
