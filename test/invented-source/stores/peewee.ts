import { apart, block } from '../python.ts';
import type { Pick } from '../picker.ts';
import { keywords, type Store, type Table, type Where } from './store.ts';

function tests({ model }: Table, where: Where, pick: Pick): string {
  if (where.length === 1 || pick(false, true)) return where.map(([name, value]) => `${model}.${name} == ${value}`).join(', ');
  return where.map(([name, value]) => `(${model}.${name} == ${value})`).join(' & ');
}

export const peewee: Store = {
  origins: [
    ['SqliteDatabase', ['peewee', 'SqliteDatabase']],
    ['Model', ['peewee', 'Model']],
    ['AutoField', ['peewee', 'AutoField']],
    ['CharField', ['peewee', 'CharField']],
    ['IntegerField', ['peewee', 'IntegerField']],
    ['DoesNotExist', ['peewee', 'DoesNotExist']],
  ],
  isNumbered: true,
  isMapped: true,
  setup: (tables) => [
    "database = SqliteDatabase('shop.db')",
    '',
    '',
    'class BaseModel(Model):',
    '    class Meta:',
    '        database = database',
    '',
    '',
    ...apart(
      tables.map(({ model, fields, methods = [] }) =>
        block(`class ${model}(BaseModel):`, ['id = AutoField()', ...fields.map((field) => `${field} = CharField()`), ...methods]),
      ),
    ),
  ],
  bind: () => [],
  one: (table, where, into, pick, mark) => {
    const { model } = table;
    const condition = tests(table, where, pick);
    return pick(
      [mark(`${into} = ${model}.get_or_none(${condition})`)],
      [mark(`${into} = ${model}.select().where(${condition}).first()`)],
      ['try:', mark(`    ${into} = ${model}.get(${condition})`), `except ${model}.DoesNotExist:`, `    ${into} = None`],
    );
  },
  many: (table, where, into, pick, mark) => {
    const query = `${table.model}.select()${where.length === 0 ? '' : `.where(${tests(table, where, pick)})`}`;
    return [mark(`${into} = ${pick(`list(${query})`, query)}`)];
  },
  add: ({ model }, values, pick, mark) =>
    pick([mark(`${model}.create(${keywords(values)})`)], [mark(`fresh = ${model}(${keywords(values)})`), 'fresh.save()']),
  changeWhere: (table, where, values, into, pick, mark) => [
    mark(`${into} = ${table.model}.update(${keywords(values)}).where(${tests(table, where, pick)}).execute()`),
  ],
  removeWhere: (table, where, into, pick, mark) => [
    mark(`${into} = ${table.model}.delete().where(${tests(table, where, pick)}).execute()`),
  ],
  change: (_table, object, _where, values, _pick, mark) => [
    ...values.map(([name, value]) => mark(`${object}.${name} = ${value}`)),
    mark(`${object}.save()`),
  ],
  remove: (_table, object, _where, _pick, mark) => [mark(`${object}.delete_instance()`)],
  pour: (table, object, where, data, pick, mark) =>
    pick(
      [...block(`for name, value in ${data}.items():`, [mark(`setattr(${object}, name, value)`)]), mark(`${object}.save()`)],
      [mark(`${table.model}.update(**${data}).where(${tests(table, where, pick)}).execute()`)],
    ),
  pourNew: ({ model }, data, owner, _pick, mark) => [
    mark(`${model}.create(**{**${data}, ${owner.map(([name, value]) => `'${name}': ${value}`).join(', ')}})`),
  ],
  field: (object, name) => `${object}.${name}`,
};
