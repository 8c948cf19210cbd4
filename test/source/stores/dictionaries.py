"""Small apps keep what they have in dictionaries and lists."""

import uuid
from dataclasses import dataclass

from flask import Flask, abort, current_app, g, jsonify, request, session

app = Flask(__name__)
app.config['PARCELS'] = {}
items = {}
sessions = {}
baskets: dict[str, dict] = {}
pets = [
    {'id': 1, 'name': 'rex', 'owner': 'ada'},
    {'id': 2, 'name': 'tom', 'owner': 'ben'},
]
orders = []
by_user = {}


@dataclass
class Bag:
    id: str
    owner: str
    text: str


bags: dict[str, Bag] = {}


class Shelf:
    books = {}

    def __init__(self):
        self.jars = {}


shelf = Shelf()


@app.before_request
def know_caller():
    g.user = session.get('user')
    if not g.user:
        abort(401)


# a dictionary


@app.post('/items')
def add():
    number = uuid.uuid4().hex
    items[number] = {'id': number, 'text': request.json['text'], 'owner': g.user}
    return jsonify(id=number), 201


@app.get('/items/<item_id>')
def read(item_id):
    item = items.get(item_id)  # finding: bola-open-lookup
    if item is None:
        abort(404)
    return jsonify(text=item['text'])


@app.get('/items/<item_id>/in')
def read_in(item_id):
    if item_id not in items:
        abort(404)
    return jsonify(text=items[item_id]['text'])  # finding: bola-open-lookup


@app.get('/items/<item_id>/tried')
def read_tried(item_id):
    try:
        item = items[item_id]  # finding: bola-open-lookup
    except KeyError:
        abort(404)
    return jsonify(text=item['text'])


@app.get('/own/items/<item_id>')
def read_own(item_id):
    item = items.get(item_id)
    if item is None or item['owner'] != g.user:
        abort(404)
    return jsonify(text=item['text'])


@app.get('/own/items/<item_id>/or')
def read_own_or(item_id):
    item = items.get(item_id) or abort(404)
    if item.get('owner') != g.user:
        abort(404)
    return jsonify(text=item['text'])


@app.get('/own/items')
def list_own():
    return jsonify([item['text'] for item in items.values() if item['owner'] == g.user])


@app.get('/owners/<owner>/items')
def list_of(owner):
    return jsonify([item['text'] for item in items.values() if item['owner'] == owner])  # finding: bola-subject-as-key


@app.put('/items/<item_id>')
def change(item_id):
    items[item_id]['text'] = request.json['text']  # finding: bola-open-lookup
    return '', 204


@app.put('/items/<item_id>/updated')
def change_updated(item_id):
    items[item_id].update({'text': request.json['text']})  # finding: bola-open-lookup
    return '', 204


@app.put('/items/<item_id>/replaced')
def replace(item_id):
    items[item_id] = {'id': item_id, 'text': request.json['text'], 'owner': g.user}  # finding: bola-open-lookup
    return '', 204


@app.put('/own/items/<item_id>')
def change_own(item_id):
    item = items.get(item_id)
    if not item or item['owner'] != g.user:
        abort(404)
    item['text'] = request.json['text']
    return '', 204


@app.delete('/items/<item_id>')
def drop(item_id):
    del items[item_id]  # finding: bola-open-lookup
    return '', 204


@app.delete('/items/<item_id>/popped')
def drop_popped(item_id):
    if items.pop(item_id, None) is None:  # finding: bola-open-lookup
        abort(404)
    return '', 204


@app.delete('/own/items/<item_id>')
def drop_own(item_id):
    if items.get(item_id, {}).get('owner') != g.user:
        abort(404)
    del items[item_id]
    return '', 204


# another name, other places


@app.post('/sessions')
def add_session():
    number = uuid.uuid4().hex
    sessions[number] = {'id': number, 'user': g.user, 'started': request.json['at']}
    return jsonify(id=number), 201


@app.get('/sessions/<session_id>')
def read_session(session_id):
    return jsonify(started=sessions[session_id]['started'])  # finding: bola-open-lookup


@app.get('/own/sessions/<session_id>')
def read_own_session(session_id):
    found = sessions.get(session_id)
    if not found or found['user'] != g.user:
        abort(404)
    return jsonify(started=found['started'])


@app.post('/baskets')
def add_basket():
    number = uuid.uuid4().hex
    baskets[number] = {'owner': g.user, 'fruit': request.json['fruit']}
    return jsonify(id=number), 201


@app.get('/baskets/<basket_id>')
def read_basket(basket_id):
    return jsonify(fruit=baskets[basket_id]['fruit'])  # finding: bola-open-lookup


@app.get('/own/baskets/<basket_id>')
def read_own_basket(basket_id):
    basket = baskets.get(basket_id)
    if basket is None or basket['owner'] != g.user:
        abort(404)
    return jsonify(fruit=basket['fruit'])


@app.post('/parcels')
def add_parcel():
    number = uuid.uuid4().hex
    current_app.config['PARCELS'][number] = {'owner': g.user, 'weight': request.json['weight']}
    return jsonify(id=number), 201


@app.get('/parcels/<parcel_id>')
def read_parcel(parcel_id):
    return jsonify(weight=current_app.config['PARCELS'][parcel_id]['weight'])  # finding: bola-open-lookup


@app.get('/own/parcels/<parcel_id>')
def read_own_parcel(parcel_id):
    parcel = app.config['PARCELS'].get(parcel_id)
    if not parcel or parcel['owner'] != g.user:
        abort(404)
    return jsonify(weight=parcel['weight'])


@app.post('/bags')
def add_bag():
    bag = Bag(id=uuid.uuid4().hex, owner=g.user, text=request.json['text'])
    bags[bag.id] = bag
    return jsonify(id=bag.id), 201


@app.get('/bags/<bag_id>')
def read_bag(bag_id):
    bag = bags.get(bag_id)  # finding: bola-open-lookup
    return jsonify(text=bag.text) if bag else abort(404)


@app.get('/own/bags/<bag_id>')
def read_own_bag(bag_id):
    bag = bags.get(bag_id)
    if not bag or bag.owner != g.user:
        abort(404)
    return jsonify(text=bag.text)


@app.post('/books')
def add_book():
    number = uuid.uuid4().hex
    Shelf.books[number] = {'owner': g.user, 'title': request.json['title']}
    shelf.jars[number] = {'owner': g.user, 'title': request.json['title']}
    return jsonify(id=number), 201


@app.get('/books/<book_id>')
def read_book(book_id):
    return jsonify(title=Shelf.books[book_id]['title'])  # finding: bola-open-lookup


@app.get('/own/books/<book_id>')
def read_own_book(book_id):
    book = Shelf.books.get(book_id)
    if not book or book['owner'] != g.user:
        abort(404)
    return jsonify(title=book['title'])


@app.get('/jars/<jar_id>')
def read_jar(jar_id):
    return jsonify(title=shelf.jars[jar_id]['title'])  # finding: bola-open-lookup


@app.get('/own/jars/<jar_id>')
def read_own_jar(jar_id):
    jar = shelf.jars.get(jar_id)
    if not jar or jar['owner'] != g.user:
        abort(404)
    return jsonify(title=jar['title'])


# nested by user


@app.post('/notes')
def add_note():
    number = uuid.uuid4().hex
    by_user.setdefault(g.user, {})[number] = {'id': number, 'text': request.json['text']}
    return jsonify(id=number), 201


@app.get('/notes/<note_id>')
def read_note(note_id):
    note = by_user.get(g.user, {}).get(note_id)
    return jsonify(text=note['text']) if note else abort(404)


@app.get('/notes/<note_id>/indexed')
def read_note_indexed(note_id):
    return jsonify(text=by_user[g.user][note_id]['text'])


@app.get('/users/<user_id>/notes/<note_id>')
def read_note_of(user_id, note_id):
    return jsonify(text=by_user[user_id][note_id]['text'])  # finding: bola-subject-as-key


# a list


@app.post('/pets')
def add_pet():
    pets.append({'id': len(pets) + 1, 'name': request.json['name'], 'owner': g.user})
    return '', 201


@app.get('/pets/<int:pet_id>')
def read_pet(pet_id):
    pet = next((pet for pet in pets if pet['id'] == pet_id), None)  # finding: bola-open-lookup
    if pet is None:
        abort(404)
    return jsonify(name=pet['name'])


@app.get('/pets/<int:pet_id>/listed')
def read_pet_listed(pet_id):
    found = [pet for pet in pets if pet['id'] == pet_id]  # finding: bola-open-lookup
    return jsonify(name=found[0]['name']) if found else abort(404)


@app.get('/pets/<int:pet_id>/filtered')
def read_pet_filtered(pet_id):
    found = list(filter(lambda pet: pet['id'] == pet_id, pets))  # finding: bola-open-lookup
    return jsonify(name=found[0]['name'])


@app.get('/pets/<int:pet_id>/walked')
def read_pet_walked(pet_id):
    for pet in pets:  # finding: bola-open-lookup
        if pet['id'] == pet_id:
            return jsonify(name=pet['name'])
    abort(404)


@app.get('/pets/<int:pet_id>/indexed')
def read_pet_indexed(pet_id):
    return jsonify(name=pets[pet_id]['name'])  # finding: bola-open-lookup


@app.get('/own/pets/<int:pet_id>')
def read_own_pet(pet_id):
    pet = next((pet for pet in pets if pet['id'] == pet_id and pet['owner'] == g.user), None)
    return jsonify(name=pet['name']) if pet else abort(404)


@app.get('/own/pets/<int:pet_id>/compared')
def read_own_pet_compared(pet_id):
    pet = next((pet for pet in pets if pet['id'] == pet_id), None)
    if pet is None or pet['owner'] != g.user:
        abort(404)
    return jsonify(name=pet['name'])


@app.get('/own/pets/<int:pet_id>/filtered')
def read_own_pet_filtered(pet_id):
    mine = filter(lambda pet: pet['owner'] == g.user, pets)
    found = [pet for pet in mine if pet['id'] == pet_id]
    return jsonify(name=found[0]['name']) if found else abort(404)


@app.get('/own/pets/<int:pet_id>/walked')
def read_own_pet_walked(pet_id):
    for pet in pets:
        if pet['id'] == pet_id and pet['owner'] == g.user:
            return jsonify(name=pet['name'])
    abort(404)


@app.get('/own/pets/<int:pet_id>/any')
def read_own_pet_any(pet_id):
    if not any(pet['id'] == pet_id and pet['owner'] == g.user for pet in pets):
        abort(404)
    return jsonify(name=next(pet['name'] for pet in pets if pet['id'] == pet_id))


@app.delete('/pets/<int:pet_id>')
def drop_pet(pet_id):
    pet = next((pet for pet in pets if pet['id'] == pet_id), None)  # finding: bola-open-lookup
    pets.remove(pet)
    return '', 204


@app.put('/pets/<int:pet_id>')
def change_pet(pet_id):
    for pet in pets:  # finding: bola-open-lookup
        if pet['id'] == pet_id:
            pet['name'] = request.json['name']
    return '', 204


@app.post('/orders')
def add_order():
    orders.append({'id': uuid.uuid4().hex, 'owner': g.user, 'total': request.json['total']})
    return '', 201


@app.get('/orders/<order_id>')
def read_order(order_id):
    order = next((each for each in orders if each['id'] == order_id), None)  # finding: bola-open-lookup
    return jsonify(total=order['total']) if order else abort(404)


@app.get('/own/orders/<order_id>')
def read_own_order(order_id):
    order = next((each for each in orders if each['id'] == order_id and each['owner'] == g.user), None)
    return jsonify(total=order['total']) if order else abort(404)


# what looks alike and holds nobody's objects

COLOURS = {'red': {'id': 1, 'name': 'rot'}, 'blue': {'id': 2, 'name': 'blau'}}
MESSAGES = {'hello': 'Guten Tag', 'bye': 'Auf Wiedersehen'}
handlers = {}


@app.get('/colours/<name>')
def read_colour(name):
    return jsonify(COLOURS[name])


@app.get('/messages/<name>')
def read_message(name):
    return jsonify(text=MESSAGES.get(name, '?'))


@app.get('/handlers/<name>')
def run_handler(name):
    return jsonify(handlers[name]())
