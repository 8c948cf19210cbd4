# More of a record than an answer needs, as other apps send it: whole documents, rows, items, objects, and what was picked.
# file: records.py
from dataclasses import asdict, dataclass

from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from mongoengine import Document, StringField
from pymongo import MongoClient

db = SQLAlchemy()
mongo = MongoClient().clinic


class Patient(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    password_hash = db.Column(db.String)
    reset_token = db.Column(db.String)

    def whole(self):
        return {column.name: getattr(self, column.name) for column in self.__table__.columns}

    def brief(self):
        return {'id': self.id, 'name': self.name}

    def full(self):
        return {'id': self.id, 'name': self.name, 'password_hash': self.password_hash}


class Nurse(Document):
    name = StringField()
    password_hash = StringField()
    ward = StringField()


class PatientSchema(Schema):
    id = fields.Integer()
    name = fields.String()


class LoosePatientSchema(Schema):
    id = fields.Integer()
    name = fields.String()
    password_hash = fields.String()


@dataclass
class Card:
    name: str
    ward: str


def card_of(document):
    return asdict(Card(name=document['name'], ward=document['ward']))
# file: app.py
from bson import json_util
from flask import Flask, Response, abort, g, jsonify, request
from flask_jwt_extended import get_jwt_identity, jwt_required

from records import LoosePatientSchema, Nurse, Patient, PatientSchema, card_of, db, mongo

app = Flask(__name__)
db.init_app(app)


@app.post('/nurses')
@jwt_required()
def add_nurse():
    mongo.nurses.insert_one({'name': str(request.json['name']), 'ward': 'a', 'password_hash': hashed(request.json['password'])})
    return '', 201


@app.get('/documents/me')
@jwt_required()
def whole_document():
    nurse = mongo.nurses.find_one({'name': get_jwt_identity()})
    nurse['_id'] = str(nurse['_id'])
    return jsonify(nurse)  # finding: excessive-exposure


@app.get('/documents/me/dumped')
@jwt_required()
def dumped_document():
    nurse = mongo.nurses.find_one({'name': get_jwt_identity()})
    return Response(json_util.dumps(nurse), mimetype='application/json')  # finding: excessive-exposure


@app.get('/documents/me/spread')
@jwt_required()
def spread_document():
    nurse = mongo.nurses.find_one({'name': get_jwt_identity()})
    return jsonify({**nurse, '_id': str(nurse['_id'])})  # finding: excessive-exposure


@app.get('/documents')
@jwt_required()
def whole_documents():
    return jsonify([{**each, '_id': str(each['_id'])} for each in mongo.nurses.find({'ward': 'a'})])  # finding: excessive-exposure


@app.get('/documents/me/projected')
@jwt_required()
def projected_document():
    return jsonify(mongo.nurses.find_one({'name': get_jwt_identity()}, {'name': 1, 'ward': 1, '_id': 0}))


@app.get('/documents/me/listed')
@jwt_required()
def listed_document():
    return jsonify(mongo.nurses.find_one({'name': get_jwt_identity()}, projection=['name', 'ward']))


@app.get('/documents/me/card')
@jwt_required()
def document_card():
    return jsonify(card_of(mongo.nurses.find_one({'name': get_jwt_identity()})))


@app.get('/documents/me/picked')
@jwt_required()
def picked_document():
    nurse = mongo.nurses.find_one({'name': get_jwt_identity()})
    return jsonify({name: nurse[name] for name in ('name', 'ward')})


@app.get('/documents/me/mixed')
@jwt_required()
def mixed_document():
    return jsonify(mongo.nurses.find_one({'name': get_jwt_identity()}, {'name': 1, 'password_hash': 0}))  # finding: projection-mixed


@app.get('/documents/me/aggregated')
@jwt_required()
def aggregated_document():
    found = mongo.nurses.aggregate([{'$match': {'name': get_jwt_identity()}}, {'$project': {'name': 1, '_id': 0}}])
    return jsonify(next(found, {}))


@app.get('/rows/me')
@jwt_required()
def whole_row():
    return jsonify(Patient.query.filter_by(id=get_jwt_identity()).first().whole())  # finding: excessive-exposure


@app.get('/rows/me/vars')
@jwt_required()
def row_vars():
    patient = vars(Patient.query.filter_by(id=get_jwt_identity()).first())
    patient.pop('_sa_instance_state')
    return jsonify(patient)  # finding: excessive-exposure


@app.get('/rows/me/full')
@jwt_required()
def full_row():
    return jsonify(Patient.query.filter_by(id=get_jwt_identity()).first().full())  # finding: excessive-exposure


@app.get('/rows/me/loose')
@jwt_required()
def loose_row():
    return LoosePatientSchema().dump(Patient.query.filter_by(id=get_jwt_identity()).first())  # finding: excessive-exposure


@app.get('/rows/me/brief')
@jwt_required()
def brief_row():
    return jsonify(Patient.query.filter_by(id=get_jwt_identity()).first().brief())


@app.get('/rows/me/schema')
@jwt_required()
def row_schema():
    return PatientSchema().dump(Patient.query.filter_by(id=get_jwt_identity()).first())


@app.get('/rows/me/only')
@jwt_required()
def row_only():
    return LoosePatientSchema(only=('id', 'name')).dump(Patient.query.filter_by(id=get_jwt_identity()).first())


@app.get('/rows')
@jwt_required()
def rows_schema():
    return jsonify(PatientSchema(many=True).dump(Patient.query.all()))


@app.get('/objects/me')
@jwt_required()
def whole_object():
    return Response(Nurse.objects.get(name=get_jwt_identity()).to_json(), mimetype='application/json')  # finding: excessive-exposure


@app.get('/objects/me/only')
@jwt_required()
def object_only():
    nurse = Nurse.objects(name=get_jwt_identity()).only('name', 'ward').first()
    return jsonify(name=nurse.name, ward=nurse.ward)
