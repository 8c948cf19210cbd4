"""Trails of walkers in the document databases of clouds: Firestore and Supabase."""

import firebase_admin
from firebase_admin import auth, firestore
from flask import Flask, abort, g, jsonify, request
from google.cloud import firestore as cloud_firestore
from supabase import create_client

app = Flask(__name__)
firebase_admin.initialize_app()
db = firestore.client()
other = cloud_firestore.Client()
supabase = create_client('https://example.supabase.co', 'key')
trails = db.collection('trails')


@app.before_request
def know_caller():
    token = request.headers.get('Authorization', '').removeprefix('Bearer ')
    try:
        g.uid = auth.verify_id_token(token)['uid']
    except Exception:
        abort(401)


@app.post('/trails')
def add():
    _, made = trails.add({'name': request.json['name'], 'uid': g.uid})
    return jsonify(id=made.id), 201


@app.get('/trails/<trail_id>')
def read(trail_id):
    snapshot = db.collection('trails').document(trail_id).get()  # finding: bola-open-lookup
    if not snapshot.exists:
        abort(404)
    return jsonify(name=snapshot.to_dict()['name'])


@app.get('/trails/<trail_id>/other')
def read_other(trail_id):
    reference = other.collection('trails').document(trail_id)
    return jsonify(name=reference.get().get('name'))  # finding: bola-open-lookup


@app.get('/own/trails/<trail_id>')
def read_own(trail_id):
    trail = trails.document(trail_id).get().to_dict()
    if not trail or trail['uid'] != g.uid:
        abort(404)
    return jsonify(name=trail['name'])


@app.get('/own/trails/<trail_id>/below')
def read_below(trail_id):
    snapshot = db.collection('users').document(g.uid).collection('trails').document(trail_id).get()
    return jsonify(name=snapshot.to_dict()['name'])


@app.get('/users/<uid>/trails/<trail_id>')
def read_below_any(uid, trail_id):
    snapshot = db.collection('users').document(uid).collection('trails').document(trail_id).get()  # finding: bola-open-lookup
    return jsonify(name=snapshot.to_dict()['name'])


@app.get('/users/<uid>/trails')
def list_of(uid):
    return jsonify([each.to_dict()['name'] for each in trails.where('uid', '==', uid).stream()])  # finding: bola-subject-as-key


@app.get('/trails')
def list_own():
    found = trails.where('uid', '==', g.uid).order_by('name').limit(20).stream()
    return jsonify([each.to_dict()['name'] for each in found])


@app.put('/trails/<trail_id>')
def change(trail_id):
    trails.document(trail_id).update({'name': request.json['name']})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/trails/<trail_id>')
def change_own(trail_id):
    reference = trails.document(trail_id)
    trail = reference.get().to_dict()
    if trail is None or trail['uid'] != g.uid:
        abort(404)
    reference.update({'name': request.json['name']})
    return '', 204


@app.delete('/trails/<trail_id>')
def drop(trail_id):
    trails.document(trail_id).delete()  # finding: bola-open-lookup
    return '', 204


# Supabase


@app.get('/huts/<hut_id>')
def read_hut(hut_id):
    answer = supabase.table('huts').select('name').eq('id', hut_id).execute()  # finding: bola-open-lookup
    return jsonify(answer.data)


@app.get('/huts/<hut_id>/single')
def read_single_hut(hut_id):
    return jsonify(supabase.from_('huts').select('name').eq('id', hut_id).single().execute().data)  # finding: bola-open-lookup


@app.get('/own/huts/<hut_id>')
def read_own_hut(hut_id):
    answer = supabase.table('huts').select('name').eq('id', hut_id).eq('keeper', g.uid).execute()
    return jsonify(answer.data)


@app.get('/own/huts/<hut_id>/matched')
def read_matched_hut(hut_id):
    return jsonify(supabase.table('huts').select('name').match({'id': hut_id, 'keeper': g.uid}).execute().data)


@app.put('/huts/<hut_id>')
def change_hut(hut_id):
    supabase.table('huts').update({'name': request.json['name']}).eq('id', hut_id).execute()  # finding: bola-open-lookup
    return '', 204


@app.put('/own/huts/<hut_id>')
def change_own_hut(hut_id):
    supabase.table('huts').update({'name': request.json['name']}).eq('id', hut_id).eq('keeper', g.uid).execute()
    return '', 204


@app.delete('/huts/<hut_id>')
def drop_hut(hut_id):
    supabase.table('huts').delete().eq('id', hut_id).execute()  # finding: bola-open-lookup
    return '', 204
