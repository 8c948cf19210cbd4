import { matchesOf } from './open-access.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'bola-gsi-or-scan',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'An index or a scan returns items of everybody',
    risk: 'A secondary index whose key does not hold the owner, or a scan, crosses the border that the key of the table draws.',
    remedy: 'Query by the owner, with the topic as a filter, or use an index whose partition key holds the owner or tenant.',
    cwe: [639, 863],
    owasp: 'API1:2023',
  },
  match: (run, app) => matchesOf(run, app, 'index'),
  examples: [
    `
import boto3
from boto3.dynamodb.conditions import Attr, Key
from flask import Flask, g, jsonify
app = Flask(__name__)
table = boto3.resource('dynamodb').Table('notes')

@app.get('/topics/<topic>')
def list_by_topic(topic):
    found = table.query(IndexName='by-topic', KeyConditionExpression=Key('topic').eq(topic))  # finding
    return jsonify(found['Items'])

@app.get('/own-topics/<topic>')
def list_own_by_topic(topic):
    found = table.query(KeyConditionExpression=Key('user_id').eq(g.user_id), FilterExpression=Attr('topic').eq(topic))  # ok
    return jsonify(found['Items'])
`,
  ],
});
