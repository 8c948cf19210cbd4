"""Beehives of keepers, and their inspections, with peewee."""

from flask import Flask, abort, g, jsonify, request, session
from peewee import SQL, BooleanField, CharField, DoesNotExist, ForeignKeyField, Model, SqliteDatabase, fn
from playhouse.flask_utils import get_object_or_404
from playhouse.shortcuts import model_to_dict

app = Flask(__name__)
database = SqliteDatabase('hives.db')


class BaseModel(Model):
    class Meta:
        database = database


class Keeper(BaseModel):
    name = CharField()


class Hive(BaseModel):
    label = CharField()
    keeper = ForeignKeyField(Keeper, backref='hives')
    archived = BooleanField(default=False)

    def inner(self):
        return self.__dict__['__data__']

    @classmethod
    def mine(cls):
        return cls.select().where(cls.keeper == g.user)


class Inspection(BaseModel):
    hive = ForeignKeyField(Hive, backref='inspections')
    text = CharField()


@app.before_request
def know_caller():
    g.user = Keeper.get_or_none(Keeper.id == session.get('user_id'))
    if g.user is None:
        abort(401)


@app.post('/hives')
def add():
    hive = Hive.create(label=request.json['label'], keeper=g.user)
    return jsonify(label=hive.label), 201


# read


@app.get('/hives/<int:hive_id>')
def read(hive_id):
    hive = Hive.get_or_none(Hive.id == hive_id)  # finding: bola-open-lookup
    return jsonify(label=hive.label) if hive else abort(404)


@app.get('/hives/<int:hive_id>/by-id')
def read_by_id(hive_id):
    try:
        return jsonify(label=Hive.get_by_id(hive_id).label)  # finding: bola-open-lookup
    except Hive.DoesNotExist:
        abort(404)


@app.get('/hives/<int:hive_id>/got')
def read_got(hive_id):
    try:
        hive = Hive.get(Hive.id == hive_id)  # finding: bola-open-lookup
    except DoesNotExist:
        abort(404)
    return jsonify(label=hive.label)


@app.get('/hives/<int:hive_id>/indexed')
def read_indexed(hive_id):
    return jsonify(label=Hive[hive_id].label)  # finding: bola-open-lookup


@app.get('/hives/<int:hive_id>/selected')
def read_selected(hive_id):
    hive = Hive.select(Hive.label).where(Hive.id == hive_id).get()  # finding: bola-open-lookup
    return jsonify(label=hive.label)


@app.get('/hives/<int:hive_id>/dicts')
def read_dicts(hive_id):
    row = Hive.select(Hive.label).where(Hive.id == hive_id).dicts().first()  # finding: bola-open-lookup
    return jsonify(row)


@app.get('/hives/<int:hive_id>/or-404')
def read_or_404(hive_id):
    hive = get_object_or_404(Hive, Hive.id == hive_id)  # finding: bola-open-lookup
    return jsonify(label=hive.label)


@app.get('/hives/<int:hive_id>/to-dict')
def read_to_dict(hive_id):
    return jsonify(model_to_dict(Hive.get_by_id(hive_id), only=[Hive.label]))  # finding: bola-open-lookup


@app.get('/hives/<int:hive_id>/inner')
def read_inner(hive_id):
    return jsonify(Hive.get_by_id(hive_id).inner())  # finding: bola-open-lookup


@app.get('/hives/<int:hive_id>/filter')
def read_filter(hive_id):
    return jsonify(label=Hive.filter(id=hive_id).first().label)  # finding: bola-open-lookup


@app.get('/own/hives/<int:hive_id>')
def read_own(hive_id):
    hive = Hive.get_or_none(Hive.id == hive_id, Hive.keeper == g.user)
    return jsonify(label=hive.label) if hive else abort(404)


@app.get('/own/hives/<int:hive_id>/ampersand')
def read_own_ampersand(hive_id):
    return jsonify(label=get_object_or_404(Hive, (Hive.id == hive_id) & (Hive.keeper == g.user)).label)


@app.get('/own/hives/<int:hive_id>/keywords')
def read_own_keywords(hive_id):
    return jsonify(label=Hive.get(id=hive_id, keeper=g.user.id).label)


@app.get('/own/hives/<int:hive_id>/chained')
def read_own_chained(hive_id):
    return jsonify(label=Hive.mine().where(Hive.id == hive_id).get().label)


@app.get('/own/hives/<int:hive_id>/backref')
def read_own_backref(hive_id):
    return jsonify(label=g.user.hives.where(Hive.id == hive_id).get().label)


@app.get('/own/hives/<int:hive_id>/compared')
def read_own_compared(hive_id):
    hive = Hive.get_or_none(Hive.id == hive_id)
    if hive is None or hive.keeper_id != g.user.id:
        abort(404)
    return jsonify(label=hive.label)


@app.get('/hives/<int:hive_id>/either')
def read_either(hive_id):
    hive = Hive.select().where((Hive.id == hive_id) | (Hive.keeper == g.user)).first()  # finding: bola-open-lookup
    return jsonify(label=hive.label)


# list


@app.get('/hives')
def list_own():
    return jsonify([hive.label for hive in Hive.mine().order_by(Hive.label).paginate(1, 20)])


@app.get('/keepers/<int:keeper_id>/hives')
def list_of(keeper_id):
    return jsonify([hive.label for hive in Hive.select().where(Hive.keeper_id == keeper_id)])  # finding: bola-open-lookup


@app.get('/hives/some')
def list_some():
    return jsonify([hive.label for hive in Hive.select().where(Hive.id << request.args.getlist('id'))])  # finding: bola-open-lookup


@app.get('/own/hives/some')
def list_own_some():
    wanted = Hive.id.in_(request.args.getlist('id'))
    return jsonify([hive.label for hive in Hive.mine().where(wanted)])


# change


@app.put('/hives/<int:hive_id>')
def change(hive_id):
    hive = Hive.get_by_id(hive_id)  # finding: bola-open-lookup
    hive.label = request.json['label']
    hive.save()
    return '', 204


@app.put('/hives/<int:hive_id>/updated')
def change_by_query(hive_id):
    Hive.update(label=request.json['label']).where(Hive.id == hive_id).execute()  # finding: bola-open-lookup
    return '', 204


@app.put('/hives/<int:hive_id>/columns')
def change_by_columns(hive_id):
    Hive.update({Hive.label: request.json['label']}).where(Hive.id == hive_id).execute()  # finding: bola-open-lookup
    return '', 204


@app.put('/hives/<int:hive_id>/set')
def change_by_id(hive_id):
    Hive.set_by_id(hive_id, {'label': request.json['label']})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/hives/<int:hive_id>')
def change_own(hive_id):
    changed = Hive.update(label=request.json['label']).where(Hive.id == hive_id, Hive.keeper == g.user).execute()
    return ('', 204) if changed else abort(404)


@app.put('/own/hives/<int:hive_id>/existing')
def change_existing(hive_id):
    if not Hive.select().where(Hive.id == hive_id, Hive.keeper == g.user).exists():
        abort(404)
    Hive.update(label=request.json['label']).where(Hive.id == hive_id).execute()
    return '', 204


# delete


@app.delete('/hives/<int:hive_id>')
def drop(hive_id):
    Hive.get_by_id(hive_id).delete_instance(recursive=True)  # finding: bola-open-lookup
    return '', 204


@app.delete('/hives/<int:hive_id>/query')
def drop_by_query(hive_id):
    Hive.delete().where(Hive.id == hive_id).execute()  # finding: bola-open-lookup
    return '', 204


@app.delete('/hives/<int:hive_id>/id')
def drop_by_id(hive_id):
    Hive.delete_by_id(hive_id)  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/hives/<int:hive_id>')
def drop_own(hive_id):
    if Hive.delete().where((Hive.id == hive_id) & (Hive.keeper == g.user)).execute() == 0:
        abort(404)
    return '', 204


# child


@app.post('/hives/<int:hive_id>/inspections')
def add_inspection(hive_id):
    Inspection.create(hive=hive_id, text=request.json['text'])  # finding: bola-open-lookup
    return '', 201


@app.post('/own/hives/<int:hive_id>/inspections')
def add_own_inspection(hive_id):
    hive = get_object_or_404(Hive.mine(), Hive.id == hive_id)
    Inspection.create(hive=hive, text=request.json['text'])
    return '', 201


@app.get('/hives/<int:hive_id>/inspections')
def list_inspections(hive_id):
    return jsonify([each.text for each in Inspection.select().where(Inspection.hive == hive_id)])  # finding: bola-open-lookup


@app.get('/hives/<int:hive_id>/inspections/backref')
def list_inspections_backref(hive_id):
    return jsonify([each.text for each in Hive.get_by_id(hive_id).inspections])  # finding: bola-open-lookup


@app.get('/own/hives/<int:hive_id>/inspections/<int:number>')
def read_inspection_of_any(hive_id, number):
    Hive.mine().where(Hive.id == hive_id).get()
    return jsonify(text=Inspection.get_by_id(number).text)  # finding: bola-child-not-bound


@app.get('/own/hives/<int:hive_id>/inspections/<int:number>/bound')
def read_inspection(hive_id, number):
    hive = Hive.mine().where(Hive.id == hive_id).get()
    return jsonify(text=Inspection.get((Inspection.id == number) & (Inspection.hive == hive)).text)


@app.get('/own/inspections/<int:number>')
def read_inspection_joined(number):
    query = Inspection.select().join(Hive).where(Inspection.id == number, Hive.keeper == g.user)
    return jsonify(text=query.get().text)


@app.get('/own/inspections/<int:number>/up')
def read_inspection_up(number):
    inspection = Inspection.get_or_none(Inspection.id == number)
    if inspection is None or inspection.hive.keeper != g.user:
        abort(404)
    return jsonify(text=inspection.text)


@app.get('/hives/<int:hive_id>/count')
def count(hive_id):
    return jsonify(count=Inspection.select().where(Inspection.hive == hive_id).count())
