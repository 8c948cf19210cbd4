import { apart, block, type Lines } from '../python.ts';
import type { Pick } from '../picker.ts';
import { keywords, type Mark, type Store, type Table, type Where } from './store.ts';

type Dialect = 'session' | 'select' | 'flask';

/** `Letter.id == letter_id, Letter.owner == me`. */
function tests({ model }: Table, where: Where): string {
  return where.map(([name, value]) => `${model}.${name} == ${value}`).join(', ');
}

function anded(table: Table, where: Where): string {
  return where.map(([name, value]) => `(${table.model}.${name} == ${value})`).join(' & ');
}

function alchemy(dialect: Dialect): Store {
  const session = dialect === 'flask' ? 'db.session' : 'db_session';
  const query = (table: Table, pick: Pick): string =>
    dialect === 'flask' ? pick(`${table.model}.query`, `db.session.query(${table.model})`) : `${session}.query(${table.model})`;
  const select = dialect === 'flask' ? 'db.select' : 'select';
  const onlyId = (where: Where): string | undefined => (where.length === 1 && where[0]?.[0] === 'id' ? where[0][1] : undefined);
  const commit = `${session}.commit()`;
  const filtered = (table: Table, where: Where, pick: Pick): string =>
    pick(
      `filter_by(${keywords(where)})`,
      `filter(${tests(table, where)})`,
      `filter(${anded(table, where)})`,
      where.map((each) => `filter(${tests(table, [each])})`).join('.'),
    );
  const old = (table: Table, where: Where, into: string, pick: Pick, mark: Mark): Lines => {
    const id = onlyId(where);
    const found = `${query(table, pick)}.${filtered(table, where, pick)}.${pick('first()', 'one_or_none()')}`;
    if (id === undefined) return [mark(`${into} = ${found}`)];
    return pick(
      [mark(`${into} = ${found}`)],
      [mark(`${into} = ${query(table, pick)}.get(${id})`)],
      [mark(`${into} = ${session}.get(${table.model}, ${id})`)],
    );
  };
  const chosen = (table: Table, where: Where, pick: Pick): string =>
    `${select}(${table.model}).${pick(`where(${tests(table, where)})`, `filter_by(${keywords(where)})`, where.map((each) => `where(${tests(table, [each])})`).join('.'))}`;
  const modern = (table: Table, where: Where, into: string, pick: Pick, mark: Mark): Lines => {
    const id = onlyId(where);
    const statement = chosen(table, where, pick);
    const forms = [
      [mark(`${into} = ${session}.execute(${statement}).scalar_one_or_none()`)],
      [mark(`${into} = ${session}.scalars(${statement}).first()`)],
      [mark(`${into} = ${session}.scalar(${statement})`)],
      [`statement = ${statement}`, mark(`${into} = ${session}.execute(statement).scalars().first()`)],
      ...(id === undefined ? [] : [[mark(`${into} = ${session}.get(${table.model}, ${id})`)]]),
    ] as const;
    return pick(forms[0], ...forms.slice(1));
  };
  const column = dialect === 'flask' ? 'db.Column' : 'Column';
  const prefix = dialect === 'flask' ? 'db.' : '';
  const model = ({ model, name, fields, methods = [] }: Table, pick: Pick): Lines =>
    block(
      `class ${model}(${dialect === 'flask' ? 'db.Model' : 'Base'}):`,
      dialect === 'select' || (dialect === 'flask' && pick(false, true))
        ? [
            `__tablename__ = '${name}'`,
            `id: Mapped[int] = ${prefix}mapped_column(primary_key=True)`,
            ...fields.map((field) => `${field}: Mapped[${isNumber(field) ? 'int' : 'str'}] = ${prefix}mapped_column()`),
            ...methods,
          ]
        : [
            `__tablename__ = '${name}'`,
            `id = ${column}(${prefix}Integer, primary_key=True)`,
            ...fields.map((field) => `${field} = ${column}(${prefix}${isNumber(field) ? 'Integer' : 'String'})`),
            ...methods,
          ],
    );
  return {
    origins: [
      ['Column', ['sqlalchemy', 'Column']],
      ['Integer', ['sqlalchemy', 'Integer']],
      ['String', ['sqlalchemy', 'String']],
      ['create_engine', ['sqlalchemy', 'create_engine']],
      ['select', ['sqlalchemy', 'select']],
      ['update', ['sqlalchemy', 'update']],
      ['delete', ['sqlalchemy', 'delete']],
      ['declarative_base', ['sqlalchemy.orm', 'declarative_base']],
      ['DeclarativeBase', ['sqlalchemy.orm', 'DeclarativeBase']],
      ['Mapped', ['sqlalchemy.orm', 'Mapped']],
      ['mapped_column', ['sqlalchemy.orm', 'mapped_column']],
      ['scoped_session', ['sqlalchemy.orm', 'scoped_session']],
      ['sessionmaker', ['sqlalchemy.orm', 'sessionmaker']],
      ['SQLAlchemy', ['flask_sqlalchemy', 'SQLAlchemy']],
    ],
    isNumbered: true,
    isMapped: true,
    setup: (tables, pick, isBefore) => {
      const models = apart(tables.map((table) => model(table, pick)));
      if (dialect === 'flask') {
        const settings = isBefore ? ["app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'"] : [];
        return [...settings, isBefore ? 'db = SQLAlchemy(app)' : 'db = SQLAlchemy()', '', '', ...models];
      }
      const base = dialect === 'select' ? ['class Base(DeclarativeBase):', '    pass'] : ['Base = declarative_base()'];
      return [
        "engine = create_engine('sqlite://')",
        'db_session = scoped_session(sessionmaker(bind=engine))',
        '',
        '',
        ...base,
        '',
        '',
        ...models,
      ];
    },
    bind: (isBefore) =>
      dialect === 'flask' && !isBefore ? ["app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'", 'db.init_app(app)'] : [],
    one: (table, where, into, pick, mark) => {
      const isModern = dialect === 'select' || (dialect === 'flask' && pick(false, false, true));
      return isModern ? modern(table, where, into, pick, mark) : old(table, where, into, pick, mark);
    },
    many: (table, where, into, pick, mark) =>
      dialect === 'select'
        ? [mark(`${into} = ${session}.scalars(${where.length === 0 ? `select(${table.model})` : chosen(table, where, pick)}).all()`)]
        : [
            mark(
              `${into} = ${query(table, pick)}${where.length === 0 ? '' : `.${filtered(table, where, pick)}`}${pick('', `.order_by(${table.model}.id)`)}.all()`,
            ),
          ],
    add: (table, values, pick, mark) =>
      pick(
        [mark(`fresh = ${table.model}(${keywords(values)})`), `${session}.add(fresh)`, commit],
        [mark(`${session}.add(${table.model}(${keywords(values)}))`), commit],
      ),
    changeWhere: (table, where, values, into, pick, mark) =>
      dialect === 'select'
        ? [
            mark(`outcome = ${session}.execute(update(${table.model}).where(${tests(table, where)}).values(${keywords(values)}))`),
            commit,
            `${into} = outcome.rowcount`,
          ]
        : [
            mark(
              `${into} = ${query(table, pick)}.${filtered(table, where, pick)}.update({${values.map(([name, value]) => `${pick(`'${name}'`, `${table.model}.${name}`)}: ${value}`).join(', ')}})`,
            ),
            commit,
          ],
    removeWhere: (table, where, into, pick, mark) =>
      dialect === 'select'
        ? [mark(`outcome = ${session}.execute(delete(${table.model}).where(${tests(table, where)}))`), commit, `${into} = outcome.rowcount`]
        : [mark(`${into} = ${query(table, pick)}.${filtered(table, where, pick)}.delete()`), commit],
    change: (_table, object, _where, values, _pick, mark) => [
      ...values.map(([name, value]) => mark(`${object}.${name} = ${value}`)),
      commit,
    ],
    remove: (_table, object, _where, _pick, mark) => [mark(`${session}.delete(${object})`), commit],
    pour: (table, object, where, data, pick, mark) =>
      pick(
        [...block(`for name, value in ${data}.items():`, [mark(`setattr(${object}, name, value)`)]), commit],
        [...block(`for name in ${data}:`, [mark(`setattr(${object}, name, ${data}[name])`)]), commit],
        [
          mark(
            dialect === 'select'
              ? `${session}.execute(update(${table.model}).where(${tests(table, where)}).values(**${data}))`
              : `${query(table, pick)}.${filtered(table, where, pick)}.update(${data})`,
          ),
          commit,
        ],
      ),
    pourNew: (table, data, owner, pick, mark) =>
      pick(
        [
          mark(`fresh = ${table.model}(**${data})`),
          ...owner.map(([name, value]) => `fresh.${name} = ${value}`),
          `${session}.add(fresh)`,
          commit,
        ],
        [
          `fresh = ${table.model}(${keywords(owner)})`,
          ...block(`for name, value in ${data}.items():`, [mark('setattr(fresh, name, value)')]),
          `${session}.add(fresh)`,
          commit,
        ],
      ),
    field: (object, name) => `${object}.${name}`,
  };
}

function isNumber(field: string): boolean {
  return !/^(?:title|text|name|label|body|note|subject|email|state|token_hash|password_hash|role)$/.test(field);
}

export const sqlalchemy = alchemy('session');
export const sqlalchemy2 = alchemy('select');
export const flaskSqlalchemy = alchemy('flask');
