from dataclasses import asdict

from flask import Flask, jsonify
from flask_login import current_user, login_required
from flask_marshmallow import Marshmallow
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
ma = Marshmallow(app)


class Member(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    name = db.Column(db.String)
    city = db.Column(db.String)
    password_hash = db.Column(db.String)
    api_key = db.Column(db.String)
    visits = db.relationship('Visit')


class MemberSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Member


member_schema = MemberSchema(load_only=('password_hash', 'api_key'))


@app.get('/members')
@login_required
def list_members():
    members = Member.query.filter_by(owner_id=current_user.id).all()
    return jsonify(MemberSchema(many=True, exclude=('password_hash', 'api_key')).dump(members))


@app.get('/members/<int:member_id>')
@login_required
def read_member(member_id):
    member = Member.query.filter_by(id=member_id, owner_id=current_user.id).first_or_404()
    return member_schema.jsonify(member)


@app.get('/members/<int:member_id>/card')
@login_required
def read_card(member_id):
    member = Member.query.filter_by(id=member_id, owner_id=current_user.id).first_or_404()
    return jsonify({
        'id': member.id,
        'owner_id': member.owner_id,
        'name': member.name,
        'city': member.city,
    })


@app.get('/members/<int:member_id>/variables')
@login_required
def read_variables(member_id):
    member = Member.query.filter_by(id=member_id, owner_id=current_user.id).first_or_404()
    return jsonify(member={
        'id': member.id,
        'owner_id': member.owner_id,
        'name': member.name,
        'city': member.city,
    })
