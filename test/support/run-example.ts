import { commonSecrets } from '../../src/engine/common-secrets.ts';
import { examine, type Examined } from '../../src/engine/examine.ts';
import { Journal } from '../../src/engine/journal.ts';
import { tokens } from '../../src/engine/token.ts';
import { enroll } from '../../src/enroll.ts';
import { parseAuthFlag } from '../../src/identity/index.ts';
import { surfaceFromText } from '../../src/discover/index.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import type { ExampleApi } from '../../src/model/example.ts';
import type { Host } from '../../src/model/hosting.ts';
import type { Send } from '../../src/model/http.ts';
import { openLogbook, type Logbook } from '../../src/transport/own-address.ts';

const ownOrigin = 'http://own.example.test';

/** A `Send` over an example API: no network, the same engine. It fetches from our own address alone. */
export function sendTo(api: ExampleApi, own?: () => Logbook | undefined): Send {
  const handle = api.start((url) => (url.startsWith(`${ownOrigin}/`) ? own?.()?.visit(url.slice(ownOrigin.length))?.body : undefined));
  return async (request) => {
    const book = request.origin === ownOrigin ? own?.() : undefined;
    if (book) return book.send(request);
    const { status, body, headers, ms = 1 } = handle(request);
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/plain' : 'application/json';
    const pairs = Object.entries({ 'content-type': type, ...headers });
    return {
      kind: 'exchange',
      request,
      response: { status, headers: pairs, body: text, bytes: text.length, truncated: false },
      startedAt: Date.now(),
      ms,
    };
  };
}

/** Runs the whole engine against an example API with the given checks. */
export async function runExample(api: ExampleApi, checks: readonly AnyCheck[]): Promise<Examined> {
  let book: Logbook | undefined;
  const send = sendTo(api, () => book);
  const host: Host = async (pages) => {
    book = openLogbook(pages);
    return { origin: ownOrigin };
  };
  const text = typeof api.description === 'string' ? api.description : JSON.stringify(api.description);
  const surface = surfaceFromText(text, 'example', { origin: api.origin ?? 'http://api.example.test' });
  const token = tokens('examples');
  const allow = api.allow ?? (checks.some((check) => check.needs.includes('intrusive')) ? 'intrusive' : 'write');
  const declared = (api.identities ?? []).map((identity) => ({
    ...parseAuthFlag(
      `${identity.name}${identity.role === undefined ? '' : `(${identity.role})`}=${'bearer' in identity ? `Bearer ${identity.bearer}` : identity.credential}`,
    ),
    ...(identity.tenant === undefined ? {} : { tenant: identity.tenant }),
  }));
  const journal = new Journal(undefined, { target: surface.origin, seed: 'examples', startedAt: '' });
  const common = { surface, send, token, onEvent: () => {} };
  const enrolled = await enroll({ ...common, declared, signUp: allow !== 'read', now: Date.now, onSession: () => {} });
  return examine({
    ...common,
    ...enrolled,
    checks,
    allow,
    journal,
    excluded: () => false,
    dryRun: false,
    onCleanUp: () => {},
    host,
    words: async () => ['', ...commonSecrets],
    isReplay: false,
    permissions: api.permissions,
  });
}
