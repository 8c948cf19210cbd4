import hashlib

from flask import Flask, g, jsonify, request
from flask.json.provider import DefaultJSONProvider
from flask_login import login_required
from pymongo import MongoClient

app = Flask(__name__)
app.json = DefaultJSONProvider(app)
db = MongoClient()['shop']


@app.post('/sign-up')
def sign_up():
    data = request.get_json()
    digest = hashlib.sha256(str(data['password']).encode()).hexdigest()
    db.members.insert_one({'name': str(data['name']), 'motto': str(data['motto']), 'role': 'member', 'password_hash': digest, 'api_key': 'y'})
    db.clubs.update_one({'name': 'all'}, {'$push': {'people': {'name': str(data['name']), 'email': 'x', 'api_key': 'y'}}})
    return jsonify(ok=True)


@app.get('/me')
def read_me():
    member = db.members.find_one({'_id': g.member_id})
    return jsonify(member)


@app.patch('/me')
def change_me():
    changes = request.get_json()
    db.members.update_one({'_id': g.member_id}, {'$set': changes})
    return jsonify(changed=sorted(changes))


@app.get('/clubs')
def list_clubs():
    return jsonify(clubs=list(db.clubs.find({'people.member': g.member_id})))


@app.get('/reviews')
def list_reviews():
    pipeline = [
        {'$match': {'author': g.member_id}},
        {'$lookup': {'from': 'members', 'localField': 'author', 'foreignField': '_id', 'as': 'by'}},
    ]
    return jsonify(list(db.reviews.aggregate(pipeline)))


@app.post('/reviews')
@login_required
def add_review():
    db.reviews.insert_one({'author': g.member_id, 'text': str(request.json['text']), 'internal_notes': ''})
    return jsonify(ok=True)


@app.get('/mixed')
def read_mixed():
    member = db.members.find_one({'_id': g.member_id}, {'name': 1, '_id': 0, 'api_key': 0})
    return jsonify(member)
