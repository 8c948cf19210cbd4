"""A library of instruments: borrowers and loans that are answered whole, and in parts."""

from dataclasses import dataclass

from flask import Flask, jsonify
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient('mongodb://localhost:27017/')['instruments']


@app.route('/borrowers/<user_id>')
def read_borrower(user_id):
    borrower = db.borrowers.find_one({'_id': user_id})  # finding: bola-subject-as-key
    return jsonify(borrower)  # finding: excessive-exposure


@app.route('/loans/<loan_id>')
def read_loan(loan_id):
    loan = db.loans.find_one({'_id': loan_id})  # finding: bola-open-lookup
    return jsonify(loan)  # finding: excessive-exposure


@app.route('/safe/loans/<loan_id>')
def read_safe_loan(loan_id):
    loan = db.loans.find_one(  # finding: bola-open-lookup projection-mixed
        {'_id': loan_id},
        {'instrument': 1, 'until': 1, '_id': 0, 'cost_center': 0, 'internal_notes': 0},
    )
    return jsonify(loan)


@app.route('/public/borrowers/<handle>')
def read_public(handle):
    borrower = db.borrowers.find_one({'_id': handle}, {'username': 1, 'email': 1, '_id': 0})  # finding: bola-open-lookup
    return jsonify(borrower)


@dataclass
class PublicBorrower:
    username: str
    email: str


@app.route('/dataclass/borrowers/<handle>')
def read_dataclass(handle):
    found = db.borrowers.find_one({'_id': handle}, {'username': 1, 'email': 1, '_id': 0})  # finding: bola-open-lookup
    if found:
        shown = PublicBorrower(username=found['username'], email=found['email'])
        return jsonify(shown.__dict__)
    return 'Not found', 404


@app.route('/summary/borrowers/<handle>')
def summarise(handle):
    pipeline = [{'$match': {'_id': handle}}, {'$project': {'username': 1, 'joined_at': 1, '_id': 0}}]
    result = list(db.borrowers.aggregate(pipeline))  # finding: bola-open-lookup
    return jsonify(result[0] if result else {})
