import { examine, type Examined } from '../../src/engine/examine.ts';
import { Journal } from '../../src/engine/journal.ts';
import { tokens } from '../../src/engine/token.ts';
import { enroll } from '../../src/enroll.ts';
import { parseAuthFlag } from '../../src/identity/index.ts';
import { surfaceFromText } from '../../src/discover/index.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import type { ExampleApi } from '../../src/model/example.ts';
import type { Send } from '../../src/model/http.ts';

/** A `Send` over an example API: no network, the same engine. */
export function sendTo(api: ExampleApi): Send {
  const handle = api.start();
  return async (request) => {
    const { status, body, headers } = handle(request);
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/plain' : 'application/json';
    const pairs = Object.entries({ 'content-type': type, ...headers });
    return {
      kind: 'exchange',
      request,
      response: { status, headers: pairs, body: text, bytes: text.length, truncated: false },
      startedAt: Date.now(),
      ms: 1,
    };
  };
}

/** Runs the whole engine against an example API with the given checks. */
export async function runExample(api: ExampleApi, checks: readonly AnyCheck[]): Promise<Examined> {
  const send = sendTo(api);
  const surface = surfaceFromText(JSON.stringify(api.description), 'example.json', { origin: 'http://api.example.test' });
  const token = tokens('examples');
  const allow = api.allow ?? (checks.some((check) => check.needs.includes('intrusive')) ? 'intrusive' : 'write');
  const declared = (api.identities ?? []).map((identity) =>
    parseAuthFlag(`${identity.name}${identity.role === undefined ? '' : `(${identity.role})`}=Bearer ${identity.bearer}`),
  );
  const journal = new Journal(undefined, { target: surface.origin, seed: 'examples', startedAt: '' });
  const common = { surface, send, token, onEvent: () => {} };
  const enrolled = await enroll({ ...common, declared, signUp: allow !== 'read', now: Date.now, onSession: () => {} });
  return examine({ ...common, ...enrolled, checks, allow, journal, excluded: () => false, dryRun: false, onCleanUp: () => {} });
}
