"""Letters of pen friends in SQLite, with the helpers that Flask's own documentation shows."""

import sqlite3

from flask import Flask, abort, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for

app = Flask(__name__)


def get_db():
    if 'db' not in g:
        g.db = sqlite3.connect(current_app.config['DATABASE'], detect_types=sqlite3.PARSE_DECLTYPES)
        g.db.row_factory = sqlite3.Row
    return g.db


def connect_once():
    db = getattr(g, '_database', None)
    if db is None:
        db = g._database = sqlite3.connect('letters.db')
    return db


def query_db(query, args=(), one=False):
    cur = connect_once().execute(query, args)
    rows = cur.fetchall()
    cur.close()
    return (rows[0] if rows else None) if one else rows


@app.before_request
def load_logged_in_user():
    user_id = session.get('user_id')
    if user_id is None:
        g.user = None
    else:
        g.user = get_db().execute('SELECT * FROM user WHERE id = ?', (user_id,)).fetchone()
    if g.user is None:
        return redirect(url_for('auth.login'))


@app.post('/letters')
def add():
    db = get_db()
    db.execute('INSERT INTO letter (title, body, author_id) VALUES (?, ?, ?)', (request.form['title'], request.form['body'], g.user['id']))
    db.commit()
    return redirect(url_for('list_own'))


def get_letter(id, check_author=True):
    letter = (
        get_db()
        .execute('SELECT l.id, title, body, author_id FROM letter l JOIN user u ON l.author_id = u.id WHERE l.id = ?', (id,))
        .fetchone()
    )
    if letter is None:
        abort(404, f'Letter {id} does not exist.')
    if check_author and letter['author_id'] != g.user['id']:
        abort(403)
    return letter


@app.route('/<int:id>/update', methods=('GET', 'POST'))
def update(id):
    letter = get_letter(id)
    if request.method == 'POST':
        title = request.form['title']
        if not title:
            flash('Title is required.')
        else:
            db = get_db()
            db.execute('UPDATE letter SET title = ? WHERE id = ?', (title, id))
            db.commit()
            return redirect(url_for('list_own'))
    return render_template('update.html', letter=letter)


@app.get('/<int:id>/unchecked')
def show_unchecked(id):
    letter = get_letter(id, check_author=False)  # finding: bola-open-lookup
    return jsonify(title=letter['title'], body=letter['body'])


@app.post('/<int:id>/delete')
def delete(id):
    get_letter(id)
    db = get_db()
    db.execute('DELETE FROM letter WHERE id = ?', (id,))
    db.commit()
    return redirect(url_for('list_own'))


@app.post('/<int:id>/delete-any')
def delete_any(id):
    get_db().execute('DELETE FROM letter WHERE id = ?', (id,))  # finding: bola-open-lookup
    get_db().commit()
    return redirect(url_for('list_own'))


@app.get('/letters/<int:id>')
def read(id):
    letter = query_db('select title, body from letter where id = ?', [id], one=True)  # finding: bola-open-lookup
    if letter is None:
        abort(404)
    return jsonify(title=letter['title'], body=letter['body'])


@app.get('/letters/<int:id>/named')
def read_named(id):
    row = get_db().execute('SELECT title FROM letter WHERE id = :id', {'id': id}).fetchone()  # finding: bola-open-lookup
    return jsonify(dict(row))


@app.get('/letters/<int:id>/cursor')
def read_cursor(id):
    connection = sqlite3.connect('letters.db')
    connection.row_factory = sqlite3.Row
    c = connection.cursor()
    c.execute('SELECT title FROM letter WHERE id=?', (id,))  # finding: bola-open-lookup
    row = c.fetchone()
    connection.close()
    return jsonify(title=row['title'])


@app.get('/letters/<int:id>/with')
def read_with(id):
    with sqlite3.connect('letters.db') as con:
        rows = con.execute('SELECT title FROM letter WHERE id = ?', (id,)).fetchall()  # finding: bola-open-lookup
    return jsonify([dict(row) for row in rows])


@app.get('/letters/<int:id>/walked')
def read_walked(id):
    return jsonify([title for (title,) in get_db().execute('SELECT title FROM letter WHERE id = ?', (id,))])  # finding: bola-open-lookup


@app.get('/letters/<id>/percent')
def read_percent(id):
    return jsonify(query_db("SELECT title FROM letter WHERE id = '%s'" % id, one=True))  # finding: bola-open-lookup


@app.get('/letters/<id>/format')
def read_format(id):
    return jsonify(query_db('SELECT title FROM letter WHERE id = {}'.format(id)))  # finding: bola-open-lookup


@app.get('/own/letters/<int:id>')
def read_own(id):
    letter = query_db('select title from letter where id = ? and author_id = ?', [id, g.user['id']], one=True)
    return jsonify(title=letter['title']) if letter else abort(404)


@app.get('/own/letters/<int:id>/named')
def read_own_named(id):
    row = get_db().execute('SELECT title FROM letter WHERE id = :id AND author_id = :me', {'id': id, 'me': g.user['id']}).fetchone()
    return jsonify(dict(row))


@app.get('/own/letters/<int:id>/found')
def read_own_found(id):
    rows = query_db('SELECT id, title FROM letter WHERE author_id = ?', (session['user_id'],))
    letter = next((row for row in rows if row['id'] == id), None)
    if letter is None:
        abort(404)
    return jsonify(title=letter['title'])


@app.get('/letters')
def list_own():
    rows = get_db().execute('SELECT title FROM letter WHERE author_id = ? ORDER BY id DESC LIMIT 10', (g.user['id'],)).fetchall()
    return jsonify([row['title'] for row in rows])


@app.get('/users/<int:user_id>/letters')
def list_of(user_id):
    return jsonify([row['title'] for row in query_db('SELECT title FROM letter WHERE author_id = ?', (user_id,))])  # finding: bola-subject-as-key


@app.get('/letters/some')
def list_some():
    ids = request.args.getlist('id')
    marks = ','.join('?' * len(ids))
    return jsonify([row['title'] for row in query_db(f'SELECT title FROM letter WHERE id IN ({marks})', ids)])  # finding: bola-open-lookup


@app.post('/letters/many')
def drop_many():
    get_db().executemany('DELETE FROM letter WHERE id = ?', [(each,) for each in request.json])  # finding: bola-open-lookup
    return '', 204


@app.put('/own/letters/<int:id>')
def change_own(id):
    cursor = get_db().execute('UPDATE letter SET title = ? WHERE id = ? AND author_id = ?', (request.form['title'], id, g.user['id']))
    if cursor.rowcount != 1:
        abort(404)
    get_db().commit()
    return '', 204


@app.put('/own/letters/<int:id>/counted')
def change_counted(id):
    (count,) = get_db().execute('SELECT count(*) FROM letter WHERE id = ? AND author_id = ?', (id, g.user['id'])).fetchone()
    if not count:
        abort(404)
    get_db().execute('UPDATE letter SET title = ? WHERE id = ?', (request.form['title'], id))
    return '', 204


@app.put('/letters/<int:id>/replaced')
def replace(id):
    get_db().execute('REPLACE INTO letter (id, title, author_id) VALUES (?, ?, ?)', (id, request.form['title'], g.user['id']))  # finding: bola-open-lookup
    return '', 204


@app.put('/settings/<name>')
def set_own(name):
    get_db().execute('INSERT OR REPLACE INTO setting (name, value, user_id) VALUES (?, ?, ?)', (name, request.form['value'], g.user['id']))
    return '', 204
