# Rows by the number in a path, and tenants that a path or a header names, as other apps write it.
# file: models.py
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()

members = db.Table('members', db.Column('user_id', db.ForeignKey('user.id')), db.Column('team_id', db.ForeignKey('team.id')))


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    email = db.Column(db.String)
    password_hash = db.Column(db.String)
    tenant_id = db.Column(db.Integer)
    teams = db.relationship('Team', secondary=members, back_populates='users')


class Team(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    users = db.relationship('User', secondary=members, back_populates='teams')


class Plan(db.Model):
    id = db.Column(db.String, primary_key=True)
    title = db.Column(db.String)
    owner_id = db.Column(db.Integer)
    tenant_id = db.Column(db.Integer)
    team_id = db.Column(db.ForeignKey('team.id'))
    team = db.relationship('Team')

    def to_dict(self):
        return {'id': self.id, 'title': self.title}
# file: access.py
from flask import abort, g

from models import Plan, Team, User, db


def load_user(user_id):
    user = db.session.get(User, user_id)
    if user is None:
        abort(404)
    if user.id != g.user.id:
        abort(403)
    return user


def load_plan(plan_id):
    plan = db.session.get(Plan, plan_id)
    return plan or abort(404)


def may_see(user, plan):
    return plan is not None and (plan.owner_id == user.id or user.is_admin)


def in_team(user_id, team_id):
    return db.session.query(Team).join(Team.users).filter(Team.id == team_id, User.id == user_id).first() is not None


def require_team(team_id):
    if not any(team.id == team_id for team in g.user.teams):
        abort(403)
# file: app.py
import uuid

from flask import Flask, abort, g, jsonify, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest, NotFound

from access import in_team, load_plan, load_user, may_see, require_team
from models import Plan, Team, User, db

app = Flask(__name__)
db.init_app(app)
api = Api(app)
plans = Blueprint('plans', 'plans', url_prefix='/plans')


class PlanSchema(Schema):
    title = fields.String()


@app.before_request
def know_caller():
    if g.get('user') is None:
        abort(401)


# a profile by its number


@app.get('/users/<int:user_id>/profile')
def read_profile(user_id):
    user = User.query.get(user_id)  # finding: bola-subject-as-key
    return {'id': user.id, 'name': user.name, 'email': user.email}


@app.get('/my/users/<int:user_id>/profile')
def read_own_profile(user_id):
    user = load_user(user_id)
    return {'id': user.id, 'email': user.email}


@app.put('/users/<int:user_id>/email')
def change_email(user_id):
    user = User.query.filter_by(id=user_id).first_or_404()  # finding: bola-subject-as-key
    user.email = request.json['email']
    db.session.commit()
    return '', 204


@app.put('/my/users/<int:user_id>/email')
def change_own_email(user_id):
    if user_id != g.user.id:
        raise NotFound()
    user = User.query.filter_by(id=user_id).first_or_404()
    user.email = request.json['email']
    db.session.commit()
    return '', 204


# a tenant that a path names


@app.get('/tenants/<int:tenant_id>/users')
def list_users(tenant_id):
    return [{'id': user.id, 'email': user.email} for user in User.query.filter_by(tenant_id=tenant_id)]  # finding: bola-subject-as-key


@app.get('/my/tenants/<int:tenant_id>/users')
def list_own_users(tenant_id):
    if tenant_id != g.user.tenant_id:
        abort(404)
    return [{'id': user.id, 'email': user.email} for user in User.query.filter_by(tenant_id=tenant_id)]


@app.get('/plans-of-tenant')
def list_by_header():
    tenant = request.headers['X-Tenant']
    return [plan.to_dict() for plan in Plan.query.filter_by(tenant_id=tenant)]  # finding: bola-open-lookup


@app.get('/plans-of-my-tenant')
def list_by_own_tenant():
    return [plan.to_dict() for plan in Plan.query.filter_by(tenant_id=g.user.tenant_id)]


@app.get('/teams/<int:team_id>/plans')
def list_team_plans(team_id):
    return [plan.to_dict() for plan in Plan.query.filter(Plan.team_id == team_id)]  # finding: bola-open-lookup


@app.get('/my/teams/<int:team_id>/plans')
def list_own_team_plans(team_id):
    if not in_team(g.user.id, team_id):
        abort(403)
    return [plan.to_dict() for plan in Plan.query.filter(Plan.team_id == team_id)]


@app.get('/my/teams/<int:team_id>/plans/required')
def list_required_team_plans(team_id):
    require_team(team_id)
    return [plan.to_dict() for plan in Plan.query.filter(Plan.team_id == team_id)]


# an id that cannot be guessed


@plans.route('/<plan_id>')
@plans.response(200, PlanSchema)
def read_plan(plan_id):
    try:
        number = uuid.UUID(plan_id)
    except ValueError:
        raise BadRequest('no id')
    return load_plan(str(number))  # finding: bola-open-lookup


@plans.route('/mine/<uuid:plan_id>')
@plans.response(200, PlanSchema)
def read_own_plan(plan_id):
    plan = db.session.get(Plan, plan_id)
    if not may_see(g.user, plan):
        abort(404)
    return plan


@plans.route('/<plan_id>', methods=['DELETE'])
def drop_plan(plan_id):
    db.session.delete(load_plan(plan_id))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@plans.route('/mine/<plan_id>', methods=['DELETE'])
def drop_own_plan(plan_id):
    plan = load_plan(plan_id)
    if plan.owner_id != g.user.id:
        abort(404)
    db.session.delete(plan)
    db.session.commit()
    return '', 204


@plans.route('/<plan_id>/team', methods=['PUT'])
def move_plan(plan_id):
    plan = Plan.query.filter_by(id=plan_id, owner_id=g.user.id).first_or_404()
    plan.team_id = request.json['team_id']
    db.session.commit()
    return '', 204


@plans.route('/<plan_id>/members')
def list_members(plan_id):
    plan = load_plan(plan_id)
    if g.user not in plan.team.users:
        abort(404)
    return [user.name for user in plan.team.users]


api.register_blueprint(plans)
