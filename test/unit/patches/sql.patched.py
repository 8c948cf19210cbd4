import psycopg
from flask import Flask, abort, g, jsonify, request
from sqlalchemy import text
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
connection = psycopg.connect('shop')


@app.get('/crates')
def list_crates():
    cursor = connection.cursor()
    cursor.execute('SELECT * FROM crates WHERE owner_id = %s', (g.user_id,))
    return jsonify([row['weight'] for row in cursor.fetchall()])


@app.get('/crates/<int:number>')
def read_crate(number):
    cursor = connection.cursor()
    cursor.execute('SELECT weight FROM crates WHERE id = %s AND owner_id = %s LIMIT %s', (number, g.user_id, 1))
    if cursor.rowcount == 0:
        abort(404)
    row = cursor.fetchone()
    return jsonify(weight=row['weight'])


@app.get('/named/<int:number>')
def read_named_crate(number):
    row = db.session.execute(text('SELECT weight FROM crates WHERE id = :number AND owner_id = :owner_id'), {'number': number, 'owner_id': g.user_id}).fetchone()
    if row is None:
        abort(404)
    return jsonify(weight=row['weight'])


@app.delete('/crates/<int:number>')
def drop_crate(number):
    cursor = connection.cursor()
    cursor.execute('DELETE FROM crates WHERE id = %s AND owner_id = %s', (number, g.user_id))
    if cursor.rowcount == 0:
        abort(404)
    connection.commit()
    return '', 204


def run(statement, values):
    cursor = connection.cursor()
    cursor.execute(statement, values)
    return cursor.fetchall()


@app.get('/helped/<int:number>')
def read_helped_crate(number):
    rows = run('SELECT weight FROM crates WHERE id = %s AND owner_id = %s', (number, g.user_id))
    return jsonify(weight=rows[0]['weight'])
