# A generic repository: the collection, the filter and the document are each made somewhere else.
from dataclasses import asdict, dataclass
from typing import ClassVar, Generic, Optional, TypeVar

from bson import ObjectId
from bson.errors import InvalidId
from flask import Flask, g, jsonify, request
from pymongo import MongoClient

app = Flask(__name__)
Row = TypeVar('Row')


class Repository(Generic[Row]):
    name: ClassVar[str]
    _collection = None

    @classmethod
    def collection(cls):
        if cls._collection is None:
            cls._collection = MongoClient().get_database()[cls.name]
        return cls._collection

    @staticmethod
    def key(text):
        try:
            return ObjectId(text)
        except InvalidId:
            return None

    @classmethod
    def one(cls, query):
        found = next(iter(cls.collection().find(cls.condition(query)).limit(1)), None)
        return cls.row(found) if found is not None else None

    @classmethod
    def change(cls, text, fields):
        key = cls.key(text)
        if key is None:
            return False
        return cls.collection().update_one({'_id': key}, {'$set': fields}).matched_count > 0  # finding: bola-open-lookup


@dataclass
class Parcel:
    id: str
    owner_id: str
    address: str


@dataclass
class ParcelQuery:
    id: Optional[str] = None
    owner_id: Optional[str] = None


class Parcels(Repository[Parcel]):
    name = 'parcels'

    @classmethod
    def row(cls, found):
        return Parcel(id=str(found['_id']), owner_id=found['owner_id'], address=found['address'])

    @classmethod
    def condition(cls, query):
        made = {}
        if query.id is not None:
            made['_id'] = cls.key(query.id)
        if query.owner_id is not None:
            made['owner_id'] = query.owner_id
        return made


@app.post('/parcels')
def add_parcel():
    data = request.get_json()
    Parcels.collection().insert_one({'owner_id': g.user.id, 'address': str(data['address'])})
    return jsonify(ok=True)


@app.get('/parcels/<parcel_id>')
def read_parcel(parcel_id):
    parcel = Parcels.one(ParcelQuery(id=parcel_id, owner_id=g.user.id))
    if parcel is None:
        return jsonify(error='no such parcel'), 404
    return jsonify(asdict(parcel))


@app.get('/parcels/<parcel_id>/address')
def read_address(parcel_id):
    parcel = Parcels.one(ParcelQuery(id=parcel_id))  # finding: bola-open-lookup
    return jsonify(address=parcel.address)


@app.patch('/parcels/<parcel_id>')
def move_parcel(parcel_id):
    Parcels.change(parcel_id, {'address': str(request.json['address'])})
    return '', 204
