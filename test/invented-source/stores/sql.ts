import type { Lines } from '../python.ts';
import type { Pick } from '../picker.ts';
import { block } from '../python.ts';
import type { Store, Where } from './store.ts';

/** Statements as text, rows as mappings. */
function sql(mark: '%s' | '?'): Store {
  const isPostgres = mark === '%s';
  const where = (conditions: Where): string => conditions.map(([name]) => `${name} = ${mark}`).join(' AND ');
  const tuple = (values: Where): string => `(${values.map(([, value]) => value).join(', ')}${values.length === 1 ? ',' : ''})`;
  const cursor = isPostgres ? ['cursor = connection.cursor()'] : [];
  const runs = (text: string, values: Where, pick: Pick): [Lines, string] => {
    const begin = isPostgres || pick(false, true) ? ['cursor = connection.cursor()'] : [];
    const runner = begin.length > 0 ? 'cursor' : 'cursor = connection';
    return pick<[Lines, string]>(
      [begin, `${runner}.execute('${text}', ${tuple(values)})`],
      [[...begin, `statement = '${text}'`], `${runner}.execute(statement, ${tuple(values)})`],
    );
  };
  return {
    origins: [
      ['psycopg2', ['psycopg2', null]],
      ['sqlite3', ['sqlite3', null]],
      ['RealDictCursor', ['psycopg2.extras', 'RealDictCursor']],
    ],
    isNumbered: true,
    isMapped: false,
    setup: () =>
      isPostgres
        ? ["connection = psycopg2.connect('dbname=shop', cursor_factory=RealDictCursor)"]
        : ["connection = sqlite3.connect('shop.db', check_same_thread=False)", 'connection.row_factory = sqlite3.Row'],
    bind: () => [],
    one: ({ name, fields }, conditions, into, pick, marked) => {
      const [begin, run] = runs(
        `SELECT ${pick(['id', ...fields].join(', '), '*')} FROM ${name} WHERE ${where(conditions)}`,
        conditions,
        pick,
      );
      if (!isPostgres && begin.length === 0 && run.startsWith('cursor = ') && pick(false, true))
        return [marked(`${into} = ${run.slice('cursor = '.length)}.fetchone()`)];
      return [...begin, marked(run), `${into} = cursor.fetchone()`];
    },
    many: ({ name, fields }, conditions, into, pick, marked) => {
      const tail = conditions.length > 0 ? ` WHERE ${where(conditions)}` : '';
      const [begin, run] = runs(`SELECT id, ${fields.join(', ')} FROM ${name}${tail} ORDER BY id`, conditions, pick);
      return [...begin, marked(conditions.length > 0 ? run : run.replace(/, \(,?\)\)$/, ')')), `${into} = cursor.fetchall()`];
    },
    add: ({ name }, values, pick, marked) => {
      const [begin, run] = runs(
        `INSERT INTO ${name} (${values.map(([field]) => field).join(', ')}) VALUES (${values.map(() => mark).join(', ')})`,
        values,
        pick,
      );
      return [...begin, marked(run), 'connection.commit()'];
    },
    changeWhere: ({ name }, conditions, values, into, pick, marked) => {
      const set = values.map(([field]) => `${field} = ${mark}`).join(', ');
      const [begin, run] = runs(`UPDATE ${name} SET ${set} WHERE ${where(conditions)}`, [...values, ...conditions], pick);
      return [...begin, marked(run), 'connection.commit()', `${into} = cursor.rowcount`];
    },
    removeWhere: ({ name }, conditions, into, pick, marked) => {
      const [begin, run] = runs(`DELETE FROM ${name} WHERE ${where(conditions)}`, conditions, pick);
      return [...begin, marked(run), 'connection.commit()', `${into} = cursor.rowcount`];
    },
    change: ({ name }, _object, conditions, values, pick, marked) => {
      const set = values.map(([field]) => `${field} = ${mark}`).join(', ');
      const [begin, run] = runs(`UPDATE ${name} SET ${set} WHERE ${where(conditions)}`, [...values, ...conditions], pick);
      return [...begin, marked(run), 'connection.commit()'];
    },
    remove: ({ name }, _object, conditions, pick, marked) => {
      const [begin, run] = runs(`DELETE FROM ${name} WHERE ${where(conditions)}`, conditions, pick);
      return [...begin, marked(run), 'connection.commit()'];
    },
    pour: ({ name }, _object, conditions, data, _pick, marked) => [
      ...cursor,
      `columns = ', '.join(f'{name} = ${mark}' for name in ${data})`,
      marked(
        `${isPostgres ? 'cursor' : 'connection'}.execute(f'UPDATE ${name} SET {columns} WHERE ${where(conditions)}', (*${data}.values(), ${conditions.map(([, value]) => value).join(', ')}))`,
      ),
      'connection.commit()',
    ],
    pourNew: ({ name }, data, owner, _pick, marked) => [
      ...cursor,
      `row = {**${data}, ${owner.map(([field, value]) => `'${field}': ${value}`).join(', ')}}`,
      "columns = ', '.join(row)",
      `places = ', '.join('${mark}' for _ in row)`,
      ...block('with connection:', [
        marked(
          `${isPostgres ? 'cursor' : 'connection'}.execute(f'INSERT INTO ${name} ({columns}) VALUES ({places})', tuple(row.values()))`,
        ),
      ]),
    ],
    field: (object, name) => `${object}['${name}']`,
  };
}

export const psycopg = sql('%s');
export const sqlite = sql('?');
