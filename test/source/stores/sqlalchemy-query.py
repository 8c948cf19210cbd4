"""Tenants of a house and their repairs, with the Query of SQLAlchemy 1.x; `lines` are children of `repairs`."""

from flask import Flask, abort, g, jsonify, request
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import and_, exists, func, or_
from sqlalchemy.orm import joinedload, relationship
from sqlalchemy.orm.exc import NoResultFound

app = Flask(__name__)
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    repairs = relationship('Repair', back_populates='user', lazy='dynamic')
    flats = db.relationship('Flat', backref='user')


class Flat(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey('user.id'))


class Repair(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String)
    open = db.Column(db.Boolean)
    user_id = db.Column(db.Integer, db.ForeignKey('user.id'))
    user = relationship('User', back_populates='repairs')
    lines = relationship('Line', back_populates='repair')

    def shown(self):
        return {'id': self.id, 'title': self.title}


class Line(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String)
    repair_id = db.Column(db.Integer, db.ForeignKey('repair.id'))
    repair = relationship('Repair', back_populates='lines')


@app.post('/repairs')
@login_required
def add():
    repair = Repair(title=request.json['title'], user_id=current_user.id)
    db.session.add(repair)
    db.session.commit()
    return jsonify(repair.shown()), 201


# read


@app.get('/repairs/<int:repair_id>/got')
@login_required
def read_got(repair_id):
    return jsonify(Repair.query.get(repair_id).shown())  # finding: bola-open-lookup


@app.get('/repairs/<int:repair_id>/or-404')
@login_required
def read_or_404(repair_id):
    return jsonify(Repair.query.get_or_404(repair_id).shown())  # finding: bola-open-lookup


@app.get('/repairs/<int:repair_id>/first')
@login_required
def read_first(repair_id):
    repair = Repair.query.filter_by(id=repair_id).first()  # finding: bola-open-lookup
    return jsonify(repair.shown()) if repair else abort(404)


@app.get('/repairs/<int:repair_id>/one')
@login_required
def read_one(repair_id):
    try:
        repair = db.session.query(Repair).filter(Repair.id == repair_id).one()  # finding: bola-open-lookup
    except NoResultFound:
        return jsonify(error='not found'), 404
    return jsonify(repair.shown())


@app.get('/repairs/<int:repair_id>/eager')
@login_required
def read_eager(repair_id):
    query = db.session.query(Repair).options(joinedload(Repair.lines))
    repair = query.filter(Repair.id == repair_id).one_or_none()  # finding: bola-open-lookup
    return jsonify(repair.shown())


@app.get('/repairs/<int:repair_id>/entities')
@login_required
def read_entities(repair_id):
    row = Repair.query.filter_by(id=repair_id).with_entities(Repair.title).first_or_404()  # finding: bola-open-lookup
    return jsonify(title=row.title)


@app.get('/repairs/<int:repair_id>/column')
@login_required
def read_column(repair_id):
    title = db.session.query(Repair.title).filter(Repair.id == repair_id).scalar()  # finding: bola-open-lookup
    return jsonify(title=title)


@app.get('/repairs/<int:repair_id>/session')
@login_required
def read_session(repair_id):
    return jsonify(db.session.query(Repair).get(repair_id).shown())  # finding: bola-open-lookup


@app.get('/repairs/<int:repair_id>/slice')
@login_required
def read_slice(repair_id):
    return jsonify(Repair.query.filter(Repair.id == repair_id)[0].shown())  # finding: bola-open-lookup


@app.get('/own/repairs/<int:repair_id>')
@login_required
def read_own(repair_id):
    return jsonify(Repair.query.filter_by(id=repair_id, user_id=current_user.id).first_or_404().shown())


@app.get('/own/repairs/<int:repair_id>/object')
@login_required
def read_own_object(repair_id):
    return jsonify(Repair.query.filter_by(id=repair_id, user=current_user).first_or_404().shown())


@app.get('/own/repairs/<int:repair_id>/and')
@login_required
def read_own_and(repair_id):
    repair = Repair.query.filter(and_(Repair.id == repair_id, Repair.user_id == current_user.id)).first()
    return jsonify(repair.shown())


@app.get('/own/repairs/<int:repair_id>/ampersand')
@login_required
def read_own_ampersand(repair_id):
    repair = Repair.query.filter((Repair.id == repair_id) & (Repair.user_id == current_user.id)).first()
    return jsonify(repair.shown())


@app.get('/repairs/<int:repair_id>/or')
@login_required
def read_or(repair_id):
    return jsonify(Repair.query.filter(or_(Repair.id == repair_id, Repair.user_id == current_user.id)).first().shown())  # finding: bola-open-lookup


@app.get('/own/repairs/<int:repair_id>/related')
@login_required
def read_related(repair_id):
    return jsonify(current_user.repairs.filter_by(id=repair_id).first_or_404().shown())


@app.get('/own/repairs/<int:repair_id>/with-parent')
@login_required
def read_with_parent(repair_id):
    repair = Repair.query.with_parent(current_user).filter(Repair.id == repair_id).first_or_404()
    return jsonify(repair.shown())


@app.get('/own/repairs/<int:repair_id>/joined')
@login_required
def read_joined(repair_id):
    repair = Repair.query.join(User).filter(Repair.id == repair_id, User.id == current_user.id).first_or_404()
    return jsonify(repair.shown())


@app.get('/own/repairs/<int:repair_id>/has')
@login_required
def read_has(repair_id):
    return jsonify(Repair.query.filter(Repair.id == repair_id, Repair.user.has(id=current_user.id)).first_or_404().shown())


@app.get('/own/repairs/<int:repair_id>/compared')
@login_required
def read_compared(repair_id):
    repair = Repair.query.get_or_404(repair_id)
    if repair.user_id != current_user.id:
        abort(404)
    return jsonify(repair.shown())


@app.get('/own/repairs/<int:repair_id>/same-object')
@login_required
def read_same_object(repair_id):
    repair = Repair.query.get_or_404(repair_id)
    if repair.user is not current_user and repair.user != current_user:
        abort(404)
    return jsonify(repair.shown())


@app.get('/own/repairs/<int:repair_id>/member')
@login_required
def read_member(repair_id):
    repair = Repair.query.get_or_404(repair_id)
    if repair not in current_user.repairs:
        abort(404)
    return jsonify(repair.shown())


def my_repairs():
    return Repair.query.filter_by(user_id=current_user.id)


@app.get('/own/repairs/<int:repair_id>/scoped')
@login_required
def read_scoped(repair_id):
    return jsonify(my_repairs().filter_by(id=repair_id).first_or_404().shown())


@app.get('/own/repairs/<int:repair_id>/scoped-next')
@login_required
def read_scoped_next(repair_id):
    repair = next((each for each in my_repairs() if each.id == repair_id), None)
    return jsonify(repair.shown()) if repair else abort(404)


# list


@app.get('/repairs')
@login_required
def list_own():
    page = my_repairs().order_by(Repair.title.desc()).paginate(page=1, per_page=20)
    return jsonify([each.shown() for each in page.items])


@app.get('/users/<int:user_id>/repairs')
@login_required
def list_of_user(user_id):
    return jsonify([each.shown() for each in Repair.query.filter_by(user_id=user_id).all()])  # finding: bola-subject-as-key


@app.get('/users/<int:user_id>/repairs/related')
@login_required
def list_related_of_user(user_id):
    user = User.query.get_or_404(user_id)  # finding: bola-subject-as-key
    return jsonify([each.shown() for each in user.repairs])


@app.get('/repairs/some')
@login_required
def list_some():
    return jsonify([each.shown() for each in Repair.query.filter(Repair.id.in_(request.args.getlist('id')))])  # finding: bola-open-lookup


@app.get('/own/repairs/some')
@login_required
def list_own_some():
    ids = request.args.getlist('id')
    return jsonify([each.shown() for each in Repair.query.filter(Repair.id.in_(ids), Repair.user_id == current_user.id)])


# change


@app.put('/repairs/<int:repair_id>')
@login_required
def change(repair_id):
    repair = Repair.query.get_or_404(repair_id)  # finding: bola-open-lookup
    repair.title = request.json['title']
    db.session.commit()
    return '', 204


@app.put('/repairs/<int:repair_id>/query')
@login_required
def change_by_query(repair_id):
    Repair.query.filter_by(id=repair_id).update({'title': request.json['title']})  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.put('/repairs/<int:repair_id>/columns')
@login_required
def change_by_columns(repair_id):
    db.session.query(Repair).filter(Repair.id == repair_id).update({Repair.title: request.json['title']}, synchronize_session=False)  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.put('/own/repairs/<int:repair_id>')
@login_required
def change_own(repair_id):
    changed = my_repairs().filter_by(id=repair_id).update({'title': request.json['title']})
    db.session.commit()
    return ('', 204) if changed else abort(404)


@app.put('/own/repairs/<int:repair_id>/counted')
@login_required
def change_counted(repair_id):
    if Repair.query.filter_by(id=repair_id, user_id=current_user.id).count() == 0:
        abort(404)
    Repair.query.filter_by(id=repair_id).update({'title': request.json['title']})
    db.session.commit()
    return '', 204


@app.put('/own/repairs/<int:repair_id>/existing')
@login_required
def change_existing(repair_id):
    is_mine = db.session.query(exists().where(Repair.id == repair_id, Repair.user_id == current_user.id)).scalar()
    if not is_mine:
        abort(404)
    Repair.query.filter_by(id=repair_id).update({'title': request.json['title']})
    return '', 204


@app.put('/own/repairs/<int:repair_id>/existing-query')
@login_required
def change_existing_query(repair_id):
    mine = db.session.query(my_repairs().filter_by(id=repair_id).exists()).scalar()
    if not mine:
        abort(404)
    db.session.query(Repair).get(repair_id).title = request.json['title']
    return '', 204


@app.post('/repairs/changed')
@login_required
def change_many():
    db.session.bulk_update_mappings(Repair, [{'id': each['id'], 'title': each['title']} for each in request.json])  # finding: bola-open-lookup
    return '', 204


@app.post('/repairs/merged')
@login_required
def merge():
    db.session.merge(Repair(id=request.json['id'], title=request.json['title']))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


# delete


@app.delete('/repairs/<int:repair_id>')
@login_required
def drop(repair_id):
    db.session.delete(Repair.query.get_or_404(repair_id))  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.delete('/repairs/<int:repair_id>/query')
@login_required
def drop_by_query(repair_id):
    Repair.query.filter(Repair.id == repair_id).delete()  # finding: bola-open-lookup
    db.session.commit()
    return '', 204


@app.delete('/own/repairs/<int:repair_id>')
@login_required
def drop_own(repair_id):
    if not my_repairs().filter(Repair.id == repair_id).delete():
        abort(404)
    db.session.commit()
    return '', 204


# child


@app.post('/repairs/<int:repair_id>/lines')
@login_required
def add_line(repair_id):
    repair = Repair.query.get_or_404(repair_id)  # finding: bola-open-lookup
    repair.lines.append(Line(text=request.json['text']))
    db.session.commit()
    return '', 201


@app.post('/own/repairs/<int:repair_id>/lines')
@login_required
def add_own_line(repair_id):
    repair = my_repairs().filter_by(id=repair_id).first_or_404()
    db.session.add(Line(text=request.json['text'], repair=repair))
    db.session.commit()
    return '', 201


@app.get('/repairs/<int:repair_id>/lines')
@login_required
def list_lines(repair_id):
    return jsonify([line.text for line in Line.query.filter_by(repair_id=repair_id)])  # finding: bola-open-lookup


@app.get('/own/repairs/<int:repair_id>/lines/<int:line_id>')
@login_required
def read_line_of_any(repair_id, line_id):
    my_repairs().filter_by(id=repair_id).first_or_404()
    return jsonify(text=Line.query.get_or_404(line_id).text)  # finding: bola-child-not-bound


@app.get('/own/repairs/<int:repair_id>/lines/<int:line_id>/bound')
@login_required
def read_own_line(repair_id, line_id):
    repair = my_repairs().filter_by(id=repair_id).first_or_404()
    return jsonify(text=Line.query.filter_by(id=line_id, repair_id=repair.id).first_or_404().text)


@app.get('/own/lines/<int:line_id>')
@login_required
def read_line_joined(line_id):
    line = Line.query.join(Repair).filter(Line.id == line_id, Repair.user_id == current_user.id).first_or_404()
    return jsonify(text=line.text)


@app.get('/own/lines/<int:line_id>/on')
@login_required
def read_line_joined_on(line_id):
    query = db.session.query(Line).join(Repair, Line.repair_id == Repair.id)
    return jsonify(text=query.filter(Line.id == line_id).filter(Repair.user_id == current_user.id).first().text)


@app.get('/own/lines/<int:line_id>/up')
@login_required
def read_line_up(line_id):
    line = Line.query.get_or_404(line_id)
    if line.repair.user_id != current_user.id:
        abort(404)
    return jsonify(text=line.text)


@app.get('/own/lines/<int:line_id>/nested')
@login_required
def read_line_nested(line_id):
    mine = db.session.query(Repair.id).filter(Repair.user_id == current_user.id)
    return jsonify(text=Line.query.filter(Line.id == line_id, Line.repair_id.in_(mine)).first_or_404().text)


# aggregate


@app.get('/repairs/<int:repair_id>/count')
@login_required
def count_lines(repair_id):
    return jsonify(count=db.session.query(func.count(Line.id)).filter(Line.repair_id == repair_id).scalar())


@app.get('/users/<int:user_id>/count')
@login_required
def count_of_user(user_id):
    return jsonify(count=Repair.query.filter_by(user_id=user_id).count())


# default scope


class OwnedQuery(db.Query):
    def mine(self):
        return self.filter_by(user_id=current_user.id)


class Note(db.Model):
    query_class = OwnedQuery
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String)
    user_id = db.Column(db.Integer)

    @classmethod
    def owned(cls):
        return cls.query.filter(cls.user_id == g.user.id)


@app.get('/notes/<int:note_id>')
@login_required
def read_note(note_id):
    return jsonify(text=Note.query.mine().filter_by(id=note_id).first_or_404().text)


@app.get('/notes/<int:note_id>/owned')
@login_required
def read_owned_note(note_id):
    return jsonify(text=Note.owned().filter_by(id=note_id).first_or_404().text)


@app.get('/notes/<int:note_id>/any')
@login_required
def read_any_note(note_id):
    return jsonify(text=Note.query.filter_by(id=note_id).first_or_404().text)  # finding: bola-open-lookup
