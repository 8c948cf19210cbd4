# Stores behind classes and functions of the app's own.
# file: models.py
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Saved:
    @classmethod
    def find(cls, id_):
        return cls.query.filter_by(id=id_).first()

    @classmethod
    def find_or_404(cls, id_):
        found = cls.find(id_)
        if found is None:
            raise NotFound(cls.__name__)
        return found

    @classmethod
    def find_of(cls, id_, owner_id):
        return cls.query.filter_by(id=id_, owner_id=owner_id).first()

    @classmethod
    def all_of(cls, **fields):
        return cls.query.filter_by(**fields).all()

    def save(self):
        db.session.add(self)
        db.session.commit()
        return self

    def change(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)
        return self.save()

    def remove(self):
        db.session.delete(self)
        db.session.commit()


class NotFound(Exception):
    pass


class Ticket(Saved, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    seat = db.Column(db.String)
    owner_id = db.Column(db.Integer)


class Refund(Saved, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    amount = db.Column(db.Integer)
    ticket_id = db.Column(db.ForeignKey('ticket.id'))
    owner_id = db.Column(db.Integer)
# file: repositories.py
from contextlib import contextmanager
from typing import Generic, Type, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from models import Refund, Ticket, db

T = TypeVar('T')
Session = sessionmaker()


@contextmanager
def session_scope():
    session = Session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


class Repository(Generic[T]):
    model: Type[T]

    def __init__(self, session=None):
        self.session = session or db.session

    def get(self, id_) -> T | None:
        return self.session.get(self.model, id_)

    def get_by(self, **fields) -> T | None:
        return self.session.execute(select(self.model).filter_by(**fields)).scalar_one_or_none()

    def get_owned(self, id_, owner_id) -> T | None:
        return self.session.query(self.model).filter(self.model.id == id_, self.model.owner_id == owner_id).first()

    def list(self, **fields):
        query = self.session.query(self.model)
        for name, value in fields.items():
            query = query.filter(getattr(self.model, name) == value)
        return query.all()

    def update(self, id_, values):
        row = self.get(id_)
        for name, value in values.items():
            setattr(row, name, value)
        self.session.commit()
        return row

    def delete(self, id_):
        row = self.get(id_)
        self.session.delete(row)  # finding: bola-open-lookup
        self.session.commit()


class TicketRepository(Repository[Ticket]):
    model = Ticket


class ModelStore:
    def __init__(self, model):
        self.model = model

    def by_id(self, id_):
        return self.model.query.get(id_)  # finding: bola-open-lookup

    def by_id_of(self, id_, owner):
        row = self.model.query.get(id_)
        if row is None or row.owner_id != owner.id:
            raise PermissionError(id_)
        return row


tickets = TicketRepository()
refunds = ModelStore(Refund)


class TicketService:
    def __init__(self, repository):
        self.repository = repository

    def show(self, ticket_id):
        return self.repository.get(ticket_id)  # finding: bola-open-lookup

    def show_to(self, user, ticket_id):
        ticket = self.repository.get(ticket_id)
        if ticket and ticket.owner_id == user.id:
            return ticket
        return None


def get_object(model, object_id, user_id=None):
    query = db.session.query(model).filter(model.id == object_id)
    if user_id is not None:
        query = query.filter(model.owner_id == user_id)
    return query.first()
# file: app.py
from flask import Flask, abort, jsonify, request
from flask_login import current_user, login_required

from models import Refund, Ticket, db
from repositories import TicketService, get_object, refunds, session_scope, tickets

app = Flask(__name__)
db.init_app(app)
service = TicketService(tickets)


@app.post('/tickets')
@login_required
def add():
    return jsonify(id=Ticket(seat=request.json['seat'], owner_id=current_user.id).save().id), 201


@app.get('/tickets/<int:ticket_id>')
@login_required
def read(ticket_id):
    return jsonify(seat=Ticket.find(ticket_id).seat)  # finding: bola-open-lookup


@app.get('/tickets/<int:ticket_id>/or-404')
@login_required
def read_or_404(ticket_id):
    return jsonify(seat=Ticket.find_or_404(ticket_id).seat)  # finding: bola-open-lookup


@app.get('/own/tickets/<int:ticket_id>')
@login_required
def read_own(ticket_id):
    ticket = Ticket.find_of(ticket_id, current_user.id)
    return jsonify(seat=ticket.seat) if ticket else abort(404)


@app.get('/own/tickets/<int:ticket_id>/compared')
@login_required
def read_compared(ticket_id):
    ticket = Ticket.find_or_404(ticket_id)
    if ticket.owner_id != current_user.id:
        abort(404)
    return jsonify(seat=ticket.seat)


@app.get('/owners/<int:owner_id>/tickets')
@login_required
def list_of(owner_id):
    return jsonify([ticket.seat for ticket in Ticket.all_of(owner_id=owner_id)])  # finding: bola-subject-as-key


@app.get('/own/tickets')
@login_required
def list_own():
    return jsonify([ticket.seat for ticket in Ticket.all_of(owner_id=current_user.id)])


@app.put('/tickets/<int:ticket_id>')
@login_required
def change(ticket_id):
    Ticket.find(ticket_id).change(seat=request.json['seat'])  # finding: bola-open-lookup
    return '', 204


@app.delete('/tickets/<int:ticket_id>')
@login_required
def drop(ticket_id):
    Ticket.find(ticket_id).remove()  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/tickets/<int:ticket_id>')
@login_required
def drop_own(ticket_id):
    ticket = Ticket.find_of(ticket_id, current_user.id)
    if not ticket:
        abort(404)
    ticket.remove()
    return '', 204


@app.get('/repository/<int:ticket_id>')
@login_required
def read_repository(ticket_id):
    return jsonify(seat=tickets.get(ticket_id).seat)  # finding: bola-open-lookup


@app.get('/repository/own/<int:ticket_id>')
@login_required
def read_own_repository(ticket_id):
    ticket = tickets.get_by(id=ticket_id, owner_id=current_user.id)
    return jsonify(seat=ticket.seat) if ticket else abort(404)


@app.get('/repository/owned/<int:ticket_id>')
@login_required
def read_owned_repository(ticket_id):
    ticket = tickets.get_owned(ticket_id, current_user.id)
    return jsonify(seat=ticket.seat) if ticket else abort(404)


@app.get('/repository/by/<int:ticket_id>')
@login_required
def read_by(ticket_id):
    return jsonify(seat=tickets.get_by(id=ticket_id).seat)  # finding: bola-open-lookup


@app.get('/repository')
@login_required
def list_repository():
    return jsonify([ticket.seat for ticket in tickets.list(owner_id=current_user.id)])


@app.put('/repository/<int:ticket_id>')
@login_required
def change_repository(ticket_id):
    return jsonify(seat=tickets.update(ticket_id, {'seat': request.json['seat']}).seat)  # finding: bola-open-lookup


@app.put('/repository/own/<int:ticket_id>')
@login_required
def change_own_repository(ticket_id):
    if tickets.get_owned(ticket_id, current_user.id) is None:
        abort(404)
    return jsonify(seat=tickets.update(ticket_id, {'seat': request.json['seat']}).seat)


@app.delete('/repository/<int:ticket_id>')
@login_required
def drop_repository(ticket_id):
    tickets.delete(ticket_id)
    return '', 204


@app.get('/refunds/<int:refund_id>')
@login_required
def read_refund(refund_id):
    return jsonify(amount=refunds.by_id(refund_id).amount)


@app.get('/own/refunds/<int:refund_id>')
@login_required
def read_own_refund(refund_id):
    try:
        return jsonify(amount=refunds.by_id_of(refund_id, current_user).amount)
    except PermissionError:
        return jsonify(error='not found'), 404


@app.get('/service/<int:ticket_id>')
@login_required
def read_service(ticket_id):
    return jsonify(seat=service.show(ticket_id).seat)


@app.get('/service/own/<int:ticket_id>')
@login_required
def read_own_service(ticket_id):
    ticket = service.show_to(current_user, ticket_id)
    if ticket is None:
        abort(404)
    return jsonify(seat=ticket.seat)


@app.get('/scope/<int:ticket_id>')
@login_required
def read_scope(ticket_id):
    with session_scope() as session:
        ticket = session.query(Ticket).filter_by(id=ticket_id).one_or_none()  # finding: bola-open-lookup
        return jsonify(seat=ticket.seat)


@app.get('/scope/own/<int:ticket_id>')
@login_required
def read_own_scope(ticket_id):
    with session_scope() as session:
        ticket = session.query(Ticket).filter_by(id=ticket_id, owner_id=current_user.id).one_or_none()
        return jsonify(seat=ticket.seat) if ticket else abort(404)


@app.get('/object/<int:ticket_id>')
@login_required
def read_object(ticket_id):
    return jsonify(seat=get_object(Ticket, ticket_id).seat)  # finding: bola-open-lookup


@app.get('/object/own/<int:ticket_id>')
@login_required
def read_own_object(ticket_id):
    ticket = get_object(Ticket, ticket_id, user_id=current_user.id)
    return jsonify(seat=ticket.seat) if ticket else abort(404)
