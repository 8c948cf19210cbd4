from flask import Flask, abort, g, jsonify
from mongoengine import Document, StringField

app = Flask(__name__)


class Boat(Document):
    name = StringField()
    owner = StringField()


@app.get('/boats')
def list_boats():
    return jsonify([boat.name for boat in Boat.objects(owner=g.user.id)])


@app.get('/boats/<boat_id>')
def read_boat(boat_id):
    boat = Boat.objects(id=boat_id, owner=g.user.id).first()
    if boat is None:
        abort(404)
    return jsonify(name=boat.name)


@app.get('/sure/<boat_id>')
def read_sure(boat_id):
    boat = Boat.objects.get_or_404(id=boat_id, owner=g.user.id)
    return jsonify(name=boat.name)


@app.delete('/boats/<boat_id>')
def drop_boat(boat_id):
    Boat.objects(id=boat_id, owner=g.user.id).delete()
    return '', 204
