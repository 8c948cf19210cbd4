import { expect, test } from 'vitest';
import { openOwnAddress } from './own-address.ts';

test('pages are served, counted by folder, and gone when closed', async () => {
  const own = await openOwnAddress((path) => (path.endsWith('/key.pem') ? { type: 'text/plain', body: 'a key' } : undefined));
  const fetched = async (folder: string): Promise<string> => {
    const answer = await own.send({ method: 'GET', origin: own.origin, path: `/fetched${folder}`, headers: [] });
    return answer.kind === 'exchange' ? answer.response.body : answer.reason;
  };
  try {
    expect(await fetched('/one')).toBe('{"fetched":0}');
    expect(await (await fetch(`${own.origin}/one/key.pem?x=1`)).text()).toBe('a key');
    expect((await fetch(`${own.origin}/one/other`)).status).toBe(404);
    expect((await fetch(`${own.origin}/onerous/key.pem`, { method: 'POST' })).status).toBe(404);
    expect(await fetched('/one')).toBe('{"fetched":2}');
    expect(await fetched('/onerous')).toBe('{"fetched":0}');
  } finally {
    await own.close();
  }
  await expect(fetch(`${own.origin}/one/key.pem`)).rejects.toThrow('fetch failed');
});

test('what it asks itself is all that it answers itself', async () => {
  const own = await openOwnAddress(() => undefined);
  try {
    expect(await own.send({ method: 'GET', origin: own.origin, path: '/key.pem', headers: [] })).toMatchObject({ kind: 'silence' });
  } finally {
    await own.close();
  }
});
