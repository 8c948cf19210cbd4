"""Cyclists and their rides: every key holds whoever is calling."""

import os
import re

import boto3
from boto3.dynamodb.conditions import Attr, Key
from flask import Flask, jsonify, request

app = Flask(__name__)
ALLOWED = {'display_name', 'bio', 'theme'}


@app.route('/profile')
def read_own():
    user_id = get_authenticated_user_id()
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    answer = table.get_item(Key={'user_id': user_id})
    return jsonify(answer.get('Item', {}))


@app.route('/rides')
def list_own():
    user_id = get_authenticated_user_id()
    table = boto3.resource('dynamodb').Table(os.environ['RIDES'])
    answer = table.query(KeyConditionExpression=Key('owner_id').eq(user_id))
    return jsonify(answer.get('Items', []))


def canonical(raw):
    if not re.match(r'^[a-zA-Z0-9_-]+$', raw):
        raise ValueError('Invalid rider')
    return raw


@app.route('/riders/<raw_user_id>')
def read_same(raw_user_id):
    user_id = canonical(raw_user_id)
    if user_id != get_authenticated_user_id():
        return jsonify({'error': 'Unauthorized'}), 403
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    answer = table.get_item(Key={'user_id': user_id})
    return jsonify(answer.get('Item', {}))


@app.route('/profile', methods=['PUT'])
def change_own():
    user_id = get_authenticated_user_id()
    data = request.get_json()
    names = [name for name in ALLOWED if name in data]
    if not names:
        return jsonify({'error': 'No valid fields'}), 400
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    table.update_item(
        Key={'user_id': user_id},
        UpdateExpression='SET ' + ', '.join(f'#{name} = :{name}' for name in names),
        ExpressionAttributeNames={f'#{name}': name for name in names},
        ExpressionAttributeValues={f':{name}': data[name] for name in names},
    )
    return jsonify({'status': 'ok'})


@app.route('/count')
def count_riders():
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    answer = table.scan(FilterExpression=Attr('enabled').eq(True))
    return jsonify({'count': len(answer.get('Items', []))})
