import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../model/user-error.ts';
import { apiTraffic, traceOfHar } from '../har/har-trace.ts';
import { readHar } from '../har/read-har.ts';
import { readCollection } from '../postman/collection.ts';
import { surfaceOfTraces } from './surface.ts';
import { traceSchema, type Trace } from './trace.ts';

const odd = fc.oneof(
  fc.constantFrom<unknown>('', null, 7, [], {}, 'http://a.test/x/{y}/1?z=%', '{{a}}/:b/{{c}}', 'http://[', '%E0%A4%A', '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
);
const maybe = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd });
const pairs = maybe(
  fc.array(maybe(fc.record({ name: maybe(fc.string()), key: maybe(fc.string()), value: maybe(fc.string()) })), { maxLength: 3 }),
);
const url = maybe(
  fc.constantFrom('http://a.test/users/12/x?q=1', 'http://a.test/users/al%20ice', 'http://a.test/{id}', '{{host}}/a/{{b}}'),
);

const entry = fc.record({
  request: maybe(
    fc.record({
      method: maybe(fc.constantFrom('GET', 'post', 'DELETE')),
      url,
      headers: pairs,
      cookies: pairs,
      postData: maybe(fc.record({ mimeType: maybe(fc.string()), text: maybe(fc.json()), params: pairs })),
    }),
  ),
  response: maybe(
    fc.record({
      status: maybe(fc.constantFrom(200, 401)),
      headers: pairs,
      content: maybe(
        fc.record({ mimeType: fc.constant('application/json'), text: maybe(fc.json()), encoding: maybe(fc.constant('base64')) }),
      ),
    }),
  ),
});
const item = fc.record({
  name: maybe(fc.string()),
  variable: pairs,
  request: maybe(
    fc.record({
      method: maybe(fc.constant('GET')),
      url: maybe(fc.oneof(url, fc.record({ raw: url, host: odd, path: odd, query: pairs, variable: pairs }))),
      header: pairs,
      auth: odd,
      body: maybe(
        fc.record({
          mode: fc.constantFrom('raw', 'urlencoded', 'formdata', 'graphql'),
          raw: maybe(fc.json()),
          urlencoded: pairs,
          formdata: pairs,
        }),
      ),
    }),
  ),
  response: maybe(fc.array(fc.record({ body: maybe(fc.json()) }), { maxLength: 2 })),
});

/** A surface that can be read to its end, or a refusal in words. */
function isSound(read: () => Trace): void {
  try {
    const trace = read();
    traceSchema.parse(JSON.parse(JSON.stringify(trace)));
    const { operations } = surfaceOfTraces([trace], {});
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    for (const { body, parameters } of operations)
      for (const { schema } of [...(body?.contents ?? []), ...parameters]) expect([...(schema?.properties ?? [])]).toBeDefined();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(/\S/);
  }
}

test('whatever a recording holds', () => {
  const holds = (): void =>
    fc.assert(
      fc.property(fc.array(maybe(entry), { maxLength: 4 }), (entries) =>
        isSound(() => {
          const har = readHar(JSON.stringify({ log: { entries } }), 'any.har');
          return traceOfHar(har, apiTraffic(har, undefined), 'alice');
        }),
      ),
      { numRuns: 300 },
    );
  expect(holds).not.toThrow();
});

test('whatever a collection holds', () => {
  const holds = (): void =>
    fc.assert(
      fc.property(fc.array(maybe(item), { maxLength: 4 }), odd, (items, auth) =>
        isSound(
          () =>
            readCollection(
              JSON.stringify({ info: { _postman_id: '1' }, item: [...items, { name: 'folder', item: items }], auth }),
              'any.json',
            ).trace,
        ),
      ),
      { numRuns: 300 },
    );
  expect(holds).not.toThrow();
});
