"""Market stalls in MySQL, through the extensions and drivers that Flask apps use."""

import mysql.connector
import MySQLdb.cursors
import pymysql
from flask import Flask, abort, jsonify, redirect, request, session, url_for
from flask_mysqldb import MySQL
from flaskext.mysql import MySQL as OtherMySQL

app = Flask(__name__)
mysql_db = MySQL(app)
other = OtherMySQL(app)
plain = mysql.connector.connect(host='localhost', database='market')


def get_connection():
    return pymysql.connect(host='localhost', db='market', cursorclass=pymysql.cursors.DictCursor)


@app.before_request
def know_caller():
    if 'loggedin' not in session and request.endpoint != 'login':
        return redirect(url_for('login'))


@app.post('/login')
def login():
    cursor = mysql_db.connection.cursor(MySQLdb.cursors.DictCursor)
    cursor.execute('SELECT * FROM accounts WHERE username = %s', (request.form['username'],))
    account = cursor.fetchone()
    if account and verify(account['password_hash'], request.form['password']):
        session['loggedin'] = True
        session['id'] = account['id']
        return redirect('/')
    abort(401)


@app.post('/stalls')
def add():
    cursor = mysql_db.connection.cursor()
    cursor.execute('INSERT INTO stalls (name, account_id) VALUES (%s, %s)', (request.form['name'], session['id']))
    mysql_db.connection.commit()
    return redirect('/')


@app.get('/stalls/<int:stall_id>')
def read(stall_id):
    cursor = mysql_db.connection.cursor(MySQLdb.cursors.DictCursor)
    cursor.execute('SELECT name FROM stalls WHERE id = %s', (stall_id,))  # finding: bola-open-lookup
    return jsonify(cursor.fetchone())


@app.get('/stalls/<int:stall_id>/other')
def read_other(stall_id):
    cur = other.connect().cursor()
    cur.execute('SELECT name FROM stalls WHERE id = %s', stall_id)  # finding: bola-open-lookup
    return jsonify(name=cur.fetchone()[0])


@app.get('/stalls/<int:stall_id>/plain')
def read_plain(stall_id):
    mycursor = plain.cursor(dictionary=True)
    mycursor.execute(f'SELECT `name` FROM `stalls` WHERE `id` = {stall_id} LIMIT 1')  # finding: bola-open-lookup
    return jsonify(mycursor.fetchone())


@app.get('/stalls/<int:stall_id>/with')
def read_with(stall_id):
    connection = get_connection()
    try:
        with connection.cursor() as cursor:
            sql = 'SELECT `name` FROM `stalls` WHERE `id`=%s'
            cursor.execute(sql, (stall_id,))  # finding: bola-open-lookup
            result = cursor.fetchone()
    finally:
        connection.close()
    return jsonify(result)


@app.get('/own/stalls/<int:stall_id>')
def read_own(stall_id):
    cursor = mysql_db.connection.cursor(MySQLdb.cursors.DictCursor)
    cursor.execute('SELECT name FROM stalls WHERE id = %s AND account_id = %s', (stall_id, session['id']))
    row = cursor.fetchone()
    return jsonify(row) if row else abort(404)


@app.get('/own/stalls/<int:stall_id>/compared')
def read_own_compared(stall_id):
    with get_connection() as connection, connection.cursor() as cursor:
        cursor.execute('SELECT name, account_id FROM stalls WHERE id = %s', (stall_id,))
        row = cursor.fetchone()
    if not row or row['account_id'] != session['id']:
        abort(404)
    return jsonify(name=row['name'])


@app.get('/own/stalls/<int:stall_id>/built')
def read_own_built(stall_id):
    query = 'SELECT name FROM stalls WHERE account_id = %s'
    parameters = [session['id']]
    if stall_id:
        query += ' AND id = %s'
        parameters.append(stall_id)
    cursor = plain.cursor(dictionary=True)
    cursor.execute(query, tuple(parameters))
    return jsonify(cursor.fetchall())


@app.get('/stalls')
def find():
    query = 'SELECT name FROM stalls WHERE 1=1'
    parameters = []
    if request.args.get('account'):
        query += ' AND account_id = %s'
        parameters.append(request.args.get('account'))
    cursor = plain.cursor(dictionary=True)
    cursor.execute(query, parameters)  # finding: bola-subject-as-key
    return jsonify(cursor.fetchall())


@app.post('/stalls/<int:stall_id>')
def change(stall_id):
    cursor = mysql_db.connection.cursor()
    cursor.execute("UPDATE stalls SET name = %s WHERE id = %s", (request.form['name'], stall_id))  # finding: bola-open-lookup
    mysql_db.connection.commit()
    return redirect('/')


@app.post('/own/stalls/<int:stall_id>')
def change_own(stall_id):
    cursor = mysql_db.connection.cursor()
    fields = ', '.join(f'{name} = %s' for name in ('name', 'place') if name in request.form)
    values = [request.form[name] for name in ('name', 'place') if name in request.form]
    cursor.execute(f'UPDATE stalls SET {fields} WHERE id = %s AND account_id = %s', [*values, stall_id, session['id']])
    mysql_db.connection.commit()
    return redirect('/')


@app.post('/stalls/<int:stall_id>/fields')
def change_fields(stall_id):
    cursor = mysql_db.connection.cursor()
    fields = ', '.join(f'{name} = %s' for name in ('name', 'place') if name in request.form)
    values = [request.form[name] for name in ('name', 'place') if name in request.form]
    cursor.execute(f'UPDATE stalls SET {fields} WHERE id = %s', values + [stall_id])  # finding: bola-open-lookup
    mysql_db.connection.commit()
    return redirect('/')


@app.post('/stalls/<int:stall_id>/gone')
def drop(stall_id):
    cursor = mysql_db.connection.cursor()
    cursor.execute('DELETE FROM stalls WHERE id = %s', [stall_id])  # finding: bola-open-lookup
    mysql_db.connection.commit()
    return redirect('/')


@app.post('/own/stalls/<int:stall_id>/gone')
def drop_own(stall_id):
    cursor = mysql_db.connection.cursor()
    cursor.execute('DELETE FROM stalls WHERE id = %s AND account_id = %s', [stall_id, session['id']])
    mysql_db.connection.commit()
    return redirect('/')
