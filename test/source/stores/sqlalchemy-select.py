"""Gliders and their flights, with select() of SQLAlchemy 2 and Flask-SQLAlchemy 3."""

from flask import Flask, abort, jsonify, request
from flask_jwt_extended import get_jwt_identity, jwt_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, delete, exists, func, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
app = Flask(__name__)
db.init_app(app)


class Pilot(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    gliders: Mapped[list['Glider']] = relationship(back_populates='pilot')


class Glider(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    sign: Mapped[str]
    pilot_id: Mapped[int] = mapped_column(ForeignKey('pilot.id'))
    pilot: Mapped[Pilot] = relationship(back_populates='gliders')
    flights: Mapped[list['Flight']] = relationship(back_populates='glider')


class Flight(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    minutes: Mapped[int]
    glider_id: Mapped[int] = mapped_column(ForeignKey('glider.id'))
    glider: Mapped[Glider] = relationship(back_populates='flights')


def me() -> int:
    return int(get_jwt_identity())


@app.post('/gliders')
@jwt_required()
def add():
    glider = Glider(sign=request.json['sign'], pilot_id=me())
    db.session.add(glider)
    db.session.commit()
    return jsonify(sign=glider.sign), 201


@app.post('/gliders/inserted')
@jwt_required()
def insert_one():
    db.session.execute(insert(Glider).values(sign=request.json['sign'], pilot_id=me()))
    db.session.commit()
    return '', 201


# read


@app.get('/gliders/<int:glider_id>')
@jwt_required()
def read(glider_id):
    glider = db.session.get(Glider, glider_id)  # finding: bola-open-lookup
    if glider is None:
        abort(404)
    return jsonify(sign=glider.sign)


@app.get('/gliders/<int:glider_id>/or-404')
@jwt_required()
def read_or_404(glider_id):
    return jsonify(sign=db.get_or_404(Glider, glider_id, description='no such glider').sign)  # finding: bola-open-lookup


@app.get('/gliders/<int:glider_id>/one-or-404')
@jwt_required()
def read_one_or_404(glider_id):
    return jsonify(sign=db.one_or_404(db.select(Glider).filter_by(id=glider_id)).sign)  # finding: bola-open-lookup


@app.get('/gliders/<int:glider_id>/first-or-404')
@jwt_required()
def read_first_or_404(glider_id):
    return jsonify(sign=db.first_or_404(select(Glider).where(Glider.id == glider_id)).sign)  # finding: bola-open-lookup


@app.get('/gliders/<int:glider_id>/scalar')
@jwt_required()
def read_scalar(glider_id):
    glider = db.session.scalar(select(Glider).where(Glider.id == glider_id))  # finding: bola-open-lookup
    return jsonify(sign=glider.sign)


@app.get('/gliders/<int:glider_id>/scalars')
@jwt_required()
def read_scalars(glider_id):
    glider = db.session.scalars(select(Glider).where(Glider.id == glider_id).limit(1)).first()  # finding: bola-open-lookup
    return jsonify(sign=glider.sign)


@app.get('/gliders/<int:glider_id>/executed')
@jwt_required()
def read_executed(glider_id):
    query = select(Glider).options(selectinload(Glider.flights)).where(Glider.id == glider_id)
    glider = db.session.execute(query).scalar_one_or_none()  # finding: bola-open-lookup
    return jsonify(sign=glider.sign)


@app.get('/gliders/<int:glider_id>/unique')
@jwt_required()
def read_unique(glider_id):
    glider = db.session.execute(select(Glider).where(Glider.id == glider_id)).unique().scalars().one()  # finding: bola-open-lookup
    return jsonify(sign=glider.sign)


@app.get('/gliders/<int:glider_id>/columns')
@jwt_required()
def read_columns(glider_id):
    row = db.session.execute(select(Glider.sign, Glider.id).where(Glider.id == glider_id)).mappings().first()  # finding: bola-open-lookup
    return jsonify(dict(row))


@app.get('/gliders/<int:glider_id>/session')
@jwt_required()
def read_with_session(glider_id):
    with db.session() as session:
        glider = session.execute(select(Glider).where(Glider.id == glider_id)).scalar_one()  # finding: bola-open-lookup
    return jsonify(sign=glider.sign)


@app.get('/own/gliders/<int:glider_id>')
@jwt_required()
def read_own(glider_id):
    glider = db.session.scalar(select(Glider).where(Glider.id == glider_id, Glider.pilot_id == me()))
    return jsonify(sign=glider.sign) if glider else abort(404)


@app.get('/own/gliders/<int:glider_id>/chained')
@jwt_required()
def read_own_chained(glider_id):
    query = select(Glider).where(Glider.id == glider_id).where(Glider.pilot_id == me())
    return jsonify(sign=db.one_or_404(query).sign)


@app.get('/own/gliders/<int:glider_id>/filter-by')
@jwt_required()
def read_own_filter_by(glider_id):
    return jsonify(sign=db.first_or_404(db.select(Glider).filter_by(id=glider_id, pilot_id=me())).sign)


@app.get('/own/gliders/<int:glider_id>/joined')
@jwt_required()
def read_own_joined(glider_id):
    query = select(Glider).join(Glider.pilot).where(Glider.id == glider_id, Pilot.id == me())
    return jsonify(sign=db.session.scalars(query).one().sign)


@app.get('/own/gliders/<int:glider_id>/compared')
@jwt_required()
def read_own_compared(glider_id):
    glider = db.session.get(Glider, glider_id)
    if not glider or glider.pilot_id != me():
        abort(404)
    return jsonify(sign=glider.sign)


def own_gliders():
    return select(Glider).where(Glider.pilot_id == me())


@app.get('/own/gliders/<int:glider_id>/scoped')
@jwt_required()
def read_scoped(glider_id):
    return jsonify(sign=db.one_or_404(own_gliders().where(Glider.id == glider_id)).sign)


# list


@app.get('/gliders')
@jwt_required()
def list_own():
    page = db.paginate(own_gliders().order_by(Glider.sign), per_page=10)
    return jsonify([each.sign for each in page])


@app.get('/pilots/<int:pilot_id>/gliders')
@jwt_required()
def list_of_pilot(pilot_id):
    return jsonify([each.sign for each in db.session.scalars(select(Glider).filter_by(pilot_id=pilot_id))])  # finding: bola-open-lookup


@app.get('/pilots/<int:pilot_id>/gliders/related')
@jwt_required()
def list_related(pilot_id):
    pilot = db.get_or_404(Pilot, pilot_id)  # low: bola-open-lookup
    return jsonify([each.sign for each in pilot.gliders])


@app.get('/own/pilots/<int:pilot_id>/gliders')
@jwt_required()
def list_of_own(pilot_id):
    if pilot_id != me():
        abort(403)
    return jsonify([each.sign for each in db.session.scalars(select(Glider).filter_by(pilot_id=pilot_id)).all()])


@app.get('/gliders/some')
@jwt_required()
def list_some():
    found = db.session.execute(select(Glider).where(Glider.id.in_(request.args.getlist('id', type=int)))).scalars()  # finding: bola-open-lookup
    return jsonify([each.sign for each in found])


# change


@app.put('/gliders/<int:glider_id>')
@jwt_required()
def change(glider_id):
    glider = db.get_or_404(Glider, glider_id)  # finding: bola-open-lookup
    glider.sign = request.json['sign']
    db.session.commit()
    return '', 204


@app.put('/gliders/<int:glider_id>/update')
@jwt_required()
def change_by_statement(glider_id):
    db.session.execute(update(Glider).where(Glider.id == glider_id).values(sign=request.json['sign']))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.put('/gliders/<int:glider_id>/returning')
@jwt_required()
def change_returning(glider_id):
    statement = update(Glider).where(Glider.id == glider_id).values(sign=request.json['sign']).returning(Glider.sign)
    return jsonify(sign=db.session.scalar(statement))  # finding: bola-open-lookup


@app.put('/own/gliders/<int:glider_id>')
@jwt_required()
def change_own(glider_id):
    statement = update(Glider).where(Glider.id == glider_id, Glider.pilot_id == me()).values(sign=request.json['sign'])
    if db.session.execute(statement).rowcount == 0:
        abort(404)
    db.session.commit()
    return '', 204


@app.put('/own/gliders/<int:glider_id>/existing')
@jwt_required()
def change_existing(glider_id):
    if not db.session.scalar(select(exists().where(Glider.id == glider_id, Glider.pilot_id == me()))):
        abort(404)
    db.session.execute(update(Glider).where(Glider.id == glider_id).values(sign=request.json['sign']))
    return '', 204


@app.put('/own/gliders/<int:glider_id>/counted')
@jwt_required()
def change_counted(glider_id):
    count = db.session.scalar(select(func.count()).select_from(Glider).where(Glider.id == glider_id, Glider.pilot_id == me()))
    if count < 1:
        abort(404)
    db.session.execute(update(Glider).where(Glider.id == glider_id).values(sign=request.json['sign']))
    return '', 204


# delete


@app.delete('/gliders/<int:glider_id>')
@jwt_required()
def drop(glider_id):
    db.session.delete(db.get_or_404(Glider, glider_id))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.delete('/gliders/<int:glider_id>/statement')
@jwt_required()
def drop_by_statement(glider_id):
    db.session.execute(delete(Glider).where(Glider.id == glider_id))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.delete('/own/gliders/<int:glider_id>')
@jwt_required()
def drop_own(glider_id):
    done = db.session.execute(delete(Glider).where(Glider.id == glider_id).where(Glider.pilot_id == me()))
    return ('', 204) if done.rowcount else abort(404)


# child


@app.post('/gliders/<int:glider_id>/flights')
@jwt_required()
def add_flight(glider_id):
    db.session.add(Flight(glider_id=glider_id, minutes=request.json['minutes']))  # finding: bola-open-lookup
    db.session.commit()
    return '', 201


@app.post('/own/gliders/<int:glider_id>/flights')
@jwt_required()
def add_own_flight(glider_id):
    glider = db.one_or_404(own_gliders().filter_by(id=glider_id))
    db.session.add(Flight(glider_id=glider.id, minutes=request.json['minutes']))
    db.session.commit()
    return '', 201


@app.get('/gliders/<int:glider_id>/flights')
@jwt_required()
def list_flights(glider_id):
    return jsonify([each.minutes for each in db.session.scalars(select(Flight).where(Flight.glider_id == glider_id))])  # finding: bola-open-lookup


@app.get('/own/gliders/<int:glider_id>/flights/<int:flight_id>')
@jwt_required()
def read_flight_of_any(glider_id, flight_id):
    db.one_or_404(own_gliders().filter_by(id=glider_id))
    return jsonify(minutes=db.get_or_404(Flight, flight_id).minutes)  # finding: bola-child-not-bound


@app.get('/own/gliders/<int:glider_id>/flights/<int:flight_id>/bound')
@jwt_required()
def read_own_flight(glider_id, flight_id):
    glider = db.one_or_404(own_gliders().filter_by(id=glider_id))
    return jsonify(minutes=db.one_or_404(select(Flight).filter_by(id=flight_id, glider_id=glider.id)).minutes)


@app.get('/own/gliders/<int:glider_id>/flights/<int:flight_id>/checked')
@jwt_required()
def read_checked_flight(glider_id, flight_id):
    db.one_or_404(own_gliders().filter_by(id=glider_id))
    flight = db.get_or_404(Flight, flight_id)
    if flight.glider_id != glider_id:
        abort(404)
    return jsonify(minutes=flight.minutes)


@app.get('/own/flights/<int:flight_id>')
@jwt_required()
def read_flight_joined(flight_id):
    query = select(Flight).join(Flight.glider).where(Flight.id == flight_id, Glider.pilot_id == me())
    return jsonify(minutes=db.one_or_404(query).minutes)


@app.get('/own/flights/<int:flight_id>/any')
@jwt_required()
def read_flight_has(flight_id):
    query = select(Flight).where(Flight.id == flight_id, Flight.glider.has(Glider.pilot_id == me()))
    return jsonify(minutes=db.session.scalars(query).one().minutes)


@app.get('/own/flights/<int:flight_id>/nested')
@jwt_required()
def read_flight_nested(flight_id):
    mine = select(Glider.id).where(Glider.pilot_id == me()).scalar_subquery()
    return jsonify(minutes=db.session.scalars(select(Flight).where(Flight.id == flight_id, Flight.glider_id.in_(mine))).one().minutes)


@app.get('/own/flights/<int:flight_id>/up')
@jwt_required()
def read_flight_up(flight_id):
    flight = db.session.get(Flight, flight_id)
    if flight is None or flight.glider.pilot_id != me():
        abort(404)
    return jsonify(minutes=flight.minutes)


@app.get('/gliders/<int:glider_id>/total')
@jwt_required()
def total(glider_id):
    minutes = db.session.scalar(select(func.sum(Flight.minutes)).where(Flight.glider_id == glider_id))  # finding: bola-open-lookup
    return jsonify(minutes=minutes)
