"""Looms: a piece of cloth has its weaver for hash key, and a swatch has only its number."""

from flask import Flask, abort, g, jsonify, request
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

app = Flask(__name__)


class ByColour(GlobalSecondaryIndex):
    class Meta:
        index_name = 'by-colour'
        projection = AllProjection()

    colour = UnicodeAttribute(hash_key=True)


class Cloth(Model):
    class Meta:
        table_name = 'cloth'

    weaver_id = UnicodeAttribute(hash_key=True)
    cloth_id = UnicodeAttribute(range_key=True)
    length = NumberAttribute()


class Swatch(Model):
    class Meta:
        table_name = 'swatches'

    swatch_id = UnicodeAttribute(hash_key=True)
    weaver_id = UnicodeAttribute()
    colour = UnicodeAttribute()
    by_colour = ByColour()


@app.before_request
def know_caller():
    if not g.user:
        abort(401)


@app.post('/swatches')
def add():
    Swatch(swatch_id=request.json['id'], weaver_id=g.user.id, colour=request.json['colour']).save(Swatch.swatch_id.does_not_exist())
    return '', 201


@app.get('/swatches/<swatch_id>')
def read(swatch_id):
    try:
        swatch = Swatch.get(swatch_id)  # finding: bola-open-lookup
    except DoesNotExist:
        abort(404)
    return jsonify(colour=swatch.colour)


@app.get('/swatches/<swatch_id>/model')
def read_model(swatch_id):
    try:
        swatch = Swatch.get(hash_key=swatch_id)  # finding: bola-open-lookup
    except Swatch.DoesNotExist:
        abort(404)
    return jsonify(colour=swatch.colour)


@app.get('/swatches/<swatch_id>/next')
def read_next(swatch_id):
    swatch = next(Swatch.query(swatch_id), None)  # finding: bola-open-lookup
    return jsonify(colour=swatch.colour)


@app.get('/own/swatches/<swatch_id>')
def read_own(swatch_id):
    swatch = Swatch.get(swatch_id)
    if swatch.weaver_id != g.user.id:
        abort(404)
    return jsonify(colour=swatch.colour)


@app.get('/own/swatches/<swatch_id>/filtered')
def read_own_filtered(swatch_id):
    found = list(Swatch.query(swatch_id, filter_condition=Swatch.weaver_id == g.user.id))
    return jsonify(colour=found[0].colour) if found else abort(404)


@app.get('/own/cloth/<cloth_id>')
def read_cloth(cloth_id):
    return jsonify(length=Cloth.get(g.user.id, cloth_id).length)


@app.get('/weavers/<weaver_id>/cloth/<cloth_id>')
def read_cloth_of(weaver_id, cloth_id):
    return jsonify(length=Cloth.get(weaver_id, cloth_id).length)  # finding: bola-open-lookup


@app.get('/weavers/<weaver_id>/cloth')
def list_of(weaver_id):
    return jsonify([cloth.length for cloth in Cloth.query(weaver_id)])  # finding: bola-open-lookup


@app.get('/own/cloth')
def list_own():
    found = Cloth.query(g.user.id, Cloth.cloth_id.startswith(request.args.get('year', '')), limit=20)
    return jsonify([cloth.length for cloth in found])


@app.get('/swatches/coloured/<colour>')
def list_by_index(colour):
    return jsonify([swatch.swatch_id for swatch in Swatch.by_colour.query(colour)])  # finding: bola-gsi-or-scan


@app.get('/own/swatches/coloured/<colour>')
def list_own_by_index(colour):
    found = Swatch.by_colour.query(colour, filter_condition=Swatch.weaver_id == g.user.id)
    return jsonify([swatch.swatch_id for swatch in found])


@app.get('/swatches/scanned/<colour>')
def scan(colour):
    return jsonify([swatch.swatch_id for swatch in Swatch.scan(Swatch.colour == colour)])  # finding: bola-gsi-or-scan


@app.get('/swatches/some')
def read_some():
    return jsonify([swatch.colour for swatch in Swatch.batch_get(request.args.getlist('id'))])  # finding: bola-open-lookup


@app.put('/swatches/<swatch_id>')
def change(swatch_id):
    swatch = Swatch.get(swatch_id)  # finding: bola-open-lookup
    swatch.update(actions=[Swatch.colour.set(request.json['colour'])])
    return '', 204


@app.put('/swatches/<swatch_id>/saved')
def change_saved(swatch_id):
    swatch = Swatch.get(swatch_id)  # finding: bola-open-lookup
    swatch.colour = request.json['colour']
    swatch.save()
    return '', 204


@app.put('/own/swatches/<swatch_id>')
def change_own(swatch_id):
    swatch = Swatch.get(swatch_id)
    swatch.update(actions=[Swatch.colour.set(request.json['colour'])], condition=Swatch.weaver_id == g.user.id)
    return '', 204


@app.delete('/swatches/<swatch_id>')
def drop(swatch_id):
    Swatch.get(swatch_id).delete()  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/swatches/<swatch_id>')
def drop_own(swatch_id):
    Swatch.get(swatch_id).delete(condition=(Swatch.weaver_id == g.user.id))
    return '', 204


@app.delete('/own/swatches/<swatch_id>/compared')
def drop_compared(swatch_id):
    swatch = Swatch.get(swatch_id)
    if swatch.weaver_id != g.user.id:
        abort(404)
    swatch.delete()
    return '', 204


@app.get('/weavers/<weaver_id>/count')
def count(weaver_id):
    return jsonify(count=Cloth.count(weaver_id))
