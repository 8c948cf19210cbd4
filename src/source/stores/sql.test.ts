import { describe, expect, it } from 'vitest';
import { readSql } from './sql.ts';
import type { Where } from './sql-where.ts';

function written(where: Where): string {
  if (where.is !== 'compare') return `${where.is}(${where.parts.map(written).join(' ')})`;
  const { slot, field, isEqual } = where;
  const name = slot === undefined ? '-' : 'name' in slot ? `:${slot.name}` : `#${slot.position}`;
  return `${field}${isEqual ? '=' : '~'}${name}`;
}

describe('readSql', () => {
  it.each([
    ['SELECT * FROM notes WHERE id = ? AND owner_id = ?', 'notes', ['id=#0', 'owner_id=#1']],
    ['SELECT text FROM notes WHERE id = %s OR owner_id = %s', 'notes', ['any(all(id=#0) all(owner_id=#1))']],
    ["SELECT * FROM notes WHERE (owner_id = :me OR kind = 'open') AND id = :id", 'notes', ['any(all(owner_id=:me) all(kind=-))', 'id=:id']],
    ["SELECT * FROM notes WHERE text LIKE '%s?' AND id = %(id)s", 'notes', ['text~-', 'id=:id']],
    ['SELECT * FROM `notes` WHERE `id` IN %s', 'notes', ['id=#0']],
    [
      'SELECT n.text FROM notes n JOIN boxes b ON b.id = n.box_id WHERE n.id = ? AND b.owner_id = ?',
      'notes',
      ['id=#0', 'owner_id=#1', 'id=-'],
    ],
    ['SELECT id::text FROM notes WHERE id = :id::uuid LIMIT 1', 'notes', ['id=:id']],
    ['UPDATE notes SET text = ? WHERE id = ?', 'notes', ['id=#1']],
    ['DELETE FROM notes WHERE id = ?;', 'notes', ['id=#0']],
    ['SELECT * FROM notes WHERE id = ? ORDER BY FIELD(kind, 1) LIMIT 1, 2', 'notes', ['id=#0']],
    ['REPLACE INTO notes (id, text) VALUES (?, ?)', 'notes', ['id=#0']],
    ['INSERT OR REPLACE INTO notes (text, id) VALUES (:text, :id)', 'notes', ['id=:id']],
    ['INSERT INTO notes (text, id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE text = %s', 'notes', ['id=#1']],
    ['INSERT INTO notes (id, text) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text', 'notes', ['id=#0']],
    ['INSERT INTO notes (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = 1 WHERE notes.owner_id = ?', 'notes', ['id=#0', 'owner_id=#1']],
    ['INSERT INTO notes (id) VALUES (?) ON CONFLICT DO NOTHING', 'notes', []],
    ['INSERT INTO notes (id) VALUES (?)', 'notes', []],
  ])('%s', (text, table, where) => {
    const statement = readSql(text);
    expect(statement?.table).toBe(table);
    expect(statement?.where.map(written)).toEqual(where);
  });

  it('knows the columns that are answered, and those that are written', () => {
    expect(readSql('SELECT id, text FROM notes')?.columns).toEqual(['id', 'text']);
    expect(readSql('SELECT id, * FROM notes')?.columns).toEqual([]);
    expect([...(readSql('INSERT INTO notes (id, owner_id) VALUES (?, ?)')?.written ?? [])]).toEqual([
      ['id', { position: 0, fromEnd: 1 }],
      ['owner_id', { position: 1, fromEnd: 0 }],
    ]);
  });

  it('reads nothing into what is no statement', () => {
    expect(readSql('notes')).toBeUndefined();
    expect(readSql('')).toBeUndefined();
  });
});
