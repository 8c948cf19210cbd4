# A shared archive: boxes belong to teams, papers to boxes. Services answer with (found, row) or (ok, result).
from functools import wraps
import asyncio
import inspect

from flask import Flask, Response, g, jsonify, request
from flask_login import current_user, login_required
from peewee import CharField, Model

app = Flask(__name__)


class Seat(Model):
    team_id = CharField()
    person_id = CharField()


class Team(Model):
    id = CharField()
    label = CharField()


class Box(Model):
    id = CharField()
    team_id = CharField()
    shared = CharField()


class Paper(Model):
    id = CharField()
    box_id = CharField()
    text = CharField()


class Letter(Model):
    id = CharField()
    sender_id = CharField()
    reader_id = CharField()


class Store:
    model = None

    @classmethod
    def by_id(cls, key):
        try:
            row = cls.model.get_or_none(cls.model.id == key)
            if row:
                return True, row
        except Exception:
            pass
        return False, None

    @classmethod
    def by_ids(cls, keys):
        return cls.model.select().where(cls.model.id.in_(keys))


class Teams(Store):
    model = Team

    @classmethod
    def joined_by(cls, person_id):
        return list(cls.model.select().join(Seat, on=((cls.model.id == Seat.team_id) & (Seat.person_id == person_id))).dicts())


class Boxes(Store):
    model = Box

    @classmethod
    def open_to(cls, box_id, person_id):
        found, box = cls.by_id(box_id)
        if not found:
            return False
        if box.shared != 'team':
            return False
        return any(team['id'] == box.team_id for team in Teams.joined_by(person_id))

    @classmethod
    def in_team(cls, team_id, key):
        return cls.model.get_or_none((cls.model.team_id == team_id) & (cls.model.label == key))


class Papers(Store):
    model = Paper

    @classmethod
    def open_to(cls, paper_id, person_id):
        found, paper = cls.by_id(paper_id)
        if not found:
            return False
        return Boxes.open_to(paper.box_id, person_id)


def with_person(view):
    @wraps(view)
    async def guarded(**kwargs):
        kwargs['person_id'] = current_user.id
        if inspect.iscoroutinefunction(view):
            return await view(**kwargs)
        return view(**kwargs)

    return guarded


def describe(paper_id, person_id):
    found, paper = Papers.by_id(paper_id)
    if not found:
        return False, 'no such paper'
    if not Papers.open_to(paper_id, person_id):
        return False, 'no such paper'
    return True, paper


@app.get('/papers/<paper_id>/open')
@login_required
def read_open(paper_id):
    found, paper = Papers.by_id(paper_id)  # finding: bola-open-lookup
    if not found:
        return jsonify(error='no such paper'), 404
    return jsonify(text=paper.text)


# What a chain of services finds out of the box holds for the paper in it.
@app.get('/papers/<paper_id>')
@login_required
@with_person
def read_paper(paper_id, person_id):
    if not Papers.open_to(paper_id, person_id):
        return jsonify(error='no such paper'), 404
    found, paper = Papers.by_id(paper_id)
    if not found:
        return jsonify(error='no such paper'), 404
    return jsonify(text=paper.text)


# The first of two results says what the second is.
@app.get('/papers/<paper_id>/description')
@login_required
def read_description(paper_id):
    ok, result = describe(paper_id, current_user.id)
    if not ok:
        return jsonify(error=result), 404
    return jsonify(text=result.text)


# A loop that refuses.
@app.post('/papers/copies')
@login_required
def copy_papers():
    keys = request.json['papers']
    for key in keys:
        if not Papers.open_to(key, current_user.id):
            return jsonify(error='no such paper'), 404
    return jsonify([paper.text for paper in Papers.by_ids(keys)])


# A loop that only leaves out.
@app.post('/papers/titles')
@login_required
def list_titles():
    keys = request.json['papers']
    for key in keys:
        if not Papers.open_to(key, current_user.id):
            continue
    return jsonify([paper.text for paper in Papers.by_ids(keys)])  # finding: bola-open-lookup


# A filter.
@app.post('/boxes/labels')
@login_required
def list_labels():
    boxes = [box for box in Boxes.by_ids(request.json['boxes']) if Boxes.open_to(box.id, current_user.id)]
    return jsonify([box.label for box in boxes])


# What is asked for, without what is allowed.
@app.get('/boxes')
@login_required
def list_boxes():
    allowed = {team['id'] for team in Teams.joined_by(current_user.id)}
    asked = set(request.args.getlist('teams'))
    if asked - allowed:
        return jsonify(error='not your team'), 403
    return jsonify([box.label for box in Box.select().where(Box.team_id.in_(asked))])


@app.get('/boxes/listed')
@login_required
def list_more_boxes():
    allowed = [team['id'] for team in Teams.joined_by(current_user.id)]
    asked = request.args.getlist('teams')
    strange = [team for team in asked if team not in allowed]
    if strange:
        return jsonify(error='not your team'), 403
    return jsonify([box.label for box in Box.select().where(Box.team_id.in_(asked))])


# A search that ends in a refusal when it finds nothing.
@app.get('/boxes/<box_id>/label')
@login_required
def read_label(box_id):
    for team in Teams.joined_by(current_user.id):
        if Box.get_or_none((Box.id == box_id) & (Box.team_id == team['id'])):
            break
    else:
        return jsonify(error='no such box'), 404
    found, box = Boxes.by_id(box_id)
    return jsonify(label=box.label)


# An id from the client that is dropped when it is somebody else's.
@app.get('/boxes/mine/<key>')
@login_required
def read_mine(key):
    team = Team.get_or_none(Team.owner_id == current_user.id)
    if team is None:
        return jsonify(error='no team'), 404
    found, box = Boxes.by_id(key)
    if box and box.team_id != team.id:
        box = None
    if not box:
        box = Boxes.in_team(team.id, key)
    if not box:
        return jsonify(error='no such box'), 404
    return jsonify(label=box.label)


# One of two must be the caller.
@app.delete('/seats/<team_id>')
@login_required
def leave(team_id):
    person_id = request.json['person']
    if current_user.id != team_id and current_user.id != person_id:
        return jsonify(error='not yours'), 403
    Seat.delete().where(Seat.team_id == team_id, Seat.person_id == person_id).execute()
    return '', 204


# Tied to an id that is only then found to be allowed.
@app.get('/boxes/<box_id>/papers/<paper_id>')
@login_required
def read_from_box(box_id, paper_id):
    found, paper = Papers.by_id(paper_id)
    if not found or paper.box_id != box_id:
        return jsonify(error='no such paper'), 404
    if not Boxes.open_to(box_id, current_user.id):
        return jsonify(error='no such paper'), 404
    return jsonify(text=paper.text)


# Not tied to the box that is allowed.
@app.get('/boxes/<box_id>/loose/<paper_id>')
@login_required
def read_loose(box_id, paper_id):
    if not Boxes.open_to(box_id, current_user.id):
        return jsonify(error='no such paper'), 404
    found, paper = Papers.by_id(paper_id)  # finding: bola-child-not-bound
    return jsonify(text=paper.text)


# No id, no object.
@app.get('/latest')
@login_required
def read_latest():
    box_id = request.args.get('box')
    if box_id:
        if not Boxes.open_to(box_id, current_user.id):
            return jsonify(error='no such box'), 404
    rows = Paper.select().where(Paper.box_id == box_id)
    return jsonify([paper.text for paper in rows])


# One of those that were loaded.
@app.post('/boxes/<box_id>/order')
@login_required
def order(box_id):
    if not Boxes.open_to(box_id, current_user.id):
        return jsonify(error='no such box'), 404
    papers = {paper.id: paper for paper in Paper.select().where(Paper.box_id == box_id)}
    chosen = papers.get(request.json['first'])
    if chosen is None:
        return jsonify(error='no such paper'), 404
    return jsonify(text=chosen.text)


# What was put aside where it was the caller's.
@app.get('/exports')
@login_required
def export():
    out = {}
    for key in request.args.getlist('boxes'):
        found, box = Boxes.by_id(key)
        if found and Boxes.open_to(box.id, current_user.id):
            out[box.id] = box.label
    return jsonify(out)


# A stream.
@app.get('/papers/<paper_id>/stream')
@login_required
def stream_paper(paper_id):
    def lines():
        found, paper = Papers.by_id(paper_id)  # finding: bola-open-lookup
        yield paper.text

    return Response(lines(), mimetype='text/plain')
