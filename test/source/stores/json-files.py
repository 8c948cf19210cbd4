"""Jars of jam that are kept in files: JSON that is read and written whole, shelves, and TinyDB."""

import json
import os
import shelve
import uuid
from pathlib import Path

from flask import Flask, abort, g, jsonify, request, session
from tinydb import Query, TinyDB, where

app = Flask(__name__)
FILE = 'jars.json'
SHELF = Path('data') / 'lids.json'
db = TinyDB('labels.json')
labels = db.table('labels')


def load_jars():
    if not os.path.exists(FILE):
        return []
    with open(FILE, 'r') as file:
        return json.load(file)


def save_jars(jars):
    with open(FILE, 'w') as file:
        json.dump(jars, file, indent=2)


def load_lids():
    return json.loads(SHELF.read_text())


def save_lids(lids):
    SHELF.write_text(json.dumps(lids))


@app.before_request
def know_caller():
    g.user = session.get('user')
    if not g.user:
        abort(401)


@app.post('/jars')
def add_jar():
    jars = load_jars()
    jars.append({'id': uuid.uuid4().hex, 'fruit': request.json['fruit'], 'owner': g.user})
    save_jars(jars)
    return '', 201


@app.get('/jars/<jar_id>')
def read_jar(jar_id):
    jar = next((jar for jar in load_jars() if jar['id'] == jar_id), None)  # finding: bola-open-lookup
    return jsonify(fruit=jar['fruit']) if jar else abort(404)


@app.get('/jars/<jar_id>/walked')
def read_walked(jar_id):
    for jar in load_jars():  # finding: bola-open-lookup
        if jar['id'] == jar_id:
            return jsonify(fruit=jar['fruit'])
    abort(404)


@app.get('/own/jars/<jar_id>')
def read_own_jar(jar_id):
    jar = next((jar for jar in load_jars() if jar['id'] == jar_id and jar['owner'] == g.user), None)
    return jsonify(fruit=jar['fruit']) if jar else abort(404)


@app.get('/own/jars/<jar_id>/compared')
def read_own_compared(jar_id):
    jar = next((jar for jar in load_jars() if jar['id'] == jar_id), None)
    if jar is None or jar['owner'] != g.user:
        abort(404)
    return jsonify(fruit=jar['fruit'])


@app.get('/own/jars')
def list_own_jars():
    return jsonify([jar['fruit'] for jar in load_jars() if jar['owner'] == g.user])


@app.get('/lids/<lid_id>')
def read_lid(lid_id):
    lids = load_lids()  # finding: bola-open-lookup
    if lid_id not in lids:
        abort(404)
    return jsonify(size=lids[lid_id]['size'])


@app.get('/own/lids/<lid_id>')
def read_own_lid(lid_id):
    lid = load_lids().get(lid_id)
    if lid is None or lid['owner'] != g.user:
        abort(404)
    return jsonify(size=lid['size'])


# TinyDB


@app.post('/labels')
def add_label():
    return jsonify(id=labels.insert({'text': request.json['text'], 'owner': g.user})), 201


@app.get('/labels/<int:label_id>')
def read_label(label_id):
    label = labels.get(doc_id=label_id)  # finding: bola-open-lookup
    return jsonify(text=label['text']) if label else abort(404)


@app.get('/labels/<label_id>/query')
def read_label_by_query(label_id):
    label = labels.get(Query().id == label_id)  # finding: bola-open-lookup
    return jsonify(text=label['text']) if label else abort(404)


@app.get('/labels/<label_id>/search')
def read_label_by_search(label_id):
    found = labels.search(where('id') == label_id)  # finding: bola-open-lookup
    return jsonify(text=found[0]['text']) if found else abort(404)


@app.get('/own/labels/<label_id>')
def read_own_label(label_id):
    Label = Query()
    label = labels.get((Label.id == label_id) & (Label.owner == g.user))
    return jsonify(text=label['text']) if label else abort(404)


@app.get('/own/labels/<int:label_id>/compared')
def read_own_label_compared(label_id):
    label = labels.get(doc_id=label_id)
    if label is None or label['owner'] != g.user:
        abort(404)
    return jsonify(text=label['text'])


@app.put('/labels/<int:label_id>')
def change_label(label_id):
    labels.update({'text': request.json['text']}, doc_ids=[label_id])  # finding: bola-open-lookup
    return '', 204


@app.put('/own/labels/<label_id>')
def change_own_label(label_id):
    labels.update({'text': request.json['text']}, (where('id') == label_id) & (where('owner') == g.user))
    return '', 204


@app.delete('/labels/<int:label_id>')
def drop_label(label_id):
    labels.remove(doc_ids=[label_id])  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/labels/<label_id>')
def drop_own_label(label_id):
    labels.remove((where('id') == label_id) & (where('owner') == g.user))
    return '', 204


# a shelf


@app.get('/shelves/<number>')
def read_shelf(number):
    with shelve.open('shelves') as shelves:
        return jsonify(shelves[number]['text'])  # finding: bola-open-lookup


@app.get('/own/shelves/<number>')
def read_own_shelf(number):
    with shelve.open('shelves') as shelves:
        shelf = shelves.get(number)
    if shelf is None or shelf['owner'] != g.user:
        abort(404)
    return jsonify(shelf['text'])


# settings are nobody's


@app.get('/settings/<name>')
def read_setting(name):
    with open('settings.json') as file:
        return jsonify(json.load(file).get(name))
