import { apart, block } from '../python.ts';
import { keyName } from './dynamodb.ts';
import { keywords, type Store, type Table, type Where } from './store.ts';

function idOf(where: Where): string {
  return where.find(([name]) => name === 'id')?.[1] ?? 'None';
}

function othersOf(where: Where): Where {
  return where.filter(([name]) => name !== 'id');
}

function both({ model }: Table, where: Where): string {
  return where.map(([name, value]) => `(${model}.${name} == ${value})`).join(' & ');
}

/** Models of DynamoDB: the id is the hash key, and each other field has an index. */
export const pynamodb: Store = {
  origins: [
    ['Model', ['pynamodb.models', 'Model']],
    ['UnicodeAttribute', ['pynamodb.attributes', 'UnicodeAttribute']],
    ['GlobalSecondaryIndex', ['pynamodb.indexes', 'GlobalSecondaryIndex']],
    ['AllProjection', ['pynamodb.indexes', 'AllProjection']],
    ['UpdateError', ['pynamodb.exceptions', 'UpdateError']],
    ['DeleteError', ['pynamodb.exceptions', 'DeleteError']],
    ['uuid4', ['uuid', 'uuid4']],
  ],
  isNumbered: false,
  isMapped: true,
  setup: (tables) =>
    apart(
      tables.flatMap((table) => {
        const { model, name, fields, methods = [] } = table;
        const indexed = fields.filter((field) => !/^(?:title|text|name|label|body|note|subject|role|password_hash)$/.test(field));
        return [
          ...indexed.map((field) =>
            block(
              `class ${model}By${field.replace(/_?([a-z])([a-z]*)/g, (_all, first: string, rest: string) => first.toUpperCase() + rest)}(GlobalSecondaryIndex):`,
              [
                ...block('class Meta:', [`index_name = 'by-${field}'`, 'projection = AllProjection()']),
                `${field} = UnicodeAttribute(hash_key=True)`,
              ],
            ),
          ),
          block(`class ${model}(Model):`, [
            ...block('class Meta:', [`table_name = '${name}'`, "region = 'eu-west-1'"]),
            `${keyName(table)} = UnicodeAttribute(hash_key=True)`,
            ...fields.map((field) => `${field} = UnicodeAttribute(null=True)`),
            ...indexed.map(
              (field) =>
                `by_${field} = ${model}By${field.replace(/_?([a-z])([a-z]*)/g, (_all, first: string, rest: string) => first.toUpperCase() + rest)}()`,
            ),
            ...methods,
            ...methods,
          ]),
        ];
      }),
    ),
  bind: () => [],
  one: (table, where, into, pick, mark) => {
    const { model } = table;
    const others = othersOf(where);
    if (where.every(([name]) => name !== 'id')) {
      const [[name, value] = ['', ''], ...rest] = where;
      const filter = rest.length > 0 ? `, filter_condition=${both(table, rest)}` : '';
      return [mark(`${into} = next(iter(${model}.by_${name}.query(${value}${filter})), None)`)];
    }
    if (others.length > 0)
      return [mark(`${into} = next(iter(${model}.query(${idOf(where)}, filter_condition=${both(table, others)})), None)`)];
    return pick(
      ['try:', mark(`    ${into} = ${model}.get(${idOf(where)})`), `except ${model}.DoesNotExist:`, `    ${into} = None`],
      [mark(`${into} = next(${model}.query(${idOf(where)}), None)`)],
    );
  },
  many: (table, where, into, _pick, mark) => {
    const [[name, value] = ['', ''], ...rest] = where;
    if (where.length === 0) return [mark(`${into} = list(${table.model}.scan())`)];
    const filter = rest.length > 0 ? `, filter_condition=${both(table, rest)}` : '';
    return [mark(`${into} = list(${table.model}.by_${name}.query(${value}${filter}))`)];
  },
  add: (table, values, pick, mark) =>
    pick(
      [mark(`${table.model}(${keywords([[keyName(table), 'str(uuid4())'], ...values])}).save()`)],
      [mark(`fresh = ${table.model}(str(uuid4()), ${keywords(values)})`), 'fresh.save()'],
    ),
  changeWhere: (table, where, values, into, _pick, mark) => {
    const others = othersOf(where);
    const actions = values.map(([name, value]) => `${table.model}.${name}.set(${value})`).join(', ');
    const condition = others.length > 0 ? `, condition=${both(table, others)}` : '';
    return [
      'try:',
      mark(`    ${table.model}(${idOf(where)}).update(actions=[${actions}]${condition})`),
      `    ${into} = True`,
      'except UpdateError:',
      `    ${into} = False`,
    ];
  },
  removeWhere: (table, where, into, _pick, mark) => {
    const others = othersOf(where);
    return [
      'try:',
      mark(`    ${table.model}(${idOf(where)}).delete(${others.length > 0 ? `condition=${both(table, others)}` : ''})`),
      `    ${into} = True`,
      'except DeleteError:',
      `    ${into} = False`,
    ];
  },
  change: (table, object, _where, values, pick, mark) =>
    pick(
      [mark(`${object}.update(actions=[${values.map(([name, value]) => `${table.model}.${name}.set(${value})`).join(', ')}])`)],
      [...values.map(([name, value]) => mark(`${object}.${name} = ${value}`)), mark(`${object}.save()`)],
    ),
  remove: (_table, object, _where, _pick, mark) => [mark(`${object}.delete()`)],
  pour: (_table, object, _where, data, _pick, mark) => [
    ...block(`for name, value in ${data}.items():`, [mark(`setattr(${object}, name, value)`)]),
    mark(`${object}.save()`),
  ],
  pourNew: (table, data, owner, _pick, mark) => [
    mark(`fresh = ${table.model}(str(uuid4()), **${data})`),
    ...owner.map(([name, value]) => `fresh.${name} = ${value}`),
    mark('fresh.save()'),
  ],
  field: (object, name, table) => `${object}.${name === 'id' ? keyName(table) : name}`,
};
