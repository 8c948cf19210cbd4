"""Variables of a rule that a converter of the app's own looks up."""

from flask import Flask, abort, jsonify
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from werkzeug.routing import BaseConverter

app = Flask(__name__)
db = SQLAlchemy(app)


class Tree(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    kind = db.Column(db.String)
    owner_id = db.Column(db.Integer)


class Shrub(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    kind = db.Column(db.String)
    owner_id = db.Column(db.Integer)


class TreeConverter(BaseConverter):
    def to_python(self, value):
        return Tree.query.get_or_404(value)


class ShrubConverter(BaseConverter):
    regex = r'\d+'

    def to_python(self, value):
        return Shrub.query.get_or_404(int(value))  # finding: bola-open-lookup

    def to_url(self, shrub):
        return str(shrub.id)


class OwnTreeConverter(BaseConverter):
    def to_python(self, value):
        return Tree.query.filter_by(id=value, owner_id=current_user.id).first_or_404()


class ListConverter(BaseConverter):
    def to_python(self, value):
        return value.split('+')


app.url_map.converters['tree'] = TreeConverter
app.url_map.converters['shrub'] = ShrubConverter
app.url_map.converters['own'] = OwnTreeConverter
app.url_map.converters['list'] = ListConverter


@app.get('/shrubs/<shrub:shrub>')
@login_required
def read_shrub(shrub):
    return jsonify(kind=shrub.kind)


@app.get('/trees/<tree:tree>')
@login_required
def read_tree(tree):
    if tree.owner_id != current_user.id:
        abort(404)
    return jsonify(kind=tree.kind)


@app.get('/own/trees/<own:tree>')
@login_required
def read_own_tree(tree):
    return jsonify(kind=tree.kind)


@app.get('/trees/some/<list:ids>')
@login_required
def read_some(ids):
    return jsonify([tree.kind for tree in Tree.query.filter(Tree.id.in_(ids))])  # finding: bola-open-lookup
