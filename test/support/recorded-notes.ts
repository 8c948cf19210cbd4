import { hostileHttp, sendJson, textOf, type Hostile } from './hostile-servers.ts';

export interface NotesOptions {
  /** Notes are loaded by id and owner. */
  readonly repaired: boolean;
  /** Everybody may list their own notes. */
  readonly listed?: boolean;
}

/** What a browser would have recorded, and the server behind it. */
export interface RecordedNotes extends Hostile {
  readonly tokens: Readonly<Record<'alice' | 'bob', string>>;
  /** The text of a HAR file of one person's session: a page, a script, a preflight, a third party, and calls of the API. */
  readonly har: (name: 'alice' | 'bob') => Promise<string>;
  readonly seen: readonly string[];
}

const notes = [
  { id: 7, owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays' },
  { id: 9, owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea' },
];
const tokens = { alice: 'tok-alice-4f81c2d09b7e', bob: 'tok-bob-91ae77d3c052' } as const;

/** An API of notes without any description and, unless asked for, without a list: only who has been there knows the ids. */
export async function recordedNotes({ repaired, listed = false }: NotesOptions): Promise<RecordedNotes> {
  const seen: string[] = [];
  const server = await hostileHttp((request, response) => {
    void (async () => {
      const { method = 'GET', url = '/' } = request;
      seen.push(`${method} ${url}`);
      await textOf(request);
      const me = Object.entries(tokens).find(([, token]) => request.headers.authorization === `Bearer ${token}`)?.[0];
      const id = /^\/api\/notes\/(\d+)$/.exec(url)?.[1];
      if (url === '/api/login' && method === 'POST') return sendJson(response, 200, { ok: true });
      if (listed && url === '/api/notes')
        return me === undefined
          ? sendJson(response, 401, { error: 'log in' })
          : sendJson(
              response,
              200,
              notes.filter(({ owner }) => owner === me),
            );
      if (id === undefined) return sendJson(response, 404, { error: 'no such page' });
      if (me === undefined) return sendJson(response, 401, { error: 'log in' });
      const note = notes.find((one) => one.id === Number(id) && (!repaired || one.owner === me));
      return note ? sendJson(response, 200, note) : sendJson(response, 404, { error: 'no such note' });
    })();
  });
  return { ...server, tokens, seen, har: (name) => harOf(server.url, name) };
}

async function harOf(origin: string, name: 'alice' | 'bob'): Promise<string> {
  const own = notes.find((note) => note.owner === name)?.id ?? 0;
  const entries: unknown[] = [
    plain('GET', `${origin}/`, 200, 'text/html'),
    plain('GET', `${origin}/app.js`, 200, 'text/javascript'),
    plain('OPTIONS', `${origin}/api/notes/${own}`, 204, ''),
    plain('POST', 'https://metrics.example/collect', 200, 'application/json'),
    {
      ...plain('POST', `${origin}/api/login`, 200, 'application/json'),
      request: {
        method: 'POST',
        url: `${origin}/api/login`,
        headers: [],
        postData: { mimeType: 'application/json', text: JSON.stringify({ username: name, password: `Pw-of-${name}-55` }) },
      },
    },
  ];
  const url = `${origin}/api/notes/${own}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${tokens[name]}` } });
  entries.push({
    startedDateTime: '2026-01-01T00:00:00.000Z',
    time: 3,
    request: { method: 'GET', url, headers: [{ name: 'Authorization', value: `Bearer ${tokens[name]}` }], queryString: [] },
    response: { status: answer.status, headers: [], content: { mimeType: 'application/json', text: await answer.text() } },
  });
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });
}

function plain(method: string, url: string, status: number, mimeType: string): object {
  return {
    startedDateTime: '',
    time: 1,
    request: { method, url, headers: [] },
    response: { status, headers: [], content: { mimeType, text: '' } },
  };
}
