import { beforeAll, describe, expect, test } from 'vitest';
import { vulnerableShop } from '../../src/demo/api.ts';
import { serveApi } from '../../src/demo/serve.ts';
import { scan, type Report, type Stack } from '../../src/index.ts';
import type { ExampleApi } from '../../src/model/example.ts';

/** The shop as Flask's own server would send it. */
const flaskShop: ExampleApi = {
  ...vulnerableShop,
  start: () => {
    const answer = vulnerableShop.start();
    return (request) => {
      const reply = answer(request);
      return { ...reply, headers: { ...reply.headers, server: 'Werkzeug/3.1.3 Python/3.11.2' } };
    };
  },
};

async function scanned(api: ExampleApi, stack?: Stack): Promise<Report> {
  const served = await serveApi(api);
  try {
    const { report } = await scan({
      target: served.url,
      allow: 'write',
      seed: 'stack',
      only: ['foreign-object-read'],
      ...(stack ? { stack } : {}),
    });
    return report;
  } finally {
    await served.close();
  }
}

describe('the stack of a scanned API', () => {
  let flask: Report;
  beforeAll(async () => {
    flask = await scanned(flaskShop);
  });

  test('is found out, and asked for where it does not show', () => {
    expect(flask.target.stack).toEqual({
      framework: 'flask',
      auth: 'bearer',
      seenIn: ['flask: the Server header names Werkzeug', 'bearer: the credentials in use'],
    });
    expect(flask.notes).toContainEqual(expect.stringContaining('--stack flask,STORE (dynamodb, mongodb, sqlalchemy)'));
    expect(flask.findings.length).toBeGreaterThan(0);
    expect(flask.findings.filter(({ fix }) => fix)).toEqual([]);
  });

  test('is completed by what is told, and then findings come with their fix', async () => {
    const { findings, notes, target } = await scanned(flaskShop, { store: 'mongodb' });
    expect(target.stack).toMatchObject({ framework: 'flask', store: 'mongodb', auth: 'bearer' });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ fix }) => fix?.stack)).toEqual(findings.map(() => ({ framework: 'flask', store: 'mongodb', auth: 'bearer' })));
    expect(notes.join()).not.toContain('--stack');
  });

  test('of a Node API is not Flask, and it is given no fix for Flask', async () => {
    const { findings, notes, target } = await scanned(vulnerableShop, { store: 'mongodb' });
    expect(target.stack).toEqual({ store: 'mongodb', auth: 'bearer', seenIn: ['mongodb: as told', 'bearer: the credentials in use'] });
    expect(findings.filter(({ fix }) => fix)).toEqual([]);
    expect(notes.join()).not.toContain('--stack');
  });
});
