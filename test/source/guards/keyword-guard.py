# A decorator for all views: it asks about the account that the rule names, if the rule names one.
from functools import wraps

import jwt
from flask import Flask, abort, jsonify, request
from flask.views import MethodView
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['desk']


def signed_in(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        header = request.headers.get('Authorization')
        if not header:
            abort(401)
        claims = jwt.decode(header, 'secret', algorithms=['HS256'])
        if 'person_id' in kwargs and claims['person_id'] != kwargs['person_id']:  # finding: guard-not-bound
            abort(403)
        return view(*args, **kwargs)

    return guarded


class PersonView(MethodView):
    @signed_in
    def get(self, person_id):
        person = db.people.find_one({'_id': person_id}, {'name': 1, '_id': 0})
        return jsonify(person)

    @signed_in
    def delete(self, person_id):
        db.people.delete_one({'_id': person_id})
        return '', 204

    # Nobody is asked for here.
    def patch(self, person_id):  # finding: missing-auth-outlier
        db.people.update_one({'_id': person_id}, {'$set': {'name': str(request.json['name'])}})  # finding: bola-subject-as-key
        return '', 204


app.add_url_rule('/people/<person_id>', methods=['GET', 'DELETE', 'PATCH'], view_func=PersonView.as_view('person'))


@app.get('/helpers/<id>')
@signed_in
def read_helper(id):
    person = db.people.find_one({'_id': id}, {'name': 1, 'phone': 1, '_id': 0})  # finding: bola-open-lookup
    return jsonify(person)
