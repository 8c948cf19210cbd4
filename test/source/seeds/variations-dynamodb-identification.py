# Items of riders by a key that a path names, through tables that are made in functions, classes and modules.
# file: tables.py
import os
from functools import lru_cache

import boto3
from boto3.dynamodb.conditions import Attr, Key
from flask import current_app, g


@lru_cache
def resource():
    return boto3.resource('dynamodb', endpoint_url=os.getenv('DYNAMODB'))


def table(name):
    return resource().Table(f"{os.environ['STAGE']}-{name}")


def get(name, **key):
    return table(name).get_item(Key=key).get('Item')


def items_of(name, user_id):
    answer = table(name).query(KeyConditionExpression=Key('user_id').eq(user_id))
    return answer['Items']


class Store:
    def __init__(self, name):
        self.name = name

    @property
    def table(self):
        return table(self.name)

    def load(self, item_id):
        return self.table.get_item(Key={'item_id': item_id}).get('Item')  # finding: bola-open-lookup

    def load_of(self, user_id, item_id):
        item = self.table.get_item(Key={'item_id': item_id}).get('Item')
        if not item or item.get('user_id') != user_id:
            return None
        return item

    def drop(self, item_id):
        self.table.delete_item(Key={'item_id': item_id})  # finding: bola-open-lookup

    def drop_of(self, user_id, item_id):
        self.table.delete_item(Key={'item_id': item_id}, ConditionExpression=Attr('user_id').eq(user_id))

    def add(self, user_id, item):
        self.table.put_item(Item={**item, 'user_id': user_id})


helmets = Store('helmets')
# file: app.py
import uuid

from boto3.dynamodb.conditions import Key
from flask import Flask, abort, g, jsonify, request
from flask_restful import Api, Resource

from tables import get, helmets, items_of, table

app = Flask(__name__)
api = Api(app)


@app.before_request
def know_caller():
    if not g.user_id:
        abort(401)


@app.post('/helmets')
def add_helmet():
    helmets.add(g.user_id, {'item_id': str(uuid.uuid4()), 'size': int(request.json['size'])})
    return '', 201


@app.get('/users/<user_id>')
def read_user(user_id):
    user = get('users', user_id=user_id)  # finding: bola-subject-as-key
    return jsonify(email=user['email']) if user else abort(404)


@app.get('/my/users/<user_id>')
def read_own_user(user_id):
    if user_id != g.user_id:
        abort(403)
    return jsonify(email=get('users', user_id=user_id)['email'])


@app.get('/me')
def read_me():
    return jsonify(email=get('users', user_id=g.user_id)['email'])


@app.get('/users/<user_id>/rides')
def list_rides(user_id):
    return jsonify([item['km'] for item in items_of('rides', user_id)])  # finding: bola-subject-as-key


@app.get('/my/rides')
def list_own_rides():
    return jsonify([item['km'] for item in items_of('rides', g.user_id)])


@app.get('/helmets/<item_id>')
def read_helmet(item_id):
    helmet = helmets.load(item_id)
    return jsonify(size=helmet['size']) if helmet else abort(404)


@app.get('/my/helmets/<item_id>')
def read_own_helmet(item_id):
    helmet = helmets.load_of(g.user_id, item_id)
    return jsonify(size=helmet['size']) if helmet else abort(404)


class Helmet(Resource):
    def delete(self, item_id):
        helmets.drop(item_id)
        return {}, 204


class MyHelmet(Resource):
    def delete(self, item_id):
        helmets.drop_of(g.user_id, item_id)
        return {}, 204


api.add_resource(Helmet, '/helmets/<item_id>/gone')
api.add_resource(MyHelmet, '/my/helmets/<item_id>/gone')


@app.get('/sizes/<int:size>/helmets')
def list_by_size(size):
    answer = table('helmets').query(IndexName='by-size', KeyConditionExpression=Key('size').eq(size))  # finding: bola-gsi-or-scan
    return jsonify([item['item_id'] for item in answer['Items']])


@app.get('/my/sizes/<int:size>/helmets')
def list_own_by_size(size):
    condition = Key('size').eq(size) & Key('user_id').eq(g.user_id)
    answer = table('helmets').query(IndexName='by-size-and-user', KeyConditionExpression=condition)
    return jsonify([item['item_id'] for item in answer['Items']])


@app.put('/helmets/<item_id>')
def change_helmet(item_id):
    data = request.get_json()
    names = {f'#{name}': name for name in data}
    values = {f':{name}': value for name, value in data.items()}
    table('helmets').update_item(  # finding: mass-assignment
        Key={'item_id': item_id, 'user_id': g.user_id},
        UpdateExpression='SET ' + ', '.join(f'#{name} = :{name}' for name in data),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
    )
    return '', 204


@app.put('/my/helmets/<item_id>')
def change_own_helmet(item_id):
    data = {name: request.json[name] for name in ('size', 'colour') if name in request.json}
    table('helmets').update_item(
        Key={'item_id': item_id, 'user_id': g.user_id},
        UpdateExpression='SET ' + ', '.join(f'#{name} = :{name}' for name in data),
        ExpressionAttributeNames={f'#{name}': name for name in data},
        ExpressionAttributeValues={f':{name}': value for name, value in data.items()},
    )
    return '', 204
