import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';

/** What is said of a view that anybody may call, and that answers these columns of a customer. */
async function saidOf(columns: readonly string[], condition = 'number = ?'): Promise<readonly string[]> {
  const answer = columns.map((name, index) => `${name}=found[0][${index}]`).join(', ');
  const text = `
import sqlite3
from flask import Flask, g, jsonify
from users import user_from_token
app = Flask(__name__)

def rows(sql, values):
    return sqlite3.connect('bank.db').execute(sql, values).fetchall()

@app.post('/transfers')
def transfer():
    g.user = user_from_token(g.token)
    rows('UPDATE customers SET balance = balance - 1 WHERE id = ?', (g.user.id,))
    return jsonify(ok=True)

@app.get('/customers/<number>')
def read_customer(number):
    found = rows('SELECT ${columns.join(', ')} FROM customers WHERE ${condition}', (number,))
    return jsonify(${answer})
`;
  const { findings } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] });
  return findings
    .filter(({ operation, severity }) => operation.path === '/customers/{number}' && severity !== 'info' && severity !== 'low')
    .map(({ severity, confidence }) => `${severity} ${confidence}`);
}

describe('what anybody may read of a person', () => {
  it.each([
    ['a balance is for nobody else', ['name', 'balance'], ['high firm']],
    ['an address may be there to be written to', ['name', 'email'], ['high tentative']],
    ['a name is a profile', ['name', 'nickname'], []],
  ])('%s', async (_, columns, said) => {
    expect(await saidOf(columns)).toEqual(said);
  });

  it('whoever knows the token was given it', async () => {
    expect(await saidOf(['name', 'balance'], 'link_token = ?')).toEqual([]);
  });
});
