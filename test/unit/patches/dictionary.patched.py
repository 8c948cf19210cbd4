from flask import Flask, g, jsonify, request

app = Flask(__name__)
notes = {1: {'id': 1, 'owner': 'ada', 'text': 'a'}, 2: {'id': 2, 'owner': 'ben', 'text': 'b'}}


@app.get('/compared/<int:number>')
def read_compared(number):
    note = notes.get(number)
    if note is None or note['owner'] != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.get('/notes/<int:number>')
def read_note(number):
    note = notes.get(number)
    if note is None or note.get('owner') != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.get('/direct/<int:number>')
def read_direct(number):
    note = notes.get(number)
    if note is None or note.get('owner') != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.delete('/notes/<int:number>')
def drop_note(number):
    if (notes.get(number) or {}).get('owner') != g.user_id:
        return jsonify(error='not found'), 404
    notes.pop(number)
    return '', 204


@app.get('/held/<int:number>')
def read_held(number):
    note = notes.get(number)
    if note is None or note.get('owner') != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])
