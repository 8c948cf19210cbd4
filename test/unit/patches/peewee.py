from flask import Flask, g, jsonify
from peewee import CharField, Model

app = Flask(__name__)


class Boat(Model):
    name = CharField()
    owner_id = CharField()


@app.get('/boats')
def list_boats():
    return jsonify([boat.name for boat in Boat.select().where(Boat.owner_id == g.user.id)])


@app.get('/boats/<boat_id>')
def read_boat(boat_id):
    boat = Boat.get_by_id(boat_id)
    return jsonify(name=boat.name)


@app.get('/maybe/<boat_id>')
def read_maybe(boat_id):
    boat = Boat.get_or_none(Boat.id == boat_id)
    if boat is None:
        return jsonify(error='not found'), 404
    return jsonify(name=boat.name)


@app.delete('/boats/<boat_id>')
def drop_boat(boat_id):
    Boat.delete().where(Boat.id == boat_id).execute()
    return '', 204
