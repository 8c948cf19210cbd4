import { describe, expect, it } from 'vitest';
import type { Json } from '../../model/json.ts';
import type { Surface } from '../../model/operation.ts';
import { surfaceFromText, type SurfaceOptions } from '../index.ts';

function surfaceWith(servers: Json, options: SurfaceOptions, location = 'api.json'): Surface {
  return surfaceFromText(JSON.stringify({ openapi: '3.0.0', servers, paths: { '/a': { get: {} } } }), location, options);
}

const local = { origin: 'http://localhost:5000' };

describe('servers', () => {
  it.each<[string, Json, SurfaceOptions, string, string]>([
    ['absent', null, local, 'http://localhost:5000', '/a'],
    ['absent, with a base path from the user', null, { ...local, basePath: '/api/' }, 'http://localhost:5000', '/api/a'],
    ['root', [{ url: '/' }], local, 'http://localhost:5000', '/a'],
    ['relative', [{ url: '/api/v3/' }], local, 'http://localhost:5000', '/api/v3/a'],
    ['of another origin: the path is kept', [{ url: 'https://x.test/v2' }], local, 'http://localhost:5000', '/v2/a'],
    [
      'several: the same origin wins',
      [{ url: 'https://x.test/v2' }, { url: 'http://localhost:5000/v3' }],
      local,
      'http://localhost:5000',
      '/v3/a',
    ],
    [
      'several: the one that the path begins with',
      [{ url: '/v1' }, { url: '/v2' }],
      { ...local, basePath: '/v2' },
      'http://localhost:5000',
      '/v2/a',
    ],
    ['absolute, no target', [{ url: 'https://x.test:8443/v2' }], {}, 'https://x.test:8443', '/v2/a'],
    [
      'with variables',
      [{ url: 'https://{env}.test/{v}', variables: { env: { default: 'prod' }, v: { enum: ['v9'] } } }],
      {},
      'https://prod.test',
      '/v9/a',
    ],
    ['without a scheme', [{ url: 'x.test/v1' }], {}, 'https://x.test', '/v1/a'],
    ['nonsense', [{ url: 'http://[' }, 7, { url: 'ws://x' }], local, 'http://localhost:5000', '/a'],
  ])('%s', (_, servers, options, origin, path) => {
    const surface = surfaceWith(servers, options);
    expect([surface.origin, surface.operations[0]?.path]).toEqual([origin, path]);
  });

  it('are relative to the URL of the document', () => {
    const surface = surfaceWith([{ url: './v1' }], {}, 'https://docs.test/apis/openapi.json');
    expect([surface.origin, surface.operations[0]?.path]).toEqual(['https://docs.test', '/apis/v1/a']);
  });

  it('mean the root where their URL is empty', () => {
    const surface = surfaceWith([{ url: '' }], {}, 'https://docs.test/apis/openapi.json');
    expect([surface.origin, surface.operations[0]?.path]).toEqual(['https://docs.test', '/a']);
  });

  it('say in a note that another origin is spoken to', () => {
    expect(surfaceWith([{ url: 'https://x.test' }], local).notes.join()).toMatch(
      /go to http:\/\/localhost:5000, not to .*https:\/\/x\.test/,
    );
    expect(surfaceWith([{ url: '/v1' }], local).notes).toEqual([]);
  });

  it('must name a host when nobody else does', () => {
    expect(() => surfaceWith([{ url: '/v1' }], {})).toThrow(expect.objectContaining({ code: 'target-unknown' }));
  });

  it('of a path or an operation win over the document', () => {
    const item = { servers: [{ url: '/item' }], get: {}, post: { servers: [{ url: '/own' }] } };
    const text = JSON.stringify({ openapi: '3.0.0', servers: [{ url: '/v1' }], paths: { '/a': item, '/b': { get: {} } } });
    expect(surfaceFromText(text, 'api.json', local).operations.map(({ path }) => path)).toEqual(['/item/a', '/own/a', '/v1/b']);
  });
});
