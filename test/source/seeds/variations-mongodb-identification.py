# The weakness of documents found by their id alone, as it turns up in other apps: in classes, modules, hooks and helpers.
# file: store.py
from bson import ObjectId
from bson.errors import InvalidId
from flask import abort, current_app, g
from pymongo import MongoClient

client = MongoClient('mongodb://localhost:27017')
gardens = client.gardens


def collection(name):
    return gardens[name]


def parse(text):
    if not ObjectId.is_valid(text):
        abort(400)
    return ObjectId(text)


def find(name, number, **more):
    return collection(name).find_one({'_id': parse(number), **more})


def find_mine(name, number):
    return find(name, number, user_id=g.user['_id'])


class Documents:
    collection = None

    @classmethod
    def by_id(cls, number):
        return gardens[cls.collection].find_one({'_id': parse(number)})

    @classmethod
    def of(cls, user, number):
        return gardens[cls.collection].find_one({'_id': parse(number), 'user_id': user['_id']})


class Beds(Documents):
    collection = 'beds'


class Seeds(Documents):
    collection = 'seeds'
# file: guards.py
from functools import wraps

from flask import abort, g, request

from store import find, gardens, parse


def owner_of(name):
    def decorator(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            document = find(name, kwargs['number'])
            if document is None or document['user_id'] != g.user['_id']:
                abort(404)
            g.document = document
            return view(*args, **kwargs)

        return guarded

    return decorator


def must_exist(view):
    @wraps(view)
    def checked(number, *args, **kwargs):
        document = gardens.pots.find_one({'_id': parse(number)})  # finding: bola-open-lookup
        if document is None:
            abort(404)
        request.pot = document
        return view(number, *args, **kwargs)

    return checked


def pot_of_caller(view):
    @wraps(view)
    def checked(number, *args, **kwargs):
        document = gardens.pots.find_one({'_id': parse(number), 'user_id': g.user['_id']})
        if document is None:
            abort(404)
        request.pot = document
        return view(number, *args, **kwargs)

    return checked
# file: app.py
from bson import ObjectId
from flask import Blueprint, Flask, abort, g, jsonify, request, session
from flask.views import MethodView
from flask_restful import Api, Resource
from flask_restx import Namespace
from flask_restx import Resource as DocumentedResource

from guards import must_exist, owner_of, pot_of_caller
from store import Beds, Seeds, find, find_mine, gardens, parse

app = Flask(__name__)
api = Api(app)
plants = Blueprint('plants', __name__, url_prefix='/plants')
tools = Namespace('tools', path='/tools')


@app.before_request
def know_caller():
    g.user = gardens.users.find_one({'_id': ObjectId(session['user_id'])}) if 'user_id' in session else None
    if g.user is None:
        abort(401)


# in a helper of another module


@plants.get('/<number>')
def read_plant(number):
    plant = find('plants', number)  # finding: bola-open-lookup
    if not plant:
        return jsonify(error='not found'), 404
    return jsonify(name=plant['name'])


@plants.get('/<number>/mine')
def read_my_plant(number):
    plant = find_mine('plants', number)
    if not plant:
        return jsonify(error='not found'), 404
    return jsonify(name=plant['name'])


@plants.get('/named/<handle>')
def read_named_plant(handle):
    plant = gardens.plants.find_one({'handle': handle, 'user_id': g.user['_id']}, {'name': 1, '_id': 0})
    return jsonify(plant) if plant else (jsonify(error='not found'), 404)


# in a class of views


class BedView(MethodView):
    def get(self, number):
        bed = Beds.by_id(number)  # finding: bola-open-lookup
        return jsonify(name=bed['name']) if bed else abort(404)

    def delete(self, number):
        gardens.beds.delete_one({'_id': parse(number)})  # finding: bola-open-lookup
        return '', 204


class MyBedView(MethodView):
    def get(self, number):
        bed = Beds.of(g.user, number)
        return jsonify(name=bed['name']) if bed else abort(404)

    def delete(self, number):
        gardens.beds.delete_one({'_id': parse(number), 'user_id': g.user['_id']})
        return '', 204


app.add_url_rule('/beds/<number>', view_func=BedView.as_view('bed'))
app.add_url_rule('/my/beds/<number>', view_func=MyBedView.as_view('my-bed'))


# in a resource


class SeedResource(Resource):
    def get(self, number):
        seed = Seeds.by_id(number)  # finding: bola-open-lookup
        return ({'name': seed['name']}, 200) if seed else ({'error': 'not found'}, 404)

    def put(self, number):
        gardens.seeds.update_one({'_id': parse(number)}, {'$set': {'name': str(request.json['name'])}})  # finding: bola-open-lookup
        return {}, 204


class MySeedResource(Resource):
    def get(self, number):
        seed = Seeds.of(g.user, number)
        return ({'name': seed['name']}, 200) if seed else ({'error': 'not found'}, 404)

    def put(self, number):
        done = gardens.seeds.update_one({'_id': parse(number), 'user_id': g.user['_id']}, {'$set': {'name': str(request.json['name'])}})
        return ({}, 204) if done.matched_count else ({'error': 'not found'}, 404)


api.add_resource(SeedResource, '/seeds/<number>')
api.add_resource(MySeedResource, '/my/seeds/<number>')


@tools.route('/<string:number>')
class ToolResource(DocumentedResource):
    def get(self, number):
        return {'name': gardens.tools.find_one({'_id': parse(number)}, {'name': 1})['name']}  # finding: bola-open-lookup


@tools.route('/mine/<string:number>')
class MyToolResource(DocumentedResource):
    def get(self, number):
        tool = gardens.tools.find_one({'_id': parse(number), 'user_id': g.user['_id']}, {'name': 1})
        return {'name': tool['name']} if tool else abort(404)


# behind a decorator


@app.get('/pots/<number>')
@must_exist
def read_pot(number):
    return jsonify(name=request.pot['name'])


@app.get('/my/pots/<number>')
@pot_of_caller
def read_my_pot(number):
    return jsonify(name=request.pot['name'])


@app.get('/sheds/<number>')
@owner_of('sheds')
def read_shed(number):
    return jsonify(name=g.document['name'])


# an id that is hidden in a form, and one in a query


@app.post('/hedges/cut')
def cut_hedge():
    gardens.hedges.update_one({'_id': parse(request.form['hedge_id'])}, {'$inc': {'cuts': 1}})  # finding: bola-open-lookup
    return '', 204


@app.post('/my/hedges/cut')
def cut_my_hedge():
    gardens.hedges.update_one({'_id': parse(request.form['hedge_id']), 'user_id': g.user['_id']}, {'$inc': {'cuts': 1}})
    return '', 204


@app.get('/hedges')
def read_hedge():
    hedge = gardens.hedges.find_one({'_id': parse(request.args.get('id'))}, {'height': 1, '_id': 0})  # finding: bola-open-lookup
    return jsonify(hedge)


app.register_blueprint(plants)
