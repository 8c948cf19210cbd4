"""Recipes of cooks, in the collections of Flask-PyMongo."""

from bson.objectid import ObjectId
from flask import Flask, abort, jsonify, request, session
from flask_pymongo import PyMongo

app = Flask(__name__)
app.config['MONGO_URI'] = 'mongodb://localhost:27017/recipes'
mongo = PyMongo(app)
late = PyMongo()
late.init_app(app)


@app.before_request
def ask_who():
    if 'cook_id' not in session:
        abort(401)


@app.post('/recipes')
def add():
    title = str(request.json['title'])
    made = mongo.db.recipes.insert_one({'title': title, 'cook_id': session['cook_id']})
    return jsonify(id=str(made.inserted_id)), 201


@app.get('/recipes/<ObjectId:recipe_id>')
def read(recipe_id):
    recipe = mongo.db.recipes.find_one_or_404({'_id': recipe_id})  # finding: bola-open-lookup
    return jsonify(title=recipe['title'])


@app.get('/recipes/<ObjectId:recipe_id>/by-id-alone')
def read_by_id_alone(recipe_id):
    recipe = mongo.db.recipes.find_one_or_404(recipe_id)  # finding: bola-open-lookup
    return jsonify(title=recipe['title'])


@app.get('/own/recipes/<ObjectId:recipe_id>')
def read_own(recipe_id):
    recipe = mongo.db.recipes.find_one_or_404({'_id': recipe_id, 'cook_id': session['cook_id']})
    return jsonify(title=recipe['title'])


@app.get('/own/recipes/<ObjectId:recipe_id>/compared')
def read_compared(recipe_id):
    recipe = late.db.recipes.find_one_or_404({'_id': recipe_id})
    if recipe['cook_id'] != session.get('cook_id'):
        abort(404)
    return jsonify(title=recipe['title'])


@app.put('/recipes/<recipe_id>')
def change(recipe_id):
    recipes = mongo.db.recipes
    recipes.update_one({'_id': ObjectId(recipe_id)}, {'$set': {'title': str(request.form['title'])}})  # finding: bola-open-lookup
    return '', 204


@app.put('/own/recipes/<recipe_id>')
def change_own(recipe_id):
    recipes = mongo.db.recipes
    recipes.update_one(
        {'_id': ObjectId(recipe_id), 'cook_id': session['cook_id']},
        {'$set': {'title': str(request.form['title'])}},
    )
    return '', 204


@app.delete('/recipes/<recipe_id>')
def drop(recipe_id):
    late.db['recipes'].delete_one({'_id': ObjectId(recipe_id)})  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/recipes/<recipe_id>')
def drop_own(recipe_id):
    late.db['recipes'].delete_one({'_id': ObjectId(recipe_id), 'cook_id': session['cook_id']})
    return '', 204


@app.get('/recipes')
def list_own():
    return jsonify([each['title'] for each in mongo.db.recipes.find({'cook_id': session['cook_id']})])


@app.get('/photos/<path:name>')
def photo(name):
    return mongo.send_file(name)  # finding: bola-open-lookup


@app.get('/own/photos/<path:name>')
def own_photo(name):
    mongo.db.recipes.find_one_or_404({'photo': name, 'cook_id': session['cook_id']})
    return mongo.send_file(name)
