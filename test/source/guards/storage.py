# Files in a bucket, by their names.
import boto3
from flask import Flask, Response, abort, g, jsonify, request
from flask_login import login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
s3 = boto3.client('s3')


class Scan(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    file_name = db.Column(db.String)


@app.get('/scans/<int:scan_id>')
def read_scan(scan_id):
    scan = Scan.query.filter_by(id=scan_id, owner_id=g.user.id).first_or_404()
    held = s3.get_object(Bucket='scans', Key=scan.file_name)
    return Response(held['Body'].read())


@app.get('/files/<name>')
def read_file(name):
    held = s3.get_object(Bucket='scans', Key=name)  # finding: bola-open-lookup
    return Response(held['Body'].read())


@app.get('/own-files/<name>')
def read_own_file(name):
    held = s3.get_object(Bucket='scans', Key=f'{g.user.id}/{name}')
    return Response(held['Body'].read())


@app.post('/scans')
@login_required
def add_scan():
    for upload in request.files.getlist('scan'):
        db.session.add(Scan(owner_id=g.user.id, file_name=upload.filename))
    db.session.commit()
    return jsonify(ok=True)
