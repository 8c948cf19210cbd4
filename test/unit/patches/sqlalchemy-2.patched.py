from flask import Flask, g, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

app = Flask(__name__)
db = SQLAlchemy(app)


class Pet(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    name: Mapped[str]


@app.get('/pets')
def list_pets():
    return jsonify([pet.name for pet in db.session.scalars(select(Pet).where(Pet.owner_id == g.user.id))])


@app.get('/pets/<int:pet_id>')
def read_pet(pet_id):
    pet = db.session.scalar(select(Pet).where(Pet.id == pet_id, Pet.owner_id == g.user.id))
    if pet is None:
        return jsonify(error='not found'), 404
    return jsonify(name=pet.name)


@app.get('/got/<int:pet_id>')
def read_got_pet(pet_id):
    pet = db.one_or_404(select(Pet).where(Pet.id == pet_id, Pet.owner_id == g.user.id), description='no such pet')
    return jsonify(name=pet.name)


@app.put('/pets/<int:pet_id>')
def rename_pet(pet_id):
    outcome = db.session.execute(update(Pet).where(Pet.id == pet_id, Pet.owner_id == g.user.id).values(name='x'))
    if outcome.rowcount == 0:
        return jsonify(error='not found'), 404
    db.session.commit()
    return jsonify(ok=True)


@app.delete('/pets/<int:pet_id>')
def drop_pet(pet_id):
    outcome = db.session.execute(delete(Pet).where(Pet.id == pet_id, Pet.owner_id == g.user.id))
    if outcome.rowcount == 0:
        return jsonify(error='not found'), 404
    db.session.commit()
    return '', 204


@app.delete('/chosen/<int:pet_id>')
def drop_chosen_pet(pet_id):
    pet = db.session.execute(select(Pet).where(Pet.id == pet_id, Pet.owner_id == g.user.id)).scalar_one_or_none()
    if pet is None:
        return jsonify(error='not found'), 404
    db.session.delete(pet)
    db.session.commit()
    return '', 204
