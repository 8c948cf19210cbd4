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
    if not note:
        return jsonify(error='not found'), 404
    return jsonify(text=note['text'])


@app.get('/direct/<int:number>')
def read_direct(number):
    return jsonify(text=notes[number]['text'])


@app.delete('/notes/<int:number>')
def drop_note(number):
    notes.pop(number)
    return '', 204


@app.get('/held/<int:number>')
def read_held(number):
    note = notes[number]
    return jsonify(text=note['text'])
