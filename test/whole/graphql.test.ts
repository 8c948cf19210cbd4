import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseReport } from '../../src/report/index.ts';
import { graphqlShop } from '../support/graphql-shop.ts';
import { emptyFolder, middlebrick, refusal, using } from './command.ts';

describe.concurrent('a GraphQL shop', () => {
  test('its flaws are found from its address', async (t) => {
    const shop = await using(t, graphqlShop({ repaired: false }));
    const outcome = await middlebrick(['scan', `${shop.url}/graphql`, '--allow', 'write', '--format', 'json'], {
      cwd: await emptyFolder(t),
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    const proven = parseReport(outcome.stdout).findings.filter(({ confidence }) => confidence !== 'tentative');
    for (const [check, operation] of [
      ['foreign-object-read', 'query order(id)'],
      ['foreign-object-read', 'query node(id) on Order'],
      ['foreign-collection-read', 'query ordersOf(userId)'],
      ['foreign-object-change', 'mutation updateOrder(id, input)'],
      ['foreign-object-delete', 'mutation deleteNote(id)'],
      ['property-assignment', 'mutation register(input)'],
      ['sensitive-property-returned', 'query me'],
    ]) {
      expect(proven).toContainEqual(expect.objectContaining({ check, operation: { method: 'POST', path: `/graphql ${operation}` } }));
    }
  });

  test('repaired, it gets nothing above low', async (t) => {
    const shop = await using(t, graphqlShop({ repaired: true }));
    const folder = await emptyFolder(t);
    await writeFile(join(folder, 'schema.graphql'), shop.sdl);
    const outcome = await middlebrick(
      ['scan', shop.url, '--spec', 'schema.graphql', '--allow', 'write', '--fail-on', 'medium', '--format', 'json'],
      { cwd: folder },
    );
    expect(outcome.code, outcome.stdout).toBe(0);
    const report = parseReport(outcome.stdout);
    expect(report.outcome, report.reasons.join('\n')).toBe('done');
    expect(report.findings.filter(({ severity }) => severity !== 'low' && severity !== 'info')).toEqual([]);
  });

  test('with introspection off, it is told what to give', async (t) => {
    const shop = await using(t, graphqlShop({ repaired: true }));
    const outcome = await middlebrick(['scan', shop.url], { cwd: await emptyFolder(t) });
    expect(outcome).toMatchObject(refusal(/speaks GraphQL/, /--spec schema\.graphql/));
  });
});
