import { apart, block } from '../python.ts';
import { keywords, type Store } from './store.ts';

export const mongoengine: Store = {
  origins: [
    ['Document', ['mongoengine', 'Document']],
    ['StringField', ['mongoengine', 'StringField']],
    ['connect', ['mongoengine', 'connect']],
    ['DoesNotExist', ['mongoengine', 'DoesNotExist']],
    ['uuid4', ['uuid', 'uuid4']],
  ],
  isNumbered: false,
  isMapped: true,
  setup: (tables) => [
    "connect('shop')",
    '',
    '',
    ...apart(
      tables.map(({ model, name, fields, methods = [] }) =>
        block(`class ${model}(Document):`, [
          `meta = {'collection': '${name}'}`,
          'id = StringField(primary_key=True)',
          ...fields.map((field) => `${field} = StringField()`),
          ...methods,
        ]),
      ),
    ),
  ],
  bind: () => [],
  one: ({ model }, where, into, pick, mark) =>
    pick(
      [mark(`${into} = ${model}.objects(${keywords(where)}).first()`)],
      [mark(`${into} = ${model}.objects.filter(${keywords(where)}).first()`)],
      ['try:', mark(`    ${into} = ${model}.objects.get(${keywords(where)})`), `except ${model}.DoesNotExist:`, `    ${into} = None`],
    ),
  many: ({ model }, where, into, pick, mark) => [
    mark(`${into} = ${pick(`${model}.objects(${keywords(where)})`, `list(${model}.objects.filter(${keywords(where)}))`)}`),
  ],
  add: ({ model }, values, pick, mark) =>
    pick(
      [mark(`${model}(id=uuid4().hex, ${keywords(values)}).save()`)],
      [mark(`fresh = ${model}(id=uuid4().hex, ${keywords(values)})`), 'fresh.save()'],
    ),
  changeWhere: ({ model }, where, values, into, pick, mark) => [
    mark(
      `${into} = ${model}.objects(${keywords(where)}).${pick('update', 'update_one')}(${keywords(values.map(([name, value]) => [`set__${name}`, value]))})`,
    ),
  ],
  removeWhere: ({ model }, where, into, _pick, mark) => [mark(`${into} = ${model}.objects(${keywords(where)}).delete()`)],
  change: (_table, object, _where, values, pick, mark) =>
    pick(
      [...values.map(([name, value]) => mark(`${object}.${name} = ${value}`)), mark(`${object}.save()`)],
      [mark(`${object}.update(${keywords(values.map(([name, value]) => [`set__${name}`, value]))})`)],
    ),
  remove: (_table, object, _where, _pick, mark) => [mark(`${object}.delete()`)],
  pour: (_table, object, _where, data, pick, mark) =>
    pick(
      [mark(`${object}.update(**${data})`)],
      [...block(`for name, value in ${data}.items():`, [mark(`setattr(${object}, name, value)`)]), mark(`${object}.save()`)],
    ),
  pourNew: ({ model }, data, owner, _pick, mark) => [
    mark(`fresh = ${model}(**${data})`),
    ...owner.map(([name, value]) => `fresh.${name} = ${value}`),
    'fresh.save()',
  ],
  field: (object, name) => `${object}.${name}`,
};
