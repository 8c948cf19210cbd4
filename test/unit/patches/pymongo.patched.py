from bson import ObjectId
from bson.errors import InvalidId
from flask import Flask, abort, g, jsonify, request, session
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['shop']


@app.before_request
def know_caller():
    g.user_id = session.get('user_id')
    if g.user_id is None:
        abort(401)


@app.get('/notes')
def list_notes():
    return jsonify([note['text'] for note in db.notes.find({'owner': g.user_id})])


@app.post('/notes')
def add_note():
    data = request.get_json()
    db.notes.insert_one({'owner': g.user_id, 'text': str(data['text'])})
    return jsonify(ok=True)


@app.get('/notes/<note_id>')
def read_note(note_id):
    note = db.notes.find_one({'_id': note_id, 'owner': g.user_id})
    if note is None:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.get('/by-id/<note_id>')
def read_by_id(note_id):
    try:
        parsed_note_id = ObjectId(note_id)
    except (InvalidId, TypeError):
        return jsonify(error='not found'), 404
    note = db.notes.find_one({'_id': parsed_note_id, 'owner': g.user_id})
    if not note:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.get('/counted/<note_id>')
def summarise(note_id):
    found = list(db.notes.aggregate([{'$match': {'owner': g.user_id}}, {'$lookup': {'from': 'tags', 'localField': '_id', 'foreignField': 'note', 'as': 'tags'}}, {'$match': {'_id': note_id}}]))
    return jsonify(text=found[0]['text'])


@app.put('/notes/<note_id>')
def change_note(note_id):
    outcome = db.notes.update_one({'_id': note_id, 'owner': g.user_id}, {'$set': {'text': str(request.json['text'])}})
    if outcome.matched_count == 0:
        return jsonify(error='not found'), 404
    return jsonify(ok=True)


@app.delete('/notes/<note_id>')
def drop_note(note_id):
    outcome = db.notes.delete_one({'_id': note_id, 'owner': g.user_id})
    if outcome.deleted_count == 0:
        return jsonify(error='not found'), 404
    return '', 204
