from flask import Flask, abort, jsonify, request
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String)


class Pet(db.Model):
    number = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer, db.ForeignKey('user.id'))
    name = db.Column(db.String)


@app.get('/pets')
@login_required
def list_pets():
    return jsonify([pet.name for pet in Pet.query.filter_by(owner_id=current_user.id).all()])


@app.get('/pets/<int:number>')
@login_required
def read_pet(number):
    pet = Pet.query.filter(Pet.number == number, Pet.owner_id == current_user.id).first()
    if pet is None:
        abort(404)
    return jsonify(name=pet.name)


@app.get('/sure/<int:number>')
@login_required
def read_sure_pet(number):
    return jsonify(name=Pet.query.filter(Pet.number == number, Pet.owner_id == current_user.id).first_or_404().name)


@app.get('/named/<name>')
@login_required
def read_named_pet(name):
    pet = Pet.query.filter_by(name=name, owner_id=current_user.id).first_or_404()
    return jsonify(name=pet.name)


@app.get('/queried/<int:number>')
@login_required
def read_queried_pet(number):
    pet = db.session.query(Pet).filter(Pet.number == number, Pet.owner_id == current_user.id).first()
    if pet is None:
        abort(404)
    return jsonify(name=pet.name)


@app.delete('/pets/<int:number>')
@login_required
def drop_pet(number):
    outcome = Pet.query.filter_by(number=number, owner_id=current_user.id).delete()
    if outcome == 0:
        abort(404)
    db.session.commit()
    return '', 204


@app.patch('/pets/<int:number>')
@login_required
def change_pet(number):
    pet = Pet.query.filter(Pet.number == number, Pet.owner_id == current_user.id).first()
    if pet is None:
        abort(404)
    pet.name = request.json['name']
    db.session.commit()
    return jsonify(ok=True)


@app.get('/users/<user_id>')
@login_required
def read_user(user_id):
    if str(user_id) != str(current_user.id):
        abort(404)
    user = User.query.get(user_id)
    return jsonify(email=user.email)
