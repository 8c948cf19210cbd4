import { created, exampleApi, forbidden, missing, ok, refused, shown, text, type ExampleContext } from '../../src/checks/example-api.ts';
import type { ExampleApi, Reply } from '../../src/model/example.ts';

type Role = 'user' | 'editor' | 'admin';

const staff: Readonly<Record<string, Role>> = { root: 'admin', eve: 'editor' };

function roleOf({ me }: ExampleContext): Role | undefined {
  return me && (staff[me.username] ?? 'user');
}

function guarded(roles: readonly Role[], reply: (context: ExampleContext) => Reply): (context: ExampleContext) => Reply {
  return (context) => {
    const role = roleOf(context);
    if (role === undefined) return refused;
    return roles.includes(role) ? reply(context) : forbidden;
  };
}

/** People of three roles, each with notes of one's own. `flawed`: users are served the drafts, and may announce. */
export function newsroom({ flawed }: { readonly flawed: boolean }): ExampleApi {
  const editors: readonly Role[] = flawed ? ['user', 'editor', 'admin'] : ['editor', 'admin'];
  return exampleApi({
    title: 'A newsroom',
    users: ['root', 'eve', 'alice', 'bob'],
    notes: [
      { owner: 'eve', title: 'Draft on the harbour', text: 'It will be dredged', shared: false },
      { owner: 'alice', title: 'Letter to the editor', text: 'The trams are late', shared: false },
    ],
    routes: {
      'POST /register': null,
      'POST /login': null,
      'GET /totals': { summary: 'Totals', secured: true, reply: guarded(['admin'], () => ok({ readers: 4100, region: 'north' })) },
      'GET /drafts': {
        summary: 'Drafts',
        secured: true,
        reply: guarded(editors, () => ok([{ id: 1, headline: 'The harbour is dredged' }])),
      },
      'GET /announcements': {
        summary: 'Announcements',
        secured: true,
        reply: guarded(['user', 'editor', 'admin'], ({ notes }) => ok(notes.filter((note) => note.shared).map(shown))),
      },
      'POST /announcements': {
        summary: 'Announce',
        secured: true,
        body: { title: text, text },
        reply: guarded(editors, ({ me, notes, body }) => {
          const note = {
            id: 500 + notes.length,
            owner: me?.username ?? '',
            title: String(body['title']),
            text: String(body['text']),
            shared: true,
          };
          notes.push(note);
          return created(shown(note));
        }),
      },
      'GET /notes/{id}': {
        summary: 'A note',
        secured: true,
        reply: (context) => {
          const { me, note } = context;
          if (!me) return refused;
          return note && (note.owner === me.username || roleOf(context) === 'admin') ? ok(shown(note)) : missing;
        },
      },
    },
  });
}

/** The people of the newsroom, as a file of identities. */
export const newsroomIdentities = `
- { name: root, role: admin, bearer: token-of-root }
- { name: eve, role: editor, bearer: token-of-eve }
- { name: alice, bearer: token-of-alice }
- { name: bob, bearer: token-of-bob }
`;
