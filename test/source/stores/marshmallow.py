"""Boats and moorings: bodies go through schemas of marshmallow-sqlalchemy, into rows."""

from flask import Flask, abort, jsonify, request
from flask_login import current_user, login_required
from flask_marshmallow import Marshmallow
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema, auto_field

app = Flask(__name__)
db = SQLAlchemy(app)
ma = Marshmallow(app)


class Boat(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    owner_id = db.Column(db.Integer)


class BoatSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Boat
        load_instance = True
        sqla_session = db.session


class NamedBoatSchema(SQLAlchemyAutoSchema):
    class Meta:
        model = Boat
        load_instance = True
        fields = ('name',)


class BoatInput(Schema):
    name = fields.String(required=True)


boat_schema = BoatSchema()
named_schema = NamedBoatSchema()
boat_input = BoatInput()


@app.post('/boats')
@login_required
def add():
    data = boat_input.load(request.get_json())
    boat = Boat(**data, owner_id=current_user.id)
    db.session.add(boat)
    db.session.commit()
    return named_schema.dump(boat), 201


@app.get('/boats/<int:boat_id>')
@login_required
def read(boat_id):
    return named_schema.jsonify(Boat.query.get_or_404(boat_id))  # finding: bola-open-lookup


@app.get('/own/boats/<int:boat_id>')
@login_required
def read_own(boat_id):
    return named_schema.jsonify(Boat.query.filter_by(id=boat_id, owner_id=current_user.id).first_or_404())


@app.get('/boats')
@login_required
def list_own():
    return jsonify(NamedBoatSchema(many=True).dump(Boat.query.filter_by(owner_id=current_user.id).all()))


@app.put('/boats/<int:boat_id>')
@login_required
def change(boat_id):
    boat = Boat.query.get_or_404(boat_id)  # finding: bola-open-lookup
    boat.name = boat_input.load(request.get_json())['name']
    db.session.commit()
    return '', 204


@app.put('/own/boats/<int:boat_id>')
@login_required
def change_own(boat_id):
    boat = Boat.query.filter_by(id=boat_id, owner_id=current_user.id).first_or_404()
    named_schema.load(request.get_json(), instance=boat, session=db.session)
    db.session.commit()
    return '', 204


@app.put('/own/boats/<int:boat_id>/whole')
@login_required
def change_whole(boat_id):
    boat = Boat.query.filter_by(id=boat_id, owner_id=current_user.id).first_or_404()
    boat_schema.load(request.get_json(), instance=boat, partial=True)  # finding: mass-assignment
    db.session.commit()
    return '', 204


@app.put('/boats/<int:boat_id>/whole')
@login_required
def change_any_whole(boat_id):
    boat = Boat.query.get_or_404(boat_id)  # finding: bola-open-lookup
    named_schema.load(request.get_json(), instance=boat, partial=True, session=db.session)
    db.session.commit()
    return '', 204


@app.post('/boats/loaded')
@login_required
def add_loaded():
    boat = boat_schema.load(request.get_json())  # finding: mass-assignment
    db.session.add(boat)
    db.session.commit()
    return '', 201


@app.post('/boats/merged')
@login_required
def merge():
    db.session.merge(boat_schema.load(request.get_json()))  # finding: mass-assignment
    db.session.commit()
    return '', 204


@app.post('/boats/picked')
@login_required
def add_picked():
    boat = named_schema.load(request.get_json(), session=db.session)
    boat.owner_id = current_user.id
    db.session.add(boat)
    db.session.commit()
    return '', 201
