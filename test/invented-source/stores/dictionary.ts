import { block } from '../python.ts';
import { mapping, type Store, type Table, type Where } from './store.ts';

function variable({ name }: Table): string {
  return name.toUpperCase();
}

function idOf(where: Where): string | undefined {
  return where.find(([name]) => name === 'id')?.[1];
}

function test(object: string, where: Where): string {
  return where.map(([name, value]) => `${object}['${name}'] == ${value}`).join(' and ');
}

/** Dictionaries of the module, by id. */
export const dictionary: Store = {
  origins: [['uuid4', ['uuid', 'uuid4']]],
  isNumbered: false,
  isMapped: false,
  setup: (tables) =>
    tables.flatMap((table) => [
      `${variable(table)} = {`,
      `    'a1': {'id': 'a1', ${table.fields.map((field) => `'${field}': 'x'`).join(', ')}},`,
      '}',
    ]),
  bind: () => [],
  one: (table, where, into, pick, mark) => {
    const id = idOf(where);
    const others = where.filter(([name]) => name !== 'id');
    const all = variable(table);
    if (id === undefined) return [mark(`${into} = next((each for each in ${all}.values() if ${test('each', where)}), None)`)];
    const found = mark(`${into} = ${all}.get(${id})`);
    if (others.length === 0) return pick([found], [mark(`${into} = ${all}[${id}] if ${id} in ${all} else None`)]);
    return [found, ...block(`if ${into} is not None and not (${test(into, others)}):`, [`${into} = None`])];
  },
  many: (table, where, into, _pick, mark) => [
    mark(`${into} = [each for each in ${variable(table)}.values()${where.length > 0 ? ` if ${test('each', where)}` : ''}]`),
  ],
  add: (table, values, _pick, mark) => [
    'fresh_id = uuid4().hex',
    mark(`${variable(table)}[fresh_id] = ${mapping([['id', 'fresh_id'], ...values])}`),
  ],
  changeWhere: (table, where, values, into, pick, mark) => [
    ...dictionary.one(table, where, into, pick, mark),
    ...block(
      `if ${into}:`,
      values.map(([name, value]) => mark(`${into}['${name}'] = ${value}`)),
    ),
  ],
  removeWhere: (table, where, into, pick, mark) => [
    ...dictionary.one(table, where, into, pick, mark),
    ...block(`if ${into}:`, [mark(`${variable(table)}.pop(${idOf(where) ?? 'None'}, None)`)]),
  ],
  change: (_table, object, _where, values, _pick, mark) => values.map(([name, value]) => mark(`${object}['${name}'] = ${value}`)),
  remove: (table, _object, where, pick, mark) => {
    const id = idOf(where) ?? 'None';
    return pick([mark(`${variable(table)}.pop(${id})`)], [mark(`del ${variable(table)}[${id}]`)]);
  },
  pour: (_table, object, _where, data, _pick, mark) => [mark(`${object}.update(${data})`)],
  pourNew: (table, data, owner, _pick, mark) => [
    'fresh_id = uuid4().hex',
    mark(`${variable(table)}[fresh_id] = {**${data}, 'id': fresh_id, ${mapping(owner).slice(1)}`),
  ],
  field: (object, name) => `${object}['${name}']`,
};
