import { matchesOf } from './open-access.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'bola-subject-as-key',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'Whose data it is comes from the client, and is never compared with the caller',
    risk: 'A caller names another user or tenant, and gets what is theirs.',
    remedy: 'Take the user or tenant from the session or token; if the path names one, refuse every other before anything is read.',
    cwe: [639],
    owasp: 'API1:2023',
  },
  match: (run, app) => matchesOf(run, app, 'subject'),
  examples: [
    `
import os
import boto3
from boto3.dynamodb.conditions import Key
from flask import Flask, g, jsonify, request
app = Flask(__name__)

@app.route('/people/<user_id>')
def read_person(user_id):
    table = boto3.resource('dynamodb').Table(os.environ['PEOPLE'])
    answer = table.get_item(Key={'user_id': user_id})  # finding
    return jsonify(answer.get('Item', {}))

@app.route('/people/<user_id>/notes')
def list_notes(user_id):
    table = boto3.resource('dynamodb').Table(os.environ['NOTES'])
    answer = table.query(KeyConditionExpression=Key('user_id').eq(user_id))  # finding
    return jsonify(answer.get('Items', []))

@app.route('/me')
def read_me():
    user_id = get_authenticated_user_id()
    table = boto3.resource('dynamodb').Table(os.environ['PEOPLE'])
    answer = table.get_item(Key={'user_id': user_id})  # ok
    return jsonify(answer.get('Item', {}))

def tidy(raw):
    if not raw.isalnum():
        raise ValueError('invalid')
    return raw

@app.route('/same/<raw_user_id>')
def read_same(raw_user_id):
    user_id = tidy(raw_user_id)
    if user_id != get_authenticated_user_id():
        return jsonify(error='forbidden'), 403
    table = boto3.resource('dynamodb').Table(os.environ['PEOPLE'])
    answer = table.get_item(Key={'user_id': user_id})  # ok
    return jsonify(answer.get('Item', {}))
`,
    `
from flask import Flask, abort, g
from app.models import User, db
app = Flask(__name__)

@app.route('/groups/<int:org_id>/people')
def list_people(org_id):
    people = db.session.query(User).filter(User.org_id == org_id).all()  # finding
    return [{'id': person.id, 'email': person.email} for person in people]

@app.route('/own/<int:org_id>/people')
def list_own_people(org_id):
    if not user_has_access(g.user.id, org_id):
        abort(403)
    people = db.session.query(User).filter(User.org_id == org_id).all()  # ok
    return [{'id': person.id, 'email': person.email} for person in people]
`,
  ],
});
