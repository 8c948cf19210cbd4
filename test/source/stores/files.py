"""Scans of contracts, on disk and in buckets."""

import os
from pathlib import Path

import boto3
from flask import Flask, abort, current_app, g, jsonify, redirect, request, send_file, send_from_directory
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from google.cloud import storage
from werkzeug.utils import secure_filename

app = Flask(__name__)
db = SQLAlchemy(app)
s3 = boto3.client('s3')
bucket = boto3.resource('s3').Bucket('contracts')
cloud = storage.Client()
UPLOADS = Path('/var/uploads')


class Scan(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    key = db.Column(db.String)
    user_id = db.Column(db.Integer)


@app.post('/scans')
@login_required
def add():
    file = request.files['file']
    key = f'{current_user.id}/{secure_filename(file.filename)}'
    s3.upload_fileobj(file, 'contracts', key)
    db.session.add(Scan(key=key, user_id=current_user.id))
    db.session.commit()
    return '', 201


# a bucket


@app.get('/scans/<name>')
@login_required
def read(name):
    return s3.get_object(Bucket='contracts', Key=name)['Body'].read()  # finding: bola-open-lookup


@app.get('/users/<user_id>/scans/<name>')
@login_required
def read_of(user_id, name):
    return s3.get_object(Bucket='contracts', Key=f'{user_id}/{name}')['Body'].read()  # finding: bola-open-lookup


@app.get('/scans/<name>/link')
@login_required
def link(name):
    url = s3.generate_presigned_url('get_object', Params={'Bucket': 'contracts', 'Key': name}, ExpiresIn=60)  # finding: bola-open-lookup
    return jsonify(url=url)


@app.get('/scans/<name>/redirected')
@login_required
def redirected(name):
    return redirect(s3.generate_presigned_url(ClientMethod='get_object', Params={'Bucket': 'contracts', 'Key': name}))  # finding: bola-open-lookup


@app.get('/scans/<name>/object')
@login_required
def read_object(name):
    return bucket.Object(name).get()['Body'].read()  # finding: bola-open-lookup


@app.get('/scans/<name>/blob')
@login_required
def read_blob(name):
    return cloud.bucket('contracts').blob(name).download_as_bytes()  # finding: bola-open-lookup


@app.delete('/scans/<name>')
@login_required
def drop(name):
    s3.delete_object(Bucket='contracts', Key=name)  # finding: bola-open-lookup
    return '', 204


@app.put('/scans/<name>')
@login_required
def put(name):
    s3.put_object(Bucket='contracts', Key=name, Body=request.get_data())  # finding: bola-open-lookup
    return '', 204


@app.get('/own/scans/<name>')
@login_required
def read_own(name):
    return s3.get_object(Bucket='contracts', Key=f'{current_user.id}/{secure_filename(name)}')['Body'].read()


@app.get('/own/scans/<name>/link')
@login_required
def own_link(name):
    key = os.path.join('scans', str(current_user.id), secure_filename(name))
    return jsonify(url=s3.generate_presigned_url('get_object', Params={'Bucket': 'contracts', 'Key': key}))


@app.get('/own/scans/<int:scan_id>/row')
@login_required
def read_own_row(scan_id):
    scan = Scan.query.filter_by(id=scan_id, user_id=current_user.id).first_or_404()
    return s3.get_object(Bucket='contracts', Key=scan.key)['Body'].read()


@app.get('/scans/<int:scan_id>/row')
@login_required
def read_row(scan_id):
    scan = Scan.query.get_or_404(scan_id)  # finding: bola-open-lookup
    return jsonify(url=s3.generate_presigned_url('get_object', Params={'Bucket': 'contracts', 'Key': scan.key}))


@app.put('/own/scans/<name>')
@login_required
def put_own(name):
    s3.put_object(Bucket='contracts', Key=f'{current_user.id}/{secure_filename(name)}', Body=request.get_data())
    return '', 204


@app.delete('/own/scans/<name>')
@login_required
def drop_own(name):
    s3.delete_object(Bucket='contracts', Key='/'.join([str(current_user.id), name]))
    return '', 204


# a disk


@app.get('/files/<path:name>')
@login_required
def send(name):
    return send_from_directory(UPLOADS, name)  # finding: bola-open-lookup


@app.get('/files/<int:file_id>/sent')
@login_required
def send_by_id(file_id):
    return send_file(os.path.join('/var/uploads', f'{file_id}.pdf'))  # finding: bola-open-lookup


@app.get('/files/<name>/joined')
@login_required
def send_joined(name):
    path = UPLOADS / secure_filename(name)
    if not path.exists():
        abort(404)
    return send_file(path, as_attachment=True)  # finding: bola-open-lookup


@app.get('/users/<user_id>/files/<name>')
@login_required
def send_of(user_id, name):
    return send_from_directory(os.path.join(current_app.config['UPLOADS'], user_id), name)  # finding: bola-open-lookup


@app.get('/files/<name>/opened')
@login_required
def opened(name):
    with open(os.path.join('/var/uploads', secure_filename(name))) as file:  # finding: bola-open-lookup
        return file.read()


@app.get('/files/<name>/text')
@login_required
def text(name):
    return (UPLOADS / name).read_text()  # finding: bola-open-lookup


@app.delete('/files/<name>')
@login_required
def drop_file(name):
    os.remove(os.path.join('/var/uploads', secure_filename(name)))  # finding: bola-open-lookup
    return '', 204


@app.get('/own/files/<name>')
@login_required
def send_own(name):
    return send_from_directory(UPLOADS / str(current_user.id), name)


@app.get('/own/files/<name>/joined')
@login_required
def send_own_joined(name):
    return send_file(os.path.join('/var/uploads', str(current_user.id), secure_filename(name)))


@app.get('/own/files/<int:scan_id>/row')
@login_required
def send_own_row(scan_id):
    scan = Scan.query.filter_by(id=scan_id, user_id=current_user.id).first_or_404()
    return send_file(UPLOADS / scan.key)


@app.get('/own/files/<int:scan_id>/compared')
@login_required
def send_compared(scan_id):
    scan = db.session.get(Scan, scan_id)
    if scan is None or scan.user_id != current_user.id:
        abort(404)
    return send_from_directory(UPLOADS, scan.key)


@app.get('/own/files/<name>/looked-up')
@login_required
def send_looked_up(name):
    if not Scan.query.filter_by(key=name, user_id=current_user.id).first():
        abort(404)
    return send_from_directory(UPLOADS, name)


# for everybody


@app.get('/static/<path:name>')
def static_file(name):
    return send_from_directory('static', name)


@app.get('/assets/<path:name>')
def asset(name):
    return send_from_directory(app.static_folder, name)


@app.get('/reports/<kind>')
@login_required
def report(kind):
    return send_file(f'templates/{kind}.csv') if kind in ('day', 'week') else abort(404)
