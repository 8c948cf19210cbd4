import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from flask import Flask, abort, g, jsonify, request, session

app = Flask(__name__)
table = boto3.resource('dynamodb').Table('notes')
drafts = boto3.resource('dynamodb').Table('drafts')


@app.before_request
def know_caller():
    g.user_id = session.get('user_id')
    if g.user_id is None:
        abort(401)


@app.get('/notes')
def list_notes():
    found = table.query(KeyConditionExpression=Key('user_id').eq(g.user_id))
    return jsonify([note['text'] for note in found['Items']])


@app.get('/users/<user_id>/notes')
def list_notes_of(user_id):
    if user_id != g.user_id:
        abort(404)
    found = table.query(KeyConditionExpression=Key('user_id').eq(user_id))
    return jsonify([note['text'] for note in found['Items']])


@app.get('/users/<user_id>/notes/<note_id>')
def read_note(user_id, note_id):
    if user_id != g.user_id:
        abort(404)
    note = table.get_item(Key={'user_id': user_id, 'note_id': note_id}).get('Item')
    return jsonify(text=note['text'])


@app.get('/topics/<topic>')
def list_topic(topic):
    found = table.query(KeyConditionExpression=Key('user_id').eq(g.user_id), FilterExpression=Attr('topic').eq(topic))
    return jsonify([note['text'] for note in found['Items']])


@app.post('/drafts')
def add_draft():
    drafts.put_item(Item={'draft_id': 'x', 'owner_id': g.user_id, 'text': str(request.json['text'])})
    return jsonify(ok=True)


@app.get('/drafts/<draft_id>')
def read_draft(draft_id):
    answer = drafts.get_item(Key={'draft_id': draft_id})
    if answer.get('Item') is None or answer.get('Item').get('owner_id') != g.user_id:
        abort(404)
    if 'Item' not in answer:
        abort(404)
    return jsonify(text=answer['Item']['text'])


@app.delete('/drafts/<draft_id>')
def drop_draft(draft_id):
    try:
        drafts.delete_item(Key={'draft_id': draft_id}, ConditionExpression=Attr('owner_id').eq(g.user_id))
    except ClientError as error:
        if error.response['Error']['Code'] != 'ConditionalCheckFailedException':
            raise
        abort(404)
    return '', 204


@app.put('/drafts/<draft_id>')
def change_draft(draft_id):
    try:
        drafts.update_item(
            Key={'draft_id': draft_id},
            UpdateExpression='SET #text = :text',
            ExpressionAttributeNames={'#text': 'text'},
            ExpressionAttributeValues={':text': str(request.json['text'])},
            ConditionExpression=Attr('owner_id').eq(g.user_id),
        )
    except ClientError as error:
        if error.response['Error']['Code'] != 'ConditionalCheckFailedException':
            raise
        abort(404)
    return jsonify(ok=True)
