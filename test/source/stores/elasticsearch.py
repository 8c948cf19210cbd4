"""Case files in an index of Elasticsearch or OpenSearch."""

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch_dsl import Document, Keyword, Q, Search, Text
from flask import Flask, abort, jsonify, request
from flask_login import current_user, login_required
from opensearchpy import OpenSearch

app = Flask(__name__)
es = Elasticsearch('http://localhost:9200')
app.search = OpenSearch(hosts=['localhost'])


class Case(Document):
    title = Text()
    lawyer_id = Keyword()

    class Index:
        name = 'cases'


@app.post('/cases')
@login_required
def add():
    answer = es.index(index='cases', document={'title': request.json['title'], 'lawyer_id': current_user.id})
    return jsonify(id=answer['_id']), 201


@app.get('/cases/<case_id>')
@login_required
def read(case_id):
    try:
        answer = es.get(index='cases', id=case_id)  # finding: bola-open-lookup
    except NotFoundError:
        abort(404)
    return jsonify(title=answer['_source']['title'])


@app.get('/cases/<case_id>/source')
@login_required
def read_source(case_id):
    return jsonify(title=es.get_source(index='cases', id=case_id)['title'])  # finding: bola-open-lookup


@app.get('/cases/<case_id>/open')
@login_required
def read_open(case_id):
    return jsonify(title=app.search.get(index='cases', id=case_id)['_source']['title'])  # finding: bola-open-lookup


@app.get('/cases/<case_id>/searched')
@login_required
def read_searched(case_id):
    answer = es.search(index='cases', query={'term': {'_id': case_id}})  # finding: bola-open-lookup
    return jsonify([hit['_source']['title'] for hit in answer['hits']['hits']])


@app.get('/cases/<case_id>/body')
@login_required
def read_body(case_id):
    answer = es.search(index='cases', body={'query': {'bool': {'filter': [{'term': {'case_id': case_id}}]}}})  # finding: bola-open-lookup
    return jsonify([hit['_source']['title'] for hit in answer['hits']['hits']])


@app.get('/cases/<case_id>/dsl')
@login_required
def read_dsl(case_id):
    return jsonify(title=Case.get(id=case_id).title)  # finding: bola-open-lookup


@app.get('/own/cases/<case_id>')
@login_required
def read_own(case_id):
    source = es.get(index='cases', id=case_id)['_source']
    if source['lawyer_id'] != current_user.id:
        abort(404)
    return jsonify(title=source['title'])


@app.get('/own/cases/<case_id>/filtered')
@login_required
def read_own_filtered(case_id):
    query = {'bool': {'must': [{'term': {'_id': case_id}}], 'filter': [{'term': {'lawyer_id': current_user.id}}]}}
    answer = es.search(index='cases', query=query)
    return jsonify([hit['_source']['title'] for hit in answer['hits']['hits']])


@app.get('/own/cases/<case_id>/dsl')
@login_required
def read_own_dsl(case_id):
    case = Case.get(id=case_id)
    if case.lawyer_id != current_user.id:
        abort(404)
    return jsonify(title=case.title)


@app.get('/own/cases')
@login_required
def list_own():
    answer = es.search(index='cases', body={'query': {'term': {'lawyer_id': current_user.id}}}, size=20)
    return jsonify([hit['_source']['title'] for hit in answer['hits']['hits']])


@app.get('/cases')
@login_required
def find():
    query = {'bool': {'must': [{'match': {'title': request.args['q']}}], 'filter': [{'term': {'lawyer_id': current_user.id}}]}}
    answer = es.search(index='cases', query=query)
    return jsonify([hit['_source']['title'] for hit in answer['hits']['hits']])


@app.put('/cases/<case_id>')
@login_required
def change(case_id):
    es.update(index='cases', id=case_id, doc={'title': request.json['title']})  # finding: bola-open-lookup
    return '', 204


@app.put('/cases/<case_id>/indexed')
@login_required
def change_indexed(case_id):
    es.index(index='cases', id=case_id, document={'title': request.json['title']})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/cases/<case_id>')
@login_required
def change_own(case_id):
    source = es.get(index='cases', id=case_id)['_source']
    if source['lawyer_id'] != current_user.id:
        abort(404)
    es.update(index='cases', id=case_id, body={'doc': {'title': request.json['title']}})
    return '', 204


@app.delete('/cases/<case_id>')
@login_required
def drop(case_id):
    es.delete(index='cases', id=case_id)  # finding: bola-open-lookup
    return '', 204


@app.post('/cases/dropped')
@login_required
def drop_by_query():
    es.delete_by_query(index='cases', body={'query': {'terms': {'_id': request.json['ids']}}})  # finding: bola-open-lookup
    return '', 204
