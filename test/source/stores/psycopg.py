"""Orchards and their harvests, in statements for PostgreSQL."""

from contextlib import contextmanager

import psycopg
import psycopg2
import psycopg2.extras
from flask import Flask, abort, current_app, g, jsonify, request
from flask_login import current_user, login_required
from psycopg import sql
from psycopg.rows import class_row, dict_row
from psycopg2 import pool
from psycopg2.extras import RealDictCursor, execute_values
from psycopg_pool import ConnectionPool

app = Flask(__name__)
connections = pool.SimpleConnectionPool(1, 10, dsn='dbname=orchard')
async_pool = ConnectionPool('dbname=orchard')


def get_connection():
    if 'connection' not in g:
        g.connection = psycopg2.connect(current_app.config['DSN'], cursor_factory=RealDictCursor)
    return g.connection


@contextmanager
def opened():
    connection = psycopg2.connect(current_app.config['DSN'])
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def fetch_one(statement, parameters=None):
    with opened() as connection, connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(statement, parameters or ())
        return cursor.fetchone()


def fetch_all(statement, **parameters):
    with get_connection().cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def run(statement, *parameters):
    with opened() as connection:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.rowcount


@app.post('/orchards')
@login_required
def add():
    row = fetch_one(
        'INSERT INTO orchards (name, grower_id) VALUES (%s, %s) RETURNING id', (request.json['name'], current_user.id)
    )
    return jsonify(id=row['id']), 201


# read


@app.get('/orchards/<int:orchard_id>')
@login_required
def read(orchard_id):
    with psycopg2.connect('dbname=orchard') as connection:
        with connection.cursor() as cursor:
            cursor.execute('SELECT id, name FROM orchards WHERE id = %s', (orchard_id,))  # finding: bola-open-lookup
            row = cursor.fetchone()
    if row is None:
        abort(404)
    return jsonify(id=row[0], name=row[1])


@app.get('/orchards/<int:orchard_id>/dict')
@login_required
def read_dict(orchard_id):
    cursor = get_connection().cursor(cursor_factory=psycopg2.extras.RealDictCursor)
    cursor.execute("""SELECT name FROM orchards WHERE id = %(id)s""", {'id': orchard_id})  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


@app.get('/orchards/<int:orchard_id>/three')
@login_required
def read_three(orchard_id):
    with psycopg.connect('dbname=orchard', row_factory=dict_row) as connection:
        row = connection.execute('SELECT name FROM orchards WHERE id = %s', [orchard_id]).fetchone()  # finding: bola-open-lookup
    return jsonify(row)


@app.get('/orchards/<int:orchard_id>/pooled')
@login_required
def read_pooled(orchard_id):
    with async_pool.connection() as connection:
        with connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute('SELECT name FROM orchards WHERE id = %s', (orchard_id,)).fetchone()  # finding: bola-open-lookup
    return jsonify(row)


@app.get('/orchards/<int:orchard_id>/lent')
@login_required
def read_lent(orchard_id):
    connection = connections.getconn()
    try:
        cursor = connection.cursor()
        cursor.execute('SELECT name FROM orchards WHERE id = %s', (orchard_id,))  # finding: bola-open-lookup
        return jsonify(name=cursor.fetchone()[0])
    finally:
        connections.putconn(connection)


@app.get('/orchards/<int:orchard_id>/helper')
@login_required
def read_helper(orchard_id):
    row = fetch_one('SELECT name FROM orchards WHERE id = %s', (orchard_id,))  # finding: bola-open-lookup
    return jsonify(row) if row else abort(404)


@app.get('/orchards/<int:orchard_id>/composed')
@login_required
def read_composed(orchard_id):
    with get_connection().cursor() as cursor:
        query = sql.SQL('SELECT name FROM {table} WHERE {key} = %s').format(table=sql.Identifier('orchards'), key=sql.Identifier('id'))
        cursor.execute(query, (orchard_id,))  # finding: bola-open-lookup
        return jsonify(cursor.fetchone())


@app.get('/orchards/<int:orchard_id>/formatted')
@login_required
def read_formatted(orchard_id):
    cursor = get_connection().cursor()
    cursor.execute(f'SELECT name FROM orchards WHERE id = {orchard_id}')  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


@app.get('/orchards/<int:orchard_id>/concatenated')
@login_required
def read_concatenated(orchard_id):
    cursor = get_connection().cursor()
    cursor.execute('SELECT name FROM orchards WHERE id = ' + str(orchard_id))  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


@app.get('/own/orchards/<int:orchard_id>')
@login_required
def read_own(orchard_id):
    row = fetch_one('SELECT name FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id))
    return jsonify(row) if row else abort(404)


@app.get('/own/orchards/<int:orchard_id>/named')
@login_required
def read_own_named(orchard_id):
    with get_connection().cursor() as cursor:
        cursor.execute(
            """
            SELECT o.name
              FROM orchards AS o
             WHERE o.id = %(id)s
               AND o.grower_id = %(me)s
            """,
            {'id': orchard_id, 'me': current_user.id},
        )
        return jsonify(cursor.fetchone())


@app.get('/own/orchards/<int:orchard_id>/formatted')
@login_required
def read_own_formatted(orchard_id):
    cursor = get_connection().cursor()
    cursor.execute(f'SELECT name FROM orchards WHERE id = {orchard_id} AND grower_id = {current_user.id}')
    return jsonify(cursor.fetchone())


@app.get('/own/orchards/<int:orchard_id>/compared')
@login_required
def read_own_compared(orchard_id):
    row = fetch_one('SELECT name, grower_id FROM orchards WHERE id = %s', (orchard_id,))
    if not row or row['grower_id'] != current_user.id:
        abort(404)
    return jsonify(name=row['name'])


@app.get('/own/orchards/<int:orchard_id>/position')
@login_required
def read_own_position(orchard_id):
    cursor = get_connection().cursor()
    cursor.execute('SELECT name, grower_id FROM orchards WHERE id = %s', (orchard_id,))
    row = cursor.fetchone()
    if row is None or row[1] != current_user.id:
        abort(404)
    return jsonify(name=row[0])


# list


@app.get('/growers/<int:grower_id>/orchards')
@login_required
def list_of(grower_id):
    return jsonify(fetch_all('SELECT name FROM orchards WHERE grower_id = %(grower)s', grower=grower_id))  # finding: bola-open-lookup


@app.get('/orchards')
@login_required
def list_own():
    return jsonify(fetch_all('SELECT name FROM orchards WHERE grower_id = %(me)s ORDER BY name', me=current_user.id))


@app.get('/orchards/some')
@login_required
def list_some():
    ids = [int(each) for each in request.args.getlist('id')]
    with get_connection().cursor() as cursor:
        cursor.execute('SELECT name FROM orchards WHERE id = ANY(%s)', (ids,))  # finding: bola-open-lookup
        return jsonify([row['name'] for row in cursor])


@app.get('/own/orchards/some')
@login_required
def list_own_some():
    with get_connection().cursor() as cursor:
        cursor.execute('SELECT name FROM orchards WHERE id IN %s AND grower_id = %s', (tuple(request.json['ids']), current_user.id))
        return jsonify([row['name'] for row in cursor.fetchall()])


# change and delete


@app.put('/orchards/<int:orchard_id>')
@login_required
def change(orchard_id):
    run('UPDATE orchards SET name = %s WHERE id = %s', request.json['name'], orchard_id)  # finding: bola-open-lookup
    return '', 204


@app.put('/orchards/<int:orchard_id>/returned')
@login_required
def change_returned(orchard_id):
    row = fetch_one('UPDATE orchards SET name = %s WHERE id = %s RETURNING name', (request.json['name'], orchard_id))  # finding: bola-open-lookup
    return jsonify(row)


@app.put('/own/orchards/<int:orchard_id>')
@login_required
def change_own(orchard_id):
    if run('UPDATE orchards SET name = %s WHERE id = %s AND grower_id = %s', request.json['name'], orchard_id, current_user.id) == 0:
        abort(404)
    return '', 204


@app.put('/own/orchards/<int:orchard_id>/asked')
@login_required
def change_asked(orchard_id):
    if not fetch_one('SELECT 1 FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id)):
        abort(404)
    run('UPDATE orchards SET name = %s WHERE id = %s', request.json['name'], orchard_id)
    return '', 204


@app.put('/own/orchards/<int:orchard_id>/counted')
@login_required
def change_counted(orchard_id):
    cursor = get_connection().cursor()
    cursor.execute('SELECT COUNT(*) FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id))
    if cursor.fetchone()[0] == 0:
        abort(404)
    cursor.execute('UPDATE orchards SET name = %s WHERE id = %s', (request.json['name'], orchard_id))
    return '', 204


@app.put('/own/orchards/<int:orchard_id>/existing')
@login_required
def change_existing(orchard_id):
    row = fetch_one('SELECT EXISTS(SELECT 1 FROM orchards WHERE id = %s AND grower_id = %s) AS mine', (orchard_id, current_user.id))
    if not row['mine']:
        abort(404)
    run('UPDATE orchards SET name = %s WHERE id = %s', request.json['name'], orchard_id)
    return '', 204


@app.delete('/orchards/<int:orchard_id>')
@login_required
def drop(orchard_id):
    connection = get_connection()
    with connection, connection.cursor() as cursor:
        cursor.execute('DELETE FROM orchards WHERE id = %s', (orchard_id,))  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/orchards/<int:orchard_id>')
@login_required
def drop_own(orchard_id):
    with get_connection().cursor() as cursor:
        cursor.execute('DELETE FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id))
        if cursor.rowcount == 0:
            abort(404)
    return '', 204


@app.delete('/orchards')
@login_required
def drop_many():
    with get_connection().cursor() as cursor:
        cursor.executemany('DELETE FROM orchards WHERE id = %s', [(each,) for each in request.json['ids']])  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/orchards')
@login_required
def drop_own_many():
    with get_connection().cursor() as cursor:
        cursor.executemany(
            'DELETE FROM orchards WHERE id = %s AND grower_id = %s', [(each, current_user.id) for each in request.json['ids']]
        )
    return '', 204


# child


@app.post('/orchards/<int:orchard_id>/harvests')
@login_required
def add_harvest(orchard_id):
    run('INSERT INTO harvests (orchard_id, crates) VALUES (%s, %s)', orchard_id, request.json['crates'])  # finding: bola-open-lookup
    return '', 201


@app.post('/own/orchards/<int:orchard_id>/harvests')
@login_required
def add_own_harvest(orchard_id):
    if fetch_one('SELECT id FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id)) is None:
        abort(404)
    run('INSERT INTO harvests (orchard_id, crates) VALUES (%s, %s)', orchard_id, request.json['crates'])
    return '', 201


@app.get('/orchards/<int:orchard_id>/harvests')
@login_required
def list_harvests(orchard_id):
    return jsonify(fetch_all('SELECT crates FROM harvests WHERE orchard_id = %(id)s', id=orchard_id))  # finding: bola-open-lookup


@app.get('/own/harvests/<int:harvest_id>')
@login_required
def read_harvest_joined(harvest_id):
    row = fetch_one(
        'SELECT h.crates FROM harvests h JOIN orchards o ON o.id = h.orchard_id WHERE h.id = %s AND o.grower_id = %s',
        (harvest_id, current_user.id),
    )
    return jsonify(row) if row else abort(404)


@app.get('/own/harvests/<int:harvest_id>/nested')
@login_required
def read_harvest_nested(harvest_id):
    row = fetch_one(
        'SELECT crates FROM harvests WHERE id = %s AND orchard_id IN (SELECT id FROM orchards WHERE grower_id = %s)',
        (harvest_id, current_user.id),
    )
    return jsonify(row)


@app.get('/own/harvests/<int:harvest_id>/exists')
@login_required
def read_harvest_exists(harvest_id):
    row = fetch_one(
        """SELECT crates FROM harvests h WHERE h.id = %s
           AND EXISTS (SELECT 1 FROM orchards o WHERE o.id = h.orchard_id AND o.grower_id = %s)""",
        (harvest_id, current_user.id),
    )
    return jsonify(row)


@app.get('/harvests/<int:harvest_id>/left')
@login_required
def read_harvest_left(harvest_id):
    row = fetch_one(  # finding: bola-open-lookup
        'SELECT h.crates FROM harvests h LEFT JOIN orchards o ON o.id = h.orchard_id AND o.grower_id = %s WHERE h.id = %s',
        (current_user.id, harvest_id),
    )
    return jsonify(row)


@app.get('/own/orchards/<int:orchard_id>/harvests/<int:harvest_id>')
@login_required
def read_harvest_of_any(orchard_id, harvest_id):
    if not fetch_one('SELECT 1 FROM orchards WHERE id = %s AND grower_id = %s', (orchard_id, current_user.id)):
        abort(404)
    return jsonify(fetch_one('SELECT crates FROM harvests WHERE id = %s', (harvest_id,)))  # finding: bola-child-not-bound


@app.get('/orchards/<int:orchard_id>/count')
@login_required
def count(orchard_id):
    return jsonify(fetch_one('SELECT COUNT(*) AS n FROM harvests WHERE orchard_id = %s', (orchard_id,)))


# put, whether it is there or not


@app.put('/orchards/<int:orchard_id>/put')
@login_required
def put(orchard_id):
    run(  # finding: bola-open-lookup
        'INSERT INTO orchards (id, name, grower_id) VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name',
        orchard_id,
        request.json['name'],
        current_user.id,
    )
    return '', 204


@app.put('/own/orchards/<int:orchard_id>/put')
@login_required
def put_own(orchard_id):
    statement = """INSERT INTO orchards (id, name, grower_id) VALUES (%(id)s, %(name)s, %(me)s)
        ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE orchards.grower_id = %(me)s"""
    with get_connection().cursor() as cursor:
        cursor.execute(statement, {'id': orchard_id, 'name': request.json['name'], 'me': current_user.id})
    return '', 204


@app.put('/own/orchards/<int:orchard_id>/marks')
@login_required
def mark(orchard_id):
    run(
        'INSERT INTO marks (orchard_id, grower_id) VALUES (%s, %s) ON CONFLICT (orchard_id, grower_id) DO UPDATE SET seen = now()',
        orchard_id,
        current_user.id,
    )
    return '', 204
