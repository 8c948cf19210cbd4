"""A kennel: dogs belong to their keepers, walks belong to dogs. Each operation of a collection, as it is and as it should be."""

from bson import ObjectId
from bson.errors import InvalidId
from flask import Flask, abort, current_app, g, jsonify, request
from flask_login import current_user, login_required
from pymongo import ASCENDING, DeleteOne, MongoClient, ReturnDocument, UpdateOne

app = Flask(__name__)
client = MongoClient('mongodb://localhost:27017')
db = client.kennel
dogs = db['dogs']
walks = client['kennel']['walks']
shown = {'name': 1, 'breed': 1, '_id': 0}


def oid(text):
    try:
        return ObjectId(text)
    except InvalidId:
        abort(404)


def public(dog):
    return {'id': str(dog['_id']), 'name': dog['name']}


@app.post('/dogs')
@login_required
def add_dog():
    data = request.get_json()
    dog = {'name': str(data['name']), 'breed': str(data['breed']), 'keeper_id': current_user.id}
    return jsonify(id=str(dogs.insert_one(dog).inserted_id)), 201


# read


@app.get('/dogs/<dog_id>')
@login_required
def read_dog(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id)}, shown)  # finding: bola-open-lookup
    return jsonify(dog) if dog else abort(404)


@app.get('/dogs/<dog_id>/by-id-alone')
@login_required
def read_dog_by_id_alone(dog_id):
    dog = db.dogs.find_one(oid(dog_id), projection=shown)  # finding: bola-open-lookup
    return jsonify(dog)


@app.get('/dogs/<dog_id>/from-collection')
@login_required
def read_from_collection(dog_id):
    dog = client.get_database('kennel').get_collection('dogs').find_one({'_id': {'$eq': oid(dog_id)}}, shown)  # finding: bola-open-lookup
    return jsonify(dog)


@app.get('/dogs/<dog_id>/next')
@login_required
def read_next(dog_id):
    found = next(dogs.find({'_id': oid(dog_id)}, shown), None)  # finding: bola-open-lookup
    return jsonify(found)


@app.get('/dogs/<dog_id>/of-list')
@login_required
def read_of_list(dog_id):
    found = list(dogs.find({'_id': oid(dog_id)}, shown).limit(1))  # finding: bola-open-lookup
    return jsonify(found[0]) if found else abort(404)


@app.get('/own/dogs/<dog_id>')
@login_required
def read_own(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id}, shown)
    return jsonify(dog) if dog else abort(404)


@app.get('/own/dogs/<dog_id>/and')
@login_required
def read_own_and(dog_id):
    dog = dogs.find_one({'$and': [{'_id': oid(dog_id)}, {'keeper_id': {'$eq': current_user.id}}]}, shown)
    return jsonify(dog)


@app.get('/own/dogs/<dog_id>/built')
@login_required
def read_own_built(dog_id):
    wanted = {'_id': oid(dog_id)}
    wanted['keeper_id'] = current_user.id
    return jsonify(dogs.find_one(wanted, shown))


@app.get('/own/dogs/<dog_id>/merged')
@login_required
def read_own_merged(dog_id):
    return jsonify(dogs.find_one({**mine(), '_id': oid(dog_id)}, shown))


def mine():
    return {'keeper_id': current_user.id}


@app.get('/own/dogs/<dog_id>/compared')
@login_required
def read_own_compared(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id)})
    if not dog or str(dog.get('keeper_id')) != str(current_user.id):
        abort(404)
    return jsonify(public(dog))


@app.get('/own/dogs/<dog_id>/shared')
@login_required
def read_shared(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id), '$or': [{'keeper_id': current_user.id}, {'helpers': current_user.id}]}, shown)
    return jsonify(dog)


@app.get('/dogs/<dog_id>/or')
@login_required
def read_or(dog_id):
    return jsonify(dogs.find_one({'$or': [{'_id': oid(dog_id)}, {'keeper_id': current_user.id}]}, shown))  # finding: bola-open-lookup


# list


@app.get('/keepers/<keeper_id>/dogs')
@login_required
def list_of_keeper(keeper_id):
    found = dogs.find({'keeper_id': keeper_id}, shown).sort('name', ASCENDING)  # finding: bola-open-lookup
    return jsonify(list(found))


@app.get('/dogs')
@login_required
def list_own():
    found = dogs.find({'keeper_id': current_user.id}, shown).sort('name').skip(0).limit(20)
    return jsonify([dog for dog in found])


@app.get('/dogs/some')
@login_required
def list_some():
    ids = [oid(each) for each in request.args.getlist('id')]
    return jsonify(list(dogs.find({'_id': {'$in': ids}}, shown)))  # finding: bola-open-lookup


@app.get('/own/dogs/some')
@login_required
def list_own_some():
    ids = [oid(each) for each in request.args.getlist('id')]
    return jsonify(list(dogs.find({'_id': {'$in': ids}, 'keeper_id': current_user.id}, shown)))


# change


@app.put('/dogs/<dog_id>')
@login_required
def rename(dog_id):
    name = str(request.get_json()['name'])
    outcome = dogs.update_one({'_id': oid(dog_id)}, {'$set': {'name': name}})  # finding: bola-open-lookup
    return jsonify(changed=outcome.modified_count)


@app.patch('/dogs/<dog_id>/returned')
@login_required
def rename_and_return(dog_id):
    dog = dogs.find_one_and_update(  # finding: bola-open-lookup
        {'_id': oid(dog_id)},
        {'$set': {'name': str(request.json['name'])}},
        projection=shown,
        return_document=ReturnDocument.AFTER,
    )
    return jsonify(dog)


@app.put('/dogs/<dog_id>/replaced')
@login_required
def replace(dog_id):
    dogs.replace_one({'_id': oid(dog_id)}, {'name': str(request.json['name']), 'keeper_id': current_user.id})  # finding: bola-open-lookup
    return '', 204


@app.post('/dogs/<dog_id>/replaced-and-returned')
@login_required
def replace_and_return(dog_id):
    old = dogs.find_one_and_replace({'_id': oid(dog_id)}, {'name': str(request.json['name'])}, projection=shown)  # finding: bola-open-lookup
    return jsonify(old)


@app.put('/own/dogs/<dog_id>')
@login_required
def rename_own(dog_id):
    outcome = dogs.update_one(
        {'_id': oid(dog_id), 'keeper_id': current_user.id},
        {'$set': {'name': str(request.json['name'])}},
    )
    if outcome.matched_count == 0:
        abort(404)
    return '', 204


@app.put('/own/dogs/<dog_id>/after-asking')
@login_required
def rename_after_asking(dog_id):
    if dogs.count_documents({'_id': oid(dog_id), 'keeper_id': current_user.id}) == 0:
        abort(404)
    dogs.update_one({'_id': oid(dog_id)}, {'$set': {'name': str(request.json['name'])}})
    return '', 204


@app.put('/own/dogs/<dog_id>/after-asking-for-one')
@login_required
def rename_after_asking_for_one(dog_id):
    if not dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id}, {'_id': 1}):
        abort(404)
    dogs.update_one({'_id': oid(dog_id)}, {'$set': {'name': str(request.json['name'])}})
    return '', 204


@app.post('/dogs/renamed')
@login_required
def rename_many():
    orders = request.get_json()['orders']
    dogs.bulk_write([UpdateOne({'_id': oid(each['id'])}, {'$set': {'name': str(each['name'])}}) for each in orders])  # finding: bola-open-lookup
    return '', 204


@app.post('/own/dogs/renamed')
@login_required
def rename_own_many():
    orders = request.get_json()['orders']
    dogs.bulk_write(
        [UpdateOne({'_id': oid(each['id']), 'keeper_id': current_user.id}, {'$set': {'name': str(each['name'])}}) for each in orders]
    )
    return '', 204


# delete


@app.delete('/dogs/<dog_id>')
@login_required
def drop(dog_id):
    if dogs.delete_one({'_id': oid(dog_id)}).deleted_count == 0:  # finding: bola-open-lookup
        abort(404)
    return '', 204


@app.delete('/dogs/<dog_id>/returned')
@login_required
def drop_and_return(dog_id):
    return jsonify(dogs.find_one_and_delete({'_id': oid(dog_id)}, projection=shown))  # finding: bola-open-lookup


@app.delete('/dogs')
@login_required
def drop_many():
    dogs.delete_many({'_id': {'$in': [oid(each) for each in request.json['ids']]}})  # finding: bola-open-lookup
    return '', 204


@app.post('/dogs/dropped')
@login_required
def drop_in_bulk():
    orders = [DeleteOne({'_id': oid(each)}) for each in request.json['ids']]
    dogs.bulk_write(orders)  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/dogs/<dog_id>')
@login_required
def drop_own(dog_id):
    if not dogs.delete_one({'_id': oid(dog_id), 'keeper_id': current_user.id}).deleted_count:
        abort(404)
    return '', 204


# child


@app.post('/dogs/<dog_id>/walks')
@login_required
def add_walk(dog_id):
    walks.insert_one({'dog_id': oid(dog_id), 'minutes': int(request.json['minutes'])})  # finding: bola-open-lookup
    return '', 201


@app.post('/own/dogs/<dog_id>/walks')
@login_required
def add_own_walk(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id})
    if dog is None:
        abort(404)
    walks.insert_one({'dog_id': dog['_id'], 'minutes': int(request.json['minutes'])})
    return '', 201


@app.get('/dogs/<dog_id>/walks')
@login_required
def list_walks(dog_id):
    return jsonify(list(walks.find({'dog_id': oid(dog_id)}, {'minutes': 1, '_id': 0})))  # finding: bola-open-lookup


@app.get('/own/dogs/<dog_id>/walks')
@login_required
def list_own_walks(dog_id):
    dog = dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id})
    if not dog:
        abort(404)
    return jsonify(list(walks.find({'dog_id': dog['_id']}, {'minutes': 1, '_id': 0})))


@app.get('/own/dogs/<dog_id>/walks/<walk_id>')
@login_required
def read_walk_of_any(dog_id, walk_id):
    if not dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id}):
        abort(404)
    return jsonify(walks.find_one({'_id': oid(walk_id)}, {'minutes': 1, '_id': 0}))  # finding: bola-child-not-bound


@app.get('/own/dogs/<dog_id>/walks/<walk_id>/bound')
@login_required
def read_own_walk(dog_id, walk_id):
    if not dogs.find_one({'_id': oid(dog_id), 'keeper_id': current_user.id}):
        abort(404)
    return jsonify(walks.find_one({'_id': oid(walk_id), 'dog_id': oid(dog_id)}, {'minutes': 1, '_id': 0}))


@app.get('/own/walks/<walk_id>')
@login_required
def read_walk_up(walk_id):
    walk = walks.find_one({'_id': oid(walk_id)})
    dog = dogs.find_one({'_id': walk['dog_id'], 'keeper_id': current_user.id}) if walk else None
    if dog is None:
        abort(404)
    return jsonify(minutes=walk['minutes'])


# aggregate, count, exists


@app.get('/dogs/<dog_id>/summary')
@login_required
def summary(dog_id):
    pipeline = [
        {'$match': {'dog_id': oid(dog_id)}},
        {'$group': {'_id': '$dog_id', 'total': {'$sum': '$minutes'}}},
    ]
    return jsonify(list(walks.aggregate(pipeline)))  # finding: bola-open-lookup


@app.get('/own/dogs/<dog_id>/summary')
@login_required
def own_summary(dog_id):
    pipeline = [
        {'$match': {'_id': oid(dog_id), 'keeper_id': current_user.id}},
        {'$lookup': {'from': 'walks', 'localField': '_id', 'foreignField': 'dog_id', 'as': 'walks'}},
        {'$project': {'name': 1, 'walks.minutes': 1, '_id': 0}},
    ]
    return jsonify(next(dogs.aggregate(pipeline), None))


@app.get('/dogs/<dog_id>/count')
@login_required
def count_walks(dog_id):
    return jsonify(count=walks.count_documents({'dog_id': oid(dog_id)}))


@app.get('/dogs/count')
@login_required
def count_own():
    return jsonify(count=dogs.count_documents({'keeper_id': current_user.id}))


# where the collection comes from


class Kennel:
    def __init__(self, database):
        self.dogs = database.dogs

    def by_id(self, dog_id):
        return self.dogs.find_one({'_id': oid(dog_id)}, shown)  # finding: bola-open-lookup

    def by_id_of(self, dog_id, keeper_id):
        return self.dogs.find_one({'_id': oid(dog_id), 'keeper_id': keeper_id}, shown)


kennel = Kennel(db)


@app.get('/kennel/<dog_id>')
@login_required
def read_from_kennel(dog_id):
    return jsonify(kennel.by_id(dog_id))


@app.get('/kennel/own/<dog_id>')
@login_required
def read_own_from_kennel(dog_id):
    return jsonify(kennel.by_id_of(dog_id, current_user.id))


def get_db():
    if 'db' not in g:
        g.db = MongoClient(current_app.config['MONGO'])['kennel']
    return g.db


@app.get('/context/<dog_id>')
@login_required
def read_from_context(dog_id):
    return jsonify(get_db().dogs.find_one({'_id': oid(dog_id)}, shown))  # finding: bola-open-lookup


@app.get('/context/own/<dog_id>')
@login_required
def read_own_from_context(dog_id):
    return jsonify(get_db()['dogs'].find_one({'_id': oid(dog_id), 'keeper_id': current_user.id}, shown))


@app.delete('/context/<dog_id>')
@login_required
def drop_from_context(dog_id):
    current_app.db.dogs.delete_one({'_id': oid(dog_id)})  # finding: bola-open-lookup
    return '', 204


@app.get('/app/<dog_id>')
@login_required
def read_from_app(dog_id):
    return jsonify(current_app.config['DB'].dogs.find_one({'_id': oid(dog_id)}, shown))  # finding: bola-open-lookup
