"""Parcels and their scans, through the client of boto3, with typed values."""

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from flask import Flask, abort, g, jsonify, request

app = Flask(__name__)
client = boto3.client('dynamodb')
ddb = boto3.session.Session().client('dynamodb')
serialize = TypeSerializer().serialize
deserialize = TypeDeserializer().deserialize


@app.before_request
def know_caller():
    if g.get('user') is None:
        abort(401)


@app.post('/parcels')
def add():
    client.put_item(
        TableName='parcels',
        Item={'id': {'S': request.json['id']}, 'weight': {'N': str(request.json['weight'])}, 'sender_id': {'S': g.user['id']}},
        ConditionExpression='attribute_not_exists(id)',
    )
    return '', 201


@app.get('/parcels/<parcel_id>')
def read(parcel_id):
    answer = client.get_item(TableName='parcels', Key={'id': {'S': parcel_id}})  # finding: bola-open-lookup
    return jsonify(weight=answer['Item']['weight']['N'])


@app.get('/parcels/<parcel_id>/told')
def read_told(parcel_id):
    answer = ddb.get_item(TableName='parcels', Key={'id': {'S': str(parcel_id)}})  # finding: bola-open-lookup
    if 'Item' not in answer:
        return jsonify(error='not found'), 404
    item = {name: deserialize(value) for name, value in answer['Item'].items()}
    return jsonify(weight=item['weight'])


@app.get('/parcels/<parcel_id>/serialized')
def read_serialized(parcel_id):
    answer = client.get_item(TableName='parcels', Key={'id': serialize(parcel_id)})  # finding: bola-open-lookup
    return jsonify(weight=answer['Item']['weight']['N'])


@app.get('/own/parcels/<parcel_id>')
def read_own(parcel_id):
    answer = client.get_item(TableName='parcels', Key={'id': {'S': parcel_id}})
    item = answer.get('Item')
    if item is None or item['sender_id']['S'] != g.user['id']:
        abort(404)
    return jsonify(weight=item['weight']['N'])


@app.get('/own/parcels/<parcel_id>/deserialized')
def read_own_deserialized(parcel_id):
    answer = client.get_item(TableName='parcels', Key={'id': {'S': parcel_id}})
    item = {name: deserialize(value) for name, value in answer.get('Item', {}).items()}
    if item.get('sender_id') != g.user['id']:
        abort(404)
    return jsonify(weight=item['weight'])


@app.get('/own/parcels/<parcel_id>/key')
def read_own_key(parcel_id):
    answer = client.get_item(TableName='parcels', Key={'sender_id': {'S': g.user['id']}, 'id': {'S': parcel_id}})
    return jsonify(weight=answer['Item']['weight']['N'])


@app.get('/senders/<sender_id>/parcels')
def list_of_sender(sender_id):
    answer = client.query(  # finding: bola-open-lookup
        TableName='parcels',
        KeyConditionExpression='sender_id = :sender',
        ExpressionAttributeValues={':sender': {'S': sender_id}},
    )
    return jsonify([item['weight']['N'] for item in answer['Items']])


@app.get('/parcels')
def list_own():
    answer = client.query(
        TableName='parcels',
        KeyConditionExpression='sender_id = :sender',
        ExpressionAttributeValues={':sender': {'S': g.user['id']}},
    )
    return jsonify([item['weight']['N'] for item in answer['Items']])


@app.get('/senders/<sender_id>/parcels/paged')
def list_paged(sender_id):
    paginator = client.get_paginator('query')
    pages = paginator.paginate(  # finding: bola-open-lookup
        TableName='parcels',
        KeyConditionExpression='sender_id = :sender',
        ExpressionAttributeValues={':sender': {'S': sender_id}},
    )
    return jsonify([item['weight']['N'] for page in pages for item in page['Items']])


@app.get('/parcels/paged')
def list_own_paged():
    pages = client.get_paginator('query').paginate(
        TableName='parcels',
        KeyConditionExpression='sender_id = :sender',
        ExpressionAttributeValues={':sender': {'S': g.user['id']}},
    )
    return jsonify([item['weight']['N'] for page in pages for item in page['Items']])


@app.get('/parcels/in/<town>')
def scan(town):
    answer = client.scan(  # finding: bola-gsi-or-scan
        TableName='parcels',
        FilterExpression='town = :town',
        ExpressionAttributeValues={':town': {'S': town}},
    )
    return jsonify([item['weight']['N'] for item in answer['Items']])


@app.get('/parcels/<parcel_id>/partiql')
def read_partiql(parcel_id):
    answer = client.execute_statement(  # finding: bola-open-lookup
        Statement='SELECT weight FROM parcels WHERE id = ?',
        Parameters=[{'S': parcel_id}],
    )
    return jsonify([item['weight']['N'] for item in answer['Items']])


@app.get('/own/parcels/<parcel_id>/partiql')
def read_own_partiql(parcel_id):
    answer = client.execute_statement(
        Statement='SELECT weight FROM "parcels" WHERE id = ? AND sender_id = ?',
        Parameters=[{'S': parcel_id}, {'S': g.user['id']}],
    )
    return jsonify([item['weight']['N'] for item in answer['Items']])


@app.delete('/parcels/<parcel_id>/partiql')
def drop_partiql(parcel_id):
    client.execute_statement(Statement='DELETE FROM parcels WHERE id = ?', Parameters=[{'S': parcel_id}])  # finding: bola-open-lookup
    return '', 204


@app.put('/parcels/<parcel_id>')
def change(parcel_id):
    client.update_item(  # finding: bola-open-lookup
        TableName='parcels',
        Key={'id': {'S': parcel_id}},
        UpdateExpression='SET weight = :weight',
        ExpressionAttributeValues={':weight': {'N': str(request.json['weight'])}},
    )
    return '', 204


@app.put('/own/parcels/<parcel_id>')
def change_own(parcel_id):
    try:
        client.update_item(
            TableName='parcels',
            Key={'id': {'S': parcel_id}},
            UpdateExpression='SET weight = :weight',
            ConditionExpression='sender_id = :me',
            ExpressionAttributeValues={':weight': {'N': str(request.json['weight'])}, ':me': {'S': g.user['id']}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        abort(404)
    return '', 204


@app.delete('/parcels/<parcel_id>')
def drop(parcel_id):
    client.delete_item(TableName='parcels', Key={'id': {'S': parcel_id}})  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/parcels/<parcel_id>')
def drop_own(parcel_id):
    client.delete_item(
        TableName='parcels',
        Key={'id': {'S': parcel_id}},
        ConditionExpression='sender_id = :me',
        ExpressionAttributeValues={':me': {'S': g.user['id']}},
    )
    return '', 204


@app.post('/parcels/moved')
def move():
    client.transact_write_items(  # finding: bola-open-lookup
        TransactItems=[
            {'Delete': {'TableName': 'parcels', 'Key': {'id': {'S': request.json['from']}}}},
            {'Put': {'TableName': 'parcels', 'Item': {'id': {'S': request.json['to']}}}},
        ]
    )
    return '', 204


@app.post('/own/parcels/moved')
def move_own():
    client.transact_write_items(
        TransactItems=[
            {
                'Delete': {
                    'TableName': 'parcels',
                    'Key': {'id': {'S': request.json['from']}},
                    'ConditionExpression': 'sender_id = :me',
                    'ExpressionAttributeValues': {':me': {'S': g.user['id']}},
                }
            }
        ]
    )
    return '', 204


@app.post('/parcels/some')
def read_some():
    keys = [{'id': {'S': each}} for each in request.json['ids']]
    answer = client.batch_get_item(RequestItems={'parcels': {'Keys': keys}})  # finding: bola-open-lookup
    return jsonify([item['weight']['N'] for item in answer['Responses']['parcels']])
