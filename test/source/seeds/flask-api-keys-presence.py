"""Invoices of a bakery: a key that must be there, and is asked nothing."""

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route('/invoices/<invoice_id>')
def read_invoice(invoice_id):
    api_key = request.headers.get('X-API-Key')
    if not api_key:  # finding: key-presence-only
        return jsonify({'error': 'key missing'}), 401
    invoice = get_invoice_from_db(invoice_id)  # finding: bola-open-lookup
    if not invoice:
        return jsonify({'error': 'not found'}), 404
    return jsonify(invoice)
