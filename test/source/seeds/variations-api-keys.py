# Keys that open more than is theirs: the client of a key, its tenant, and what is loaded before anybody asks.
# file: keys.py
import hashlib
import hmac
import sqlite3
from functools import wraps

from flask import abort, g, jsonify, request


def connect():
    connection = sqlite3.connect('desk.db')
    connection.row_factory = sqlite3.Row
    return connection


def partner_by_key(given):
    digest = hashlib.sha256((given or '').encode()).hexdigest()
    return connect().execute('SELECT * FROM partners WHERE key_digest = ?', (digest,)).fetchone()


def with_partner(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        g.partner = partner_by_key(request.headers.get('X-API-Key'))
        if g.partner is None:
            return jsonify(error='forbidden'), 403
        return view(*args, **kwargs)

    return wrapped


def signature(partner_id):
    return hmac.new(b'kept', str(partner_id).encode(), hashlib.sha256).hexdigest()


def signed_by_partner(view):
    @wraps(view)
    def wrapped(partner_id, *args, **kwargs):
        if not hmac.compare_digest(signature(partner_id), request.headers.get('X-API-Key', '')):
            abort(403)
        return view(partner_id, *args, **kwargs)

    return wrapped
# file: app.py
from flask import Blueprint, Flask, abort, g, jsonify, request
from flask.views import MethodView

from keys import connect, partner_by_key, signed_by_partner, with_partner

app = Flask(__name__)
orders = Blueprint('orders', __name__)


@app.post('/orders')
@with_partner
def add_order():
    connection = connect()
    connection.execute('INSERT INTO orders (total, partner_id) VALUES (?, ?)', (request.json['total'], g.partner['id']))
    connection.commit()
    return '', 201


@orders.get('/orders/<int:order_id>')
@with_partner
def read_order(order_id):
    row = connect().execute('SELECT total FROM orders WHERE id = ?', (order_id,)).fetchone()  # finding: bola-open-lookup
    return jsonify(total=row['total']) if row else abort(404)


@orders.get('/my/orders/<int:order_id>')
@with_partner
def read_own_order(order_id):
    row = connect().execute('SELECT total FROM orders WHERE id = ? AND partner_id = ?', (order_id, g.partner['id'])).fetchone()
    return jsonify(total=row['total']) if row else abort(404)


@orders.get('/late/orders/<int:order_id>')
def read_late(order_id):
    row = connect().execute('SELECT * FROM orders WHERE id = ?', (order_id,)).fetchone()  # low: check-after-fetch
    if row is None:
        return jsonify(error='not found'), 404
    partner = partner_by_key(request.headers.get('X-API-Key'))
    if partner is None or row['partner_id'] != partner['id']:
        return jsonify(error='forbidden'), 403  # low: existence-leak
    return jsonify(total=row['total'])


@orders.get('/partners/<int:partner_id>/orders')
@signed_by_partner
def list_signed(partner_id):
    return jsonify([row['total'] for row in connect().execute('SELECT total FROM orders WHERE partner_id = ?', (partner_id,))])


@orders.get('/any/partners/<int:partner_id>/orders')
@with_partner
def list_any(partner_id):
    return jsonify([row['total'] for row in connect().execute('SELECT total FROM orders WHERE partner_id = ?', (partner_id,))])  # finding: bola-open-lookup


@orders.get('/same/partners/<int:partner_id>/orders')
@with_partner
def list_same(partner_id):
    if g.partner['id'] != partner_id:
        abort(403)
    return jsonify([row['total'] for row in connect().execute('SELECT total FROM orders WHERE partner_id = ?', (partner_id,))])


class OrderView(MethodView):
    decorators = [with_partner]

    def put(self, order_id):
        connection = connect()
        connection.execute('UPDATE orders SET total = ? WHERE id = ?', (request.json['total'], order_id))  # finding: bola-open-lookup
        connection.commit()
        return '', 204

    def delete(self, order_id):
        connection = connect()
        done = connection.execute('DELETE FROM orders WHERE id = ? AND partner_id = ?', (order_id, g.partner['id']))
        connection.commit()
        return ('', 204) if done.rowcount else abort(404)


app.register_blueprint(orders)
app.add_url_rule('/orders/<int:order_id>', view_func=OrderView.as_view('order'))
