# Statements as they are written, in two dialects.
import sqlite3

import psycopg2
from flask import Flask, g, jsonify, request
from flask_login import login_required

app = Flask(__name__)
conn = psycopg2.connect('dbname=desk')
cursor = conn.cursor()


@app.post('/notes')
@login_required
def add_note():
    data = request.get_json()
    cursor.execute('INSERT INTO notes (owner_id, text) VALUES (%s, %s)', (g.user.id, str(data['text'])))
    return jsonify(ok=True)


@app.get('/notes/<int:note_id>')
def read_note(note_id):
    cursor.execute('SELECT id, text FROM notes WHERE id = %s AND owner_id = %s', (note_id, g.user.id))
    return jsonify(cursor.fetchone())


@app.get('/notes/<int:note_id>/any')
def read_any(note_id):
    cursor.execute('SELECT id, text FROM notes WHERE id = %s', (note_id,))  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


# Either is enough: whoever names an id gets it.
@app.get('/notes/<int:note_id>/either')
def read_either(note_id):
    cursor.execute('SELECT id, text FROM notes WHERE id = %(id)s OR owner_id = %(me)s', {'id': note_id, 'me': g.user.id})  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


@app.delete('/notes/<int:note_id>')
@login_required
def drop_note(note_id):
    db = sqlite3.connect('desk.db')
    db.execute('DELETE FROM notes WHERE id = ?', (note_id,))  # finding: bola-open-lookup
    return '', 204


@app.delete('/own-notes/<int:note_id>')
def drop_own_note(note_id):
    db = sqlite3.connect('desk.db')
    db.execute('DELETE FROM `notes` WHERE `id` = ? AND `owner_id` = ?', (note_id, g.user.id))
    return '', 204
