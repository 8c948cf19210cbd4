"""Bicycles and their rentals in DynamoDB, through the resource of boto3. Rentals have the key (rider_id, rental_id)."""

import os
import uuid

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from flask import Flask, abort, current_app, g, jsonify, request

app = Flask(__name__)
dynamodb = boto3.resource('dynamodb', region_name='eu-west-1')
bikes = dynamodb.Table('bikes')
rentals = dynamodb.Table(os.environ['RENTALS_TABLE'])
app.config['BIKES'] = dynamodb.Table('bikes')


def table(name):
    return boto3.resource('dynamodb').Table(name)


def get_table():
    if 'bikes' not in g:
        g.bikes = boto3.Session().resource('dynamodb').Table('bikes')
    return g.bikes


@app.before_request
def know_caller():
    if not g.user_id:
        abort(401)


@app.post('/bikes')
def add():
    bike = {'bike_id': uuid.uuid4().hex, 'colour': request.json['colour'], 'owner_id': g.user_id}
    bikes.put_item(Item=bike)
    return jsonify(bike_id=bike['bike_id']), 201


# read


@app.get('/bikes/<bike_id>')
def read(bike_id):
    answer = bikes.get_item(Key={'bike_id': bike_id})  # finding: bola-open-lookup
    if 'Item' not in answer:
        abort(404)
    return jsonify(colour=answer['Item']['colour'])


@app.get('/bikes/<bike_id>/got')
def read_got(bike_id):
    item = bikes.get_item(Key={'bike_id': bike_id}).get('Item')  # finding: bola-open-lookup
    if not item:
        return jsonify(error='not found'), 404
    return jsonify(colour=item['colour'])


@app.get('/bikes/<bike_id>/tried')
def read_tried(bike_id):
    try:
        item = bikes.get_item(Key={'bike_id': bike_id}, ProjectionExpression='colour')['Item']  # finding: bola-open-lookup
    except KeyError:
        abort(404)
    except ClientError as error:
        return jsonify(error=error.response['Error']['Message']), 500
    return jsonify(item)


@app.get('/bikes/<bike_id>/by-name')
def read_by_name(bike_id):
    return jsonify(colour=table('bikes').get_item(Key={'bike_id': bike_id})['Item']['colour'])  # finding: bola-open-lookup


@app.get('/bikes/<bike_id>/context')
def read_context(bike_id):
    return jsonify(colour=get_table().get_item(Key={'bike_id': bike_id})['Item']['colour'])  # finding: bola-open-lookup


@app.get('/bikes/<bike_id>/config')
def read_config(bike_id):
    answer = current_app.config['BIKES'].get_item(Key={'bike_id': bike_id})  # finding: bola-open-lookup
    return jsonify(colour=answer['Item']['colour'])


def load(store, bike_id):
    return store.get_item(Key={'bike_id': bike_id}).get('Item')  # finding: bola-open-lookup


@app.get('/bikes/<bike_id>/handed')
def read_handed(bike_id):
    bike = load(bikes, bike_id)
    return jsonify(colour=bike['colour']) if bike else abort(404)


class BikeStore:
    def __init__(self, store=None):
        self.table = store or dynamodb.Table('bikes')

    def get(self, bike_id):
        return self.table.get_item(Key={'bike_id': bike_id}).get('Item')  # finding: bola-open-lookup

    def get_of(self, bike_id, owner_id):
        item = self.table.get_item(Key={'bike_id': bike_id}).get('Item')
        return item if item and item['owner_id'] == owner_id else None


store = BikeStore()


@app.get('/bikes/<bike_id>/stored')
def read_stored(bike_id):
    return jsonify(colour=store.get(bike_id)['colour'])


@app.get('/own/bikes/<bike_id>/stored')
def read_own_stored(bike_id):
    bike = store.get_of(bike_id, g.user_id)
    if bike is None:
        abort(404)
    return jsonify(colour=bike['colour'])


@app.get('/own/bikes/<bike_id>')
def read_own(bike_id):
    answer = bikes.get_item(Key={'bike_id': bike_id})
    if 'Item' not in answer or answer['Item']['owner_id'] != g.user_id:
        abort(404)
    return jsonify(colour=answer['Item']['colour'])


@app.get('/own/bikes/<bike_id>/item')
def read_own_item(bike_id):
    item = bikes.get_item(Key={'bike_id': bike_id}).get('Item')
    if item is None or item.get('owner_id') != g.user_id:
        return jsonify(error='not found'), 404
    return jsonify(colour=item['colour'])


@app.get('/own/rentals/<rental_id>')
def read_rental(rental_id):
    answer = rentals.get_item(Key={'rider_id': g.user_id, 'rental_id': rental_id})
    return jsonify(answer.get('Item', {}).get('minutes'))


@app.get('/own/rentals/<rental_id>/prefixed')
def read_prefixed_rental(rental_id):
    answer = rentals.get_item(Key={'pk': f'RIDER#{g.user_id}', 'sk': f'RENTAL#{rental_id}'})
    return jsonify(minutes=answer['Item']['minutes'])


@app.get('/riders/<rider_id>/rentals/<rental_id>')
def read_rental_of(rider_id, rental_id):
    answer = rentals.get_item(Key={'pk': f'RIDER#{rider_id}', 'sk': f'RENTAL#{rental_id}'})  # finding: bola-open-lookup
    return jsonify(minutes=answer['Item']['minutes'])


# list


@app.get('/riders/<rider_id>/rentals')
def list_of_rider(rider_id):
    answer = rentals.query(KeyConditionExpression=Key('rider_id').eq(rider_id))  # finding: bola-open-lookup
    return jsonify([item['minutes'] for item in answer['Items']])


@app.get('/riders/<rider_id>/rentals/written')
def list_of_rider_written(rider_id):
    answer = rentals.query(  # finding: bola-open-lookup
        KeyConditionExpression='rider_id = :rider AND rental_id > :from',
        ExpressionAttributeValues={':rider': rider_id, ':from': '2024'},
    )
    return jsonify([item['minutes'] for item in answer.get('Items', [])])


@app.get('/own/rentals')
def list_own():
    answer = rentals.query(
        KeyConditionExpression=Key('rider_id').eq(g.user_id) & Key('rental_id').begins_with(request.args.get('month', '')),
        ScanIndexForward=False,
        Limit=20,
    )
    return jsonify([item['minutes'] for item in answer['Items']])


@app.get('/own/rentals/written')
def list_own_written():
    answer = rentals.query(
        KeyConditionExpression='#r = :rider AND begins_with(rental_id, :month)',
        ExpressionAttributeNames={'#r': 'rider_id'},
        ExpressionAttributeValues={':rider': g.user_id, ':month': request.args.get('month', '')},
    )
    return jsonify([item['minutes'] for item in answer['Items']])


@app.get('/own/rentals/paged')
def list_own_paged():
    wanted = {'KeyConditionExpression': Key('rider_id').eq(g.user_id)}
    items = []
    while True:
        answer = rentals.query(**wanted)
        items.extend(answer['Items'])
        if 'LastEvaluatedKey' not in answer:
            break
        wanted['ExclusiveStartKey'] = answer['LastEvaluatedKey']
    return jsonify([item['minutes'] for item in items])


@app.get('/bikes/<bike_id>/rentals')
def list_by_index(bike_id):
    answer = rentals.query(IndexName='by-bike', KeyConditionExpression=Key('bike_id').eq(bike_id))  # finding: bola-gsi-or-scan
    return jsonify([item['minutes'] for item in answer['Items']])


@app.get('/own/bikes/<bike_id>/rentals')
def list_by_index_of_own(bike_id):
    bike = bikes.get_item(Key={'bike_id': bike_id}).get('Item')
    if not bike or bike['owner_id'] != g.user_id:
        abort(404)
    answer = rentals.query(IndexName='by-bike', KeyConditionExpression=Key('bike_id').eq(bike_id))
    return jsonify([item['minutes'] for item in answer['Items']])


@app.get('/bikes/coloured/<colour>')
def scan_by_colour(colour):
    answer = bikes.scan(FilterExpression=Attr('colour').eq(colour))  # finding: bola-gsi-or-scan
    return jsonify([item['bike_id'] for item in answer['Items']])


@app.get('/own/bikes/coloured/<colour>')
def scan_own_by_colour(colour):
    answer = bikes.scan(FilterExpression=Attr('colour').eq(colour) & Attr('owner_id').eq(g.user_id))
    return jsonify([item['bike_id'] for item in answer['Items']])


@app.get('/own/bikes/coloured/<colour>/filtered')
def scan_and_filter(colour):
    items = bikes.scan(FilterExpression=Attr('colour').eq(colour))['Items']
    return jsonify([item['bike_id'] for item in items if item['owner_id'] == g.user_id])


@app.post('/bikes/some')
def read_some():
    keys = [{'bike_id': each} for each in request.json['ids']]
    answer = dynamodb.batch_get_item(RequestItems={'bikes': {'Keys': keys}})  # finding: bola-open-lookup
    return jsonify([item['colour'] for item in answer['Responses']['bikes']])


@app.post('/own/rentals/some')
def read_own_some():
    keys = [{'rider_id': g.user_id, 'rental_id': each} for each in request.json['ids']]
    answer = dynamodb.batch_get_item(RequestItems={'rentals': {'Keys': keys}})
    return jsonify([item['minutes'] for item in answer['Responses']['rentals']])


# change


@app.put('/bikes/<bike_id>')
def change(bike_id):
    bikes.update_item(  # finding: bola-open-lookup
        Key={'bike_id': bike_id},
        UpdateExpression='SET colour = :colour',
        ExpressionAttributeValues={':colour': request.json['colour']},
    )
    return '', 204


@app.put('/bikes/<bike_id>/returned')
def change_returned(bike_id):
    answer = bikes.update_item(  # finding: bola-open-lookup
        Key={'bike_id': bike_id},
        UpdateExpression='SET colour = :colour',
        ExpressionAttributeValues={':colour': request.json['colour']},
        ConditionExpression=Attr('bike_id').exists(),
        ReturnValues='ALL_NEW',
    )
    return jsonify(colour=answer['Attributes']['colour'])


@app.put('/own/bikes/<bike_id>')
def change_own(bike_id):
    try:
        bikes.update_item(
            Key={'bike_id': bike_id},
            UpdateExpression='SET colour = :colour',
            ConditionExpression=Attr('owner_id').eq(g.user_id),
            ExpressionAttributeValues={':colour': request.json['colour']},
        )
    except dynamodb.meta.client.exceptions.ConditionalCheckFailedException:
        abort(404)
    return '', 204


@app.put('/own/bikes/<bike_id>/written')
def change_own_written(bike_id):
    bikes.update_item(
        Key={'bike_id': bike_id},
        UpdateExpression='SET colour = :colour',
        ConditionExpression='owner_id = :me',
        ExpressionAttributeValues={':colour': request.json['colour'], ':me': g.user_id},
    )
    return '', 204


@app.put('/bikes/<bike_id>/noted')
def change_noted(bike_id):
    bikes.update_item(  # finding: bola-open-lookup
        Key={'bike_id': bike_id},
        UpdateExpression='SET colour = :colour, changed_by = :me',
        ExpressionAttributeValues={':colour': request.json['colour'], ':me': g.user_id},
    )
    return '', 204


@app.put('/bikes/<bike_id>/put')
def put(bike_id):
    bikes.put_item(Item={'bike_id': bike_id, 'colour': request.json['colour'], 'owner_id': g.user_id})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/bikes/<bike_id>/put')
def put_own(bike_id):
    bikes.put_item(
        Item={'bike_id': bike_id, 'colour': request.json['colour'], 'owner_id': g.user_id},
        ConditionExpression=Attr('bike_id').not_exists() | Attr('owner_id').eq(g.user_id),
    )
    return '', 204


@app.post('/bikes/batch')
def put_batch():
    with bikes.batch_writer() as batch:
        for each in request.json['bikes']:
            batch.put_item(Item={'bike_id': uuid.uuid4().hex, 'colour': each['colour'], 'owner_id': g.user_id})
    return '', 204


# delete


@app.delete('/bikes/<bike_id>')
def drop(bike_id):
    bikes.delete_item(Key={'bike_id': bike_id})  # finding: bola-open-lookup
    return '', 204


@app.delete('/bikes')
def drop_batch():
    with bikes.batch_writer() as batch:
        for each in request.json['ids']:
            batch.delete_item(Key={'bike_id': each})  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/bikes/<bike_id>')
def drop_own(bike_id):
    bikes.delete_item(Key={'bike_id': bike_id}, ConditionExpression=Attr('owner_id').eq(g.user_id))
    return '', 204


@app.delete('/own/bikes/<bike_id>/written')
def drop_own_written(bike_id):
    bikes.delete_item(
        Key={'bike_id': bike_id},
        ConditionExpression='#owner = :me',
        ExpressionAttributeNames={'#owner': 'owner_id'},
        ExpressionAttributeValues={':me': g.user_id},
    )
    return '', 204


@app.delete('/own/rentals/<rental_id>')
def drop_rental(rental_id):
    rentals.delete_item(Key={'rider_id': g.user_id, 'rental_id': rental_id})
    return '', 204


@app.get('/bikes/<bike_id>/count')
def count(bike_id):
    return jsonify(rentals.query(IndexName='by-bike', KeyConditionExpression=Key('bike_id').eq(bike_id), Select='COUNT')['Count'])
