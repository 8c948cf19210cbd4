import { block } from '../python.ts';
import { mapping, type Store, type Table, type Where } from './store.ts';

/** Documents. Ids are strings that the app makes, or ObjectIds. */
function mongo(isOfFlask: boolean): Store {
  const collection = (table: Table, isByName: boolean): string =>
    `${isOfFlask ? 'mongo.db' : 'db'}${isByName ? `['${table.name}']` : `.${table.name}`}`;
  const filter = (where: Where): string => mapping(where.map(([name, value]) => [name === 'id' ? '_id' : name, value]));
  const set = (values: Where): string => `{'$set': ${mapping(values)}}`;
  return {
    origins: [
      ['MongoClient', ['pymongo', 'MongoClient']],
      ['PyMongo', ['flask_pymongo', 'PyMongo']],
      ['ReturnDocument', ['pymongo', 'ReturnDocument']],
      ['uuid4', ['uuid', 'uuid4']],
    ],
    isNumbered: false,
    isMapped: false,
    setup: (_tables, pick, isBefore) =>
      isOfFlask
        ? [isBefore ? "mongo = PyMongo(app, uri='mongodb://localhost/shop')" : 'mongo = PyMongo()']
        : pick(
            ["client = MongoClient('mongodb://localhost')", "db = client['shop']"],
            ["db = MongoClient('mongodb://localhost').shop"],
            ['client = MongoClient()', "db = client.get_database('shop')"],
          ),
    bind: (isBefore) => (isOfFlask && !isBefore ? ["mongo.init_app(app, uri='mongodb://localhost/shop')"] : []),
    one: (table, where, into, pick, mark) => [
      mark(`${into} = ${collection(table, pick(false, true))}.find_one(${pick('', 'filter=')}${filter(where)})`),
    ],
    many: (table, where, into, pick, mark) => {
      const query = `${collection(table, pick(false, true))}.find(${filter(where)})`;
      return pick(
        [mark(`${into} = list(${query})`)],
        [mark(`${into} = [each for each in ${query}]`)],
        [mark(`${into} = list(${query}.limit(50))`)],
      );
    },
    add: (table, values, pick, mark) => [
      mark(`${collection(table, pick(false, true))}.insert_one(${mapping([['_id', 'uuid4().hex'], ...values])})`),
    ],
    changeWhere: (table, where, values, into, pick, mark) =>
      pick(
        [mark(`outcome = ${collection(table, false)}.update_one(${filter(where)}, ${set(values)})`), `${into} = outcome.matched_count`],
        [mark(`${into} = ${collection(table, false)}.find_one_and_update(${filter(where)}, ${set(values)})`)],
        [mark(`${into} = ${collection(table, true)}.update_one(${filter(where)}, ${set(values)}).matched_count == 1`)],
      ),
    removeWhere: (table, where, into, pick, mark) =>
      pick(
        [mark(`outcome = ${collection(table, false)}.delete_one(${filter(where)})`), `${into} = outcome.deleted_count`],
        [mark(`${into} = ${collection(table, true)}.find_one_and_delete(${filter(where)})`)],
      ),
    change: (table, _object, where, values, pick, mark) => [
      mark(`${collection(table, pick(false, true))}.update_one(${filter(where)}, ${set(values)})`),
    ],
    remove: (table, _object, where, pick, mark) => [mark(`${collection(table, pick(false, true))}.delete_one(${filter(where)})`)],
    pour: (table, _object, where, data, pick, mark) =>
      pick(
        [mark(`${collection(table, false)}.update_one(${filter(where)}, {'$set': ${data}})`)],
        block(`for name, value in ${data}.items():`, [
          mark(`${collection(table, false)}.update_one(${filter(where)}, {'$set': {name: value}})`),
        ]),
      ),
    pourNew: (table, data, owner, pick, mark) =>
      pick(
        [mark(`${collection(table, false)}.insert_one({**${data}, ${mapping(owner).slice(1)})`)],
        [
          `document = dict(${data})`,
          ...owner.map(([name, value]) => `document['${name}'] = ${value}`),
          mark(`${collection(table, false)}.insert_one(document)`),
        ],
      ),
    field: (object, name) => `${object}['${name === 'id' ? '_id' : name}']`,
  };
}

export const pymongo = mongo(false);
export const flaskPymongo = mongo(true);
