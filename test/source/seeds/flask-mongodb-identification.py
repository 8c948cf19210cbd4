"""Allotments: plots are read by id, by handle and behind a decorator; each has a vulnerable and a repaired form."""

from functools import wraps

from bson.objectid import ObjectId
from flask import Flask, g, jsonify, request
from pymongo import MongoClient

app = Flask(__name__)
client = MongoClient('mongodb://localhost:27017')
db = client['allotments']


@app.route('/plots/<plot_id>')
def read_plot(plot_id):
    plot = db.plots.find_one({'_id': ObjectId(plot_id)})  # finding: bola-open-lookup; low: id-not-validated
    if plot is None:
        return jsonify({'error': 'not found'}), 404
    return jsonify(plot)  # low: objectid-json


@app.route('/own/plots/<plot_id>')
def read_own_plot(plot_id):
    try:
        number = ObjectId(plot_id)
    except Exception:
        return jsonify({'error': 'invalid id'}), 400
    plot = db.plots.find_one({'_id': number, 'user_id': g.user_id})
    if plot is None:
        return jsonify({'error': 'not found'}), 404
    return jsonify(plot)


@app.route('/own/plots/handle/<handle>')
def read_by_handle(handle):
    plot = db.plots.find_one({'public_handle': handle, 'user_id': g.user_id})
    if plot is None:
        return jsonify({'error': 'not found'}), 404
    return jsonify(plot)


@app.route('/plots/handle/<handle>')
def read_by_bare_handle(handle):
    return jsonify(db.plots.find_one({'public_handle': handle}))  # finding: bola-open-lookup


def own_plot(view):
    @wraps(view)
    def guarded(plot_id, *args, **kwargs):
        try:
            number = ObjectId(plot_id)
        except Exception:
            return jsonify({'error': 'invalid id'}), 400
        plot = db.plots.find_one({'_id': number, 'user_id': g.user_id})
        if plot is None:
            return jsonify({'error': 'forbidden'}), 403
        request.plot = plot
        return view(plot_id, *args, **kwargs)

    return guarded


@app.route('/decorated/plots/<plot_id>')
@own_plot
def read_decorated_plot(plot_id):
    return jsonify(request.plot)
