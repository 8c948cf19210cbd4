import { expect, test } from 'vitest';
import { surfaceFromText } from '../../discover/index.ts';
import type { Exchange } from '../../model/http.ts';
import { linkedValues } from './links.ts';

const document = {
  openapi: '3.0.3',
  info: { title: 'x', version: '1' },
  paths: {
    '/orders': {
      post: {
        operationId: 'makeOrder',
        responses: {
          201: {
            description: 'made',
            links: {
              bill: {
                operationId: 'getBill',
                parameters: { number: '$response.body#/bill/number', lang: 'en', none: '$response.body#/nothing' },
              },
              self: { operationRef: '#/paths/~1orders~1{ref}/get', parameters: { 'path.ref': '$response.header.X-Ref' } },
              lost: { operationId: 'noSuchOperation', parameters: { id: '1' } },
            },
          },
          400: { description: 'no', links: { wrong: { operationId: 'getBill', parameters: { number: '0' } } } },
        },
      },
    },
    '/bills/{number}': { get: { operationId: 'getBill', responses: {} } },
    '/orders/{ref}': { get: { responses: {} } },
  },
};

test('links give parameters of other operations from body, headers and constants', () => {
  const surface = surfaceFromText(JSON.stringify(document), 'links.json', { origin: 'http://api.test' });
  const [make] = surface.operations.filter((operation) => operation.operationId === 'makeOrder');
  const answer: Exchange = {
    kind: 'exchange',
    request: { method: 'POST', origin: 'http://api.test', path: '/orders', headers: [] },
    response: { status: 201, headers: [['X-Ref', 'r-9']], body: '{"bill":{"number":77}}', bytes: 0, truncated: false },
    startedAt: 0,
    ms: 0,
  };
  expect(make && linkedValues(make, answer, surface.operations)).toEqual({
    'GET /bills/{number}': { number: '77', lang: 'en' },
    'GET /orders/{ref}': { ref: 'r-9' },
  });
});
