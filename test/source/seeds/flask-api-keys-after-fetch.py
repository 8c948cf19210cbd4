"""A key is compared after the record was fetched: nothing can be read, and it shows which numbers are taken."""

from flask import Flask, jsonify, request

app = Flask(__name__)
people = {
    1: {'id': 1, 'name': 'ines', 'email': 'ines@example.org', 'api_key': 'first'},
    2: {'id': 2, 'name': 'olaf', 'email': 'olaf@example.org', 'api_key': 'second'},
}


@app.route('/people/<int:person_id>')
def read_person(person_id):
    api_key = request.headers.get('X-API-Key')
    if not api_key:
        return jsonify({'error': 'key missing'}), 401
    person = people.get(person_id)  # low: check-after-fetch
    if not person:
        return jsonify({'error': 'not found'}), 404
    if person['api_key'] != api_key:  # low: timing-compare
        return jsonify({'error': 'forbidden'}), 403  # low: existence-leak
    return jsonify({'id': person['id'], 'name': person['name'], 'email': person['email']})
