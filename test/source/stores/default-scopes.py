"""Models that never show what is not the caller's, whoever asks; beside each, what goes round it."""

import mongoengine
import peewee
from flask import Flask, g, jsonify, request
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from mongoengine.queryset import QuerySet, queryset_manager
from sqlalchemy import event
from sqlalchemy.orm import Session, with_loader_criteria

app = Flask(__name__)
db = SQLAlchemy(app)


class OwnedMixin:
    owner_id = db.Column(db.Integer)


class Kite(OwnedMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    colour = db.Column(db.String)


class Reel(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    length = db.Column(db.Integer)
    owner_id = db.Column(db.Integer)


@event.listens_for(Session, 'do_orm_execute')
def only_own(state):
    if state.is_select:
        state.statement = state.statement.options(
            with_loader_criteria(OwnedMixin, lambda cls: cls.owner_id == current_user.id, include_aliases=True)
        )


@app.get('/kites/<int:kite_id>')
@login_required
def read_kite(kite_id):
    return jsonify(colour=Kite.query.filter_by(id=kite_id).first_or_404().colour)


@app.get('/reels/<int:reel_id>')
@login_required
def read_reel(reel_id):
    return jsonify(length=Reel.query.filter_by(id=reel_id).first_or_404().length)  # finding: bola-open-lookup


# a query class


class OwnQuery(db.Query):
    def get_or_404(self, ident, description=None):
        return self.filter_by(id=ident, owner_id=current_user.id).first_or_404(description)


class Tail(db.Model):
    query_class = OwnQuery
    id = db.Column(db.Integer, primary_key=True)
    length = db.Column(db.Integer)
    owner_id = db.Column(db.Integer)


@app.get('/tails/<int:tail_id>')
@login_required
def read_tail(tail_id):
    return jsonify(length=Tail.query.get_or_404(tail_id).length)


@app.get('/tails/<int:tail_id>/any')
@login_required
def read_any_tail(tail_id):
    return jsonify(length=Tail.query.filter_by(id=tail_id).first_or_404().length)  # finding: bola-open-lookup


# a manager of documents


class Ribbon(mongoengine.Document):
    text = mongoengine.StringField()
    owner = mongoengine.IntField()

    @queryset_manager
    def objects(doc_cls, queryset):
        return queryset.filter(owner=current_user.id)

    @queryset_manager
    def everything(doc_cls, queryset):
        return queryset


@app.get('/ribbons/<ribbon_id>')
@login_required
def read_ribbon(ribbon_id):
    return jsonify(text=Ribbon.objects(id=ribbon_id).first().text)


@app.get('/ribbons/<ribbon_id>/any')
@login_required
def read_any_ribbon(ribbon_id):
    return jsonify(text=Ribbon.everything(id=ribbon_id).first().text)  # finding: bola-open-lookup


# a select of one's own


class Knot(peewee.Model):
    name = peewee.CharField()
    owner = peewee.IntegerField()

    @classmethod
    def select(cls, *fields):
        return super().select(*fields).where(cls.owner == g.user.id)


class Loop(peewee.Model):
    name = peewee.CharField()
    owner = peewee.IntegerField()


@app.get('/knots/<int:knot_id>')
@login_required
def read_knot(knot_id):
    return jsonify(name=Knot.select().where(Knot.id == knot_id).get().name)


@app.get('/loops/<int:loop_id>')
@login_required
def read_loop(loop_id):
    return jsonify(name=Loop.select().where(Loop.id == loop_id).get().name)  # finding: bola-open-lookup


@app.get('/loops/<int:loop_id>/own')
@login_required
def read_own_loop(loop_id):
    return jsonify(name=Loop.select().where(Loop.id == loop_id, Loop.owner == g.user.id).get().name)
