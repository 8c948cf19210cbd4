# Depots and the crates in them. What the services do, they do for whoever calls: the call that did not ask is at fault.
from functools import wraps

from flask import Flask, jsonify, request
from flask_login import current_user, login_required
from peewee import CharField, Model

app = Flask(__name__)


class Depot(Model):
    id = CharField()
    owner_id = CharField()
    label = CharField()


class Crate(Model):
    id = CharField()
    depot_id = CharField()
    owner_id = CharField()
    weight = CharField()


def patiently(work):
    @wraps(work)
    def tried(*args, **kwargs):
        return work(*args, **kwargs)

    return tried


class Store:
    model = None

    @classmethod
    @patiently
    def change(cls, key, values):
        return cls.model.update(values).where(cls.model.id == key).execute()

    @classmethod
    @patiently
    def remove(cls, key):
        return cls.model.delete().where(cls.model.id == key).execute()


class Depots(Store):
    model = Depot

    @classmethod
    def is_open_to(cls, key, person_id):
        depot = cls.model.get_or_none(cls.model.id == key)
        return depot is not None and depot.owner_id == person_id

    @classmethod
    def label_of(cls, key):
        return cls.model.get_or_none(cls.model.id == key).label


class Crates(Store):
    model = Crate

    @classmethod
    def page(cls, depot_id=None, number=None):
        query = cls.model.select().join(Depot, on=(cls.model.depot_id == Depot.id))
        if depot_id:
            query = query.where(cls.model.depot_id == depot_id)
        total = query.count()
        if number:
            query = query.paginate(number, 15)
        return list(query.dicts()), total


@app.patch('/crates/<crate_id>')
@login_required
def weigh(crate_id):
    Crates.change(crate_id, {'weight': request.json['weight']})  # finding: bola-open-lookup
    return '', 204


@app.patch('/depots/<depot_id>')
@login_required
def rename(depot_id):
    Depots.change(depot_id, {'label': request.json['label']})  # finding: bola-open-lookup
    return '', 204


@app.patch('/own-depots/<depot_id>')
@login_required
def rename_own(depot_id):
    if not Depots.is_open_to(depot_id, current_user.id):
        return jsonify(error='no such depot'), 404
    Depots.change(depot_id, {'label': request.json['label']})
    return '', 204


@app.delete('/depots/<depot_id>')
@login_required
def tear_down(depot_id):
    Depots.remove(depot_id)  # finding: bola-open-lookup
    return '', 204


@app.delete('/crates/<crate_id>')
@login_required
def throw_away(crate_id):
    Crates.remove(crate_id)  # finding: bola-open-lookup
    return '', 204


# The same helper with leave and without it.
@app.get('/depots/<depot_id>/label')
@login_required
def read_label(depot_id):
    return jsonify(label=Depots.label_of(depot_id))  # finding: bola-open-lookup


@app.get('/own-depots/<depot_id>/label')
@login_required
def read_own_label(depot_id):
    if not Depots.is_open_to(depot_id, current_user.id):
        return jsonify(error='no such depot'), 404
    return jsonify(label=Depots.label_of(depot_id))


# A page of a query, which is one of two by then.
@app.get('/depots/<depot_id>/crates')
@login_required
def list_crates(depot_id):
    crates, total = Crates.page(depot_id, request.args.get('page'))  # finding: bola-open-lookup
    return jsonify(crates=crates, total=total)


@app.get('/own-depots/<depot_id>/crates')
@login_required
def list_own_crates(depot_id):
    if not Depots.is_open_to(depot_id, current_user.id):
        return jsonify(error='no such depot'), 404
    crates, total = Crates.page(depot_id, request.args.get('page'))
    return jsonify(crates=crates, total=total)
