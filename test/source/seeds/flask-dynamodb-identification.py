"""Cyclists and their rides: the key of an item names its rider."""

import os
import re

import boto3
from boto3.dynamodb.conditions import Attr, Key
from flask import Flask, jsonify, request

app = Flask(__name__)
ALLOWED = {'display_name', 'bio', 'theme'}


@app.route('/riders/<user_id>')
def read_rider(user_id):
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    answer = table.get_item(Key={'user_id': user_id})  # finding: bola-subject-as-key
    return jsonify(answer.get('Item', {}))  # finding: excessive-exposure


@app.route('/riders/<user_id>/rides')
def list_rides(user_id):
    table = boto3.resource('dynamodb').Table(os.environ['RIDES'])
    answer = table.query(KeyConditionExpression=Key('user_id').eq(user_id))  # finding: bola-subject-as-key
    return jsonify(answer.get('Items', []))  # finding: excessive-exposure


@app.route('/hills/<hill>/rides')
def list_by_hill(hill):
    table = boto3.resource('dynamodb').Table(os.environ['RIDES'])
    answer = table.query(IndexName='by-hill', KeyConditionExpression=Key('hill').eq(hill))  # finding: bola-gsi-or-scan
    return jsonify(answer.get('Items', []))  # finding: excessive-exposure


@app.route('/riders/<user_id>', methods=['PUT'])
def change_rider(user_id):
    table = boto3.resource('dynamodb').Table(os.environ['RIDERS'])
    table.put_item(Item=request.get_json())  # finding: mass-assignment
    return jsonify({'status': 'ok'})
