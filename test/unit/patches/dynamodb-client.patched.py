import boto3
from flask import Flask, abort, g, jsonify

app = Flask(__name__)
client = boto3.client('dynamodb')


@app.get('/notes')
def list_notes():
    found = client.query(TableName='notes', KeyConditionExpression='user_id = :me', ExpressionAttributeValues={':me': {'S': g.user_id}})
    return jsonify([note['text']['S'] for note in found['Items']])


@app.get('/users/<user_id>')
def read_note(user_id):
    if user_id != g.user_id:
        abort(404)
    note = client.get_item(TableName='notes', Key={'user_id': {'S': user_id}})['Item']
    return jsonify(text=note['text']['S'])
