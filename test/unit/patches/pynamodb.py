from flask import Flask, abort, g, jsonify
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

app = Flask(__name__)


class Note(Model):
    note_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    text = UnicodeAttribute()


@app.get('/compared/<note_id>')
def read_compared(note_id):
    note = Note.get(note_id)
    if note.owner_id != g.user_id:
        abort(404)
    return jsonify(text=note.text)


@app.get('/notes/<note_id>')
def read_note(note_id):
    note = Note.get(note_id)
    return jsonify(text=note.text)


@app.delete('/notes/<note_id>')
def drop_note(note_id):
    note = Note.get(note_id)
    note.delete()
    return '', 204
