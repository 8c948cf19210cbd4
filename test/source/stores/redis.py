"""Drafts of speeches in Redis: one key each, hashes, sets of what belongs to whom."""

import json
import uuid

import redis
from flask import Flask, abort, g, jsonify, request
from flask_redis import FlaskRedis

app = Flask(__name__)
r = redis.Redis(host='localhost', decode_responses=True)
redis_client = FlaskRedis(app)
cache = redis.from_url('redis://localhost')


@app.before_request
def know_caller():
    token = request.headers.get('Authorization', '')
    g.user_id = r.get(f'token:{token}')
    if g.user_id is None:
        abort(401)


@app.post('/drafts')
def add():
    number = uuid.uuid4().hex
    r.set(f'draft:{number}', json.dumps({'text': request.json['text'], 'owner': g.user_id}))
    r.hset(f'speech:{number}', mapping={'text': request.json['text'], 'owner': g.user_id})
    r.hset('speeches', number, json.dumps({'text': request.json['text'], 'owner': g.user_id}))
    r.sadd(f'drafts:{g.user_id}', number)
    return jsonify(id=number), 201


@app.get('/drafts/<draft_id>')
def read(draft_id):
    draft = r.get(f'draft:{draft_id}')  # finding: bola-open-lookup
    if draft is None:
        abort(404)
    return jsonify(text=json.loads(draft)['text'])


@app.get('/drafts/<draft_id>/plus')
def read_plus(draft_id):
    raw = redis_client.get('draft:' + draft_id)  # finding: bola-open-lookup
    return jsonify(text=json.loads(raw)['text'])


@app.get('/speeches/<speech_id>')
def read_hash(speech_id):
    speech = r.hgetall(f'speech:{speech_id}')  # finding: bola-open-lookup
    return jsonify(text=speech['text'])


@app.get('/speeches/<speech_id>/field')
def read_field(speech_id):
    return jsonify(text=cache.hget('speech:%s' % speech_id, 'text'))  # finding: bola-open-lookup


@app.get('/speeches/of-hash/<speech_id>')
def read_of_hash(speech_id):
    return jsonify(json.loads(r.hget('speeches', speech_id))['text'])  # finding: bola-open-lookup


@app.get('/own/drafts/<draft_id>')
def read_own(draft_id):
    raw = r.get(f'draft:{draft_id}')
    draft = json.loads(raw) if raw else None
    if draft is None or draft['owner'] != g.user_id:
        abort(404)
    return jsonify(text=draft['text'])


@app.get('/own/drafts/<draft_id>/key')
def read_own_key(draft_id):
    raw = r.get(f'user:{g.user_id}:draft:{draft_id}')
    return jsonify(json.loads(raw)) if raw else abort(404)


@app.get('/own/drafts/<draft_id>/member')
def read_own_member(draft_id):
    if not r.sismember(f'drafts:{g.user_id}', draft_id):
        abort(404)
    return jsonify(text=json.loads(r.get(f'draft:{draft_id}'))['text'])


@app.get('/own/speeches/<speech_id>')
def read_own_hash(speech_id):
    speech = r.hgetall(f'speech:{speech_id}')
    if not speech or speech['owner'] != g.user_id:
        abort(404)
    return jsonify(text=speech['text'])


@app.get('/users/<user_id>/drafts')
def list_of(user_id):
    return jsonify(list(r.smembers(f'drafts:{user_id}')))  # finding: bola-subject-as-key


@app.get('/own/drafts')
def list_own():
    return jsonify(list(r.smembers(f'drafts:{g.user_id}')))


@app.put('/drafts/<draft_id>')
def change(draft_id):
    r.set(f'draft:{draft_id}', json.dumps({'text': request.json['text']}))  # finding: bola-open-lookup
    return '', 204


@app.put('/speeches/<speech_id>')
def change_hash(speech_id):
    r.hset(f'speech:{speech_id}', 'text', request.json['text'])  # finding: bola-open-lookup
    return '', 204


@app.put('/own/speeches/<speech_id>')
def change_own_hash(speech_id):
    if r.hget(f'speech:{speech_id}', 'owner') != g.user_id:
        abort(404)
    r.hset(f'speech:{speech_id}', 'text', request.json['text'])
    return '', 204


@app.delete('/drafts/<draft_id>')
def drop(draft_id):
    r.delete(f'draft:{draft_id}')  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/drafts/<draft_id>')
def drop_own(draft_id):
    if not r.sismember(f'drafts:{g.user_id}', draft_id):
        abort(404)
    r.delete(f'draft:{draft_id}')
    return '', 204


@app.get('/drafts/<draft_id>/exists')
def exists(draft_id):
    return jsonify(exists=bool(r.exists(f'draft:{draft_id}')))
