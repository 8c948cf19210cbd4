"""Tables without classes: SQLAlchemy Core, its statements and its text."""

from flask import Flask, abort, g, jsonify, request
from flask_login import current_user, login_required
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, and_, bindparam, create_engine, delete, insert, select, text, update

app = Flask(__name__)
engine = create_engine('sqlite:///lanterns.db')
metadata = MetaData()
lanterns = Table(
    'lanterns',
    metadata,
    Column('id', Integer, primary_key=True),
    Column('colour', String),
    Column('owner_id', Integer),
)
candles = Table('candles', metadata, Column('id', Integer), Column('lantern_id', ForeignKey('lanterns.id')), Column('hours', Integer))


def fetch(statement, **parameters):
    with engine.connect() as connection:
        return connection.execute(text(statement), parameters).mappings().first()


@app.post('/lanterns')
@login_required
def add():
    with engine.begin() as connection:
        connection.execute(lanterns.insert().values(colour=request.json['colour'], owner_id=current_user.id))
    return '', 201


@app.get('/lanterns/<int:lantern_id>')
@login_required
def read(lantern_id):
    with engine.connect() as connection:
        row = connection.execute(select(lanterns).where(lanterns.c.id == lantern_id)).fetchone()  # finding: bola-open-lookup
    return jsonify(colour=row.colour)


@app.get('/lanterns/<int:lantern_id>/table')
@login_required
def read_table(lantern_id):
    with engine.connect() as connection:
        row = connection.execute(lanterns.select().where(lanterns.c.id == lantern_id)).mappings().one_or_none()  # finding: bola-open-lookup
    return jsonify(colour=row['colour'])


@app.get('/lanterns/<int:lantern_id>/columns')
@login_required
def read_columns(lantern_id):
    with engine.connect() as connection:
        colour = connection.scalar(select(lanterns.c.colour).where(lanterns.columns.id == lantern_id))  # finding: bola-open-lookup
    return jsonify(colour=colour)


@app.get('/lanterns/<int:lantern_id>/text')
@login_required
def read_text(lantern_id):
    row = fetch('SELECT colour FROM lanterns WHERE id = :id', id=lantern_id)  # finding: bola-open-lookup
    return jsonify(dict(row))


@app.get('/lanterns/<int:lantern_id>/bound')
@login_required
def read_bound(lantern_id):
    statement = text('SELECT colour FROM lanterns WHERE id = :id').bindparams(id=lantern_id)
    with engine.connect() as connection:
        return jsonify(colour=connection.execute(statement).scalar())  # finding: bola-open-lookup


@app.get('/own/lanterns/<int:lantern_id>')
@login_required
def read_own(lantern_id):
    statement = select(lanterns).where(and_(lanterns.c.id == lantern_id, lanterns.c.owner_id == current_user.id))
    with engine.connect() as connection:
        row = connection.execute(statement).first()
    return jsonify(colour=row.colour) if row else abort(404)


@app.get('/own/lanterns/<int:lantern_id>/chained')
@login_required
def read_own_chained(lantern_id):
    statement = lanterns.select().where(lanterns.c.id == lantern_id).where(lanterns.c.owner_id == current_user.id)
    with engine.connect() as connection:
        return jsonify(colour=connection.execute(statement).mappings().one()['colour'])


@app.get('/own/lanterns/<int:lantern_id>/text')
@login_required
def read_own_text(lantern_id):
    row = fetch('SELECT colour FROM lanterns WHERE id = :id AND owner_id = :me', id=lantern_id, me=current_user.id)
    return jsonify(dict(row)) if row else abort(404)


@app.get('/own/lanterns/<int:lantern_id>/bound')
@login_required
def read_own_bound(lantern_id):
    statement = text('SELECT colour FROM lanterns WHERE id = :id AND owner_id = :me').bindparams(id=lantern_id, me=current_user.id)
    with engine.connect() as connection:
        return jsonify(colour=connection.execute(statement).scalar())


@app.get('/own/lanterns/<int:lantern_id>/compared')
@login_required
def read_own_compared(lantern_id):
    with engine.connect() as connection:
        row = connection.execute(select(lanterns).where(lanterns.c.id == lantern_id)).mappings().first()
    if row is None or row['owner_id'] != current_user.id:
        abort(404)
    return jsonify(colour=row['colour'])


@app.put('/lanterns/<int:lantern_id>')
@login_required
def change(lantern_id):
    with engine.begin() as connection:
        connection.execute(update(lanterns).where(lanterns.c.id == lantern_id).values(colour=request.json['colour']))  # finding: bola-open-lookup
    return '', 204


@app.put('/lanterns/<int:lantern_id>/table')
@login_required
def change_table(lantern_id):
    with engine.begin() as connection:
        connection.execute(lanterns.update().where(lanterns.c.id == lantern_id), {'colour': request.json['colour']})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/lanterns/<int:lantern_id>')
@login_required
def change_own(lantern_id):
    statement = lanterns.update().where(lanterns.c.id == lantern_id, lanterns.c.owner_id == current_user.id).values(colour=request.json['colour'])
    with engine.begin() as connection:
        if connection.execute(statement).rowcount == 0:
            abort(404)
    return '', 204


@app.delete('/lanterns/<int:lantern_id>')
@login_required
def drop(lantern_id):
    with engine.begin() as connection:
        connection.execute(delete(lanterns).where(lanterns.c.id == lantern_id))  # finding: bola-open-lookup
    return '', 204


@app.delete('/lanterns/<int:lantern_id>/table')
@login_required
def drop_table(lantern_id):
    with engine.begin() as connection:
        connection.execute(lanterns.delete().where(lanterns.c.id == lantern_id))  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/lanterns/<int:lantern_id>')
@login_required
def drop_own(lantern_id):
    with engine.begin() as connection:
        connection.execute(lanterns.delete().where(lanterns.c.id == lantern_id).where(lanterns.c.owner_id == current_user.id))
    return '', 204


@app.get('/own/candles/<int:candle_id>')
@login_required
def read_candle(candle_id):
    statement = (
        select(candles.c.hours)
        .select_from(candles.join(lanterns, candles.c.lantern_id == lanterns.c.id))
        .where(candles.c.id == candle_id, lanterns.c.owner_id == current_user.id)
    )
    with engine.connect() as connection:
        return jsonify(hours=connection.execute(statement).scalar())


@app.get('/candles/<int:candle_id>')
@login_required
def read_any_candle(candle_id):
    with engine.connect() as connection:
        return jsonify(hours=connection.execute(select(candles.c.hours).where(candles.c.id == candle_id)).scalar())  # finding: bola-open-lookup
