"""Whose key it is comes first; a tenant goes into the query; a key may be bound to an id by an HMAC."""

import hashlib
import hmac

from flask import Flask, jsonify, request

app = Flask(__name__)
SECRET = b'rotate'
people = {
    1: {'id': 1, 'name': 'ines', 'email': 'ines@example.org', 'api_key': 'first'},
    2: {'id': 2, 'name': 'olaf', 'email': 'olaf@example.org', 'api_key': 'second'},
}


@app.route('/people/<int:person_id>')
def read_person(person_id):
    api_key = request.headers.get('X-API-Key')
    if not api_key:
        return jsonify({'error': 'key missing'}), 401
    owner = None
    for number, person in people.items():
        if hmac.compare_digest(person['api_key'], api_key):
            owner = person
            break
    if owner is None:
        return jsonify({'error': 'forbidden'}), 403
    if owner['id'] != person_id:
        return jsonify({'error': 'forbidden'}), 403
    return jsonify({'id': owner['id'], 'name': owner['name'], 'email': owner['email']})


@app.route('/invoices/<invoice_id>')
def read_invoice(invoice_id):
    api_key = request.headers.get('X-API-Key')
    if not api_key:
        return jsonify({'error': 'key missing'}), 401
    tenant = get_tenant_by_api_key(api_key)
    if not tenant:
        return jsonify({'error': 'forbidden'}), 403
    invoice = get_invoice_from_db(invoice_id, tenant_id=tenant['id'])
    if not invoice:
        return jsonify({'error': 'not found'}), 404
    return jsonify(invoice)


def get_invoice_from_db(invoice_id, tenant_id):
    # SELECT * FROM invoices WHERE id = ? AND tenant_id = ?
    pass


def derive_key(person_id):
    return hmac.new(SECRET, str(person_id).encode(), hashlib.sha256).hexdigest()


def verify_key(person_id, provided):
    return hmac.compare_digest(derive_key(person_id), provided)


@app.route('/bound/<int:person_id>')
def read_bound(person_id):
    api_key = request.headers.get('X-API-Key')
    if not api_key or not verify_key(person_id, api_key):
        return jsonify({'error': 'forbidden'}), 403
    return jsonify({'id': person_id, 'name': people[person_id]['name']})
