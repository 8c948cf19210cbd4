import type { ExampleApi } from '../model/example.ts';
import {
  change,
  exampleApi,
  forbidden,
  missing,
  ok,
  refused,
  remove,
  shown,
  text,
  type ExampleContext,
  type ExampleRoute,
} from './example-api.ts';

type Rule = (context: ExampleContext) => boolean;

const isOwn: Rule = ({ me, note }) => me !== undefined && note?.owner === me.username;
const isAnybody: Rule = ({ me }) => me !== undefined;
const body = { title: text, text };

/** Notes that may be read by some, and changed by some. */
function notesFor(mayRead: Rule, mayWrite: Rule): Readonly<Record<string, ExampleRoute>> {
  const all: ExampleRoute['reply'] = (context) =>
    context.me ? ok(context.notes.filter((note) => mayRead({ ...context, note })).map(shown)) : refused;
  return {
    'GET /notes': { secured: true, reply: all },
    'GET /notes/{id}': {
      secured: true,
      reply: (context) => (!context.me ? refused : context.note && mayRead(context) ? ok(shown(context.note)) : missing),
    },
    'PUT /notes/{id}': {
      secured: true,
      body,
      reply: (context) => (context.me && !mayWrite(context) ? forbidden : change(context, mayWrite(context))),
    },
    'DELETE /notes/{id}': {
      secured: true,
      reply: (context) => (context.me && !mayWrite(context) ? forbidden : remove(context, mayWrite(context))),
    },
  };
}

const bearers = (...names: readonly string[]) => names.map((name) => ({ name, bearer: `token-of-${name}` }));
const tenants: Readonly<Record<string, string>> = { alice: 'north', carol: 'north', bob: 'south' };
const isOfTeam: Rule = ({ me, note }) => me !== undefined && note !== undefined && tenants[me.username] === tenants[note.owner];
const isRootOrOwn: Rule = (context) => context.me?.username === 'root' || isOwn(context);

/** What is shared by design: checks of foreign objects stay silent on all of it. */
export const sharedByDesign: readonly ExampleApi[] = [
  exampleApi({
    title: 'The members of a tenant share their notes, and those of another have none of it',
    users: ['alice', 'carol', 'bob'],
    identities: bearers('alice', 'carol', 'bob').map((identity) => ({ ...identity, tenant: tenants[identity.name] ?? '' })),
    routes: notesFor(isOfTeam, isOfTeam),
  }),
  exampleApi({
    title: 'Administrators see and change the notes of everybody',
    users: ['root', 'alice', 'bob'],
    identities: bearers('root', 'alice', 'bob').map((identity) => (identity.name === 'root' ? { ...identity, role: 'admin' } : identity)),
    routes: notesFor(isRootOrOwn, isRootOrOwn),
  }),
  exampleApi({
    title: 'Articles: read by everybody with an account, written by their authors',
    routes: notesFor(isAnybody, isOwn),
  }),
  exampleApi({
    title: 'Profile pages: the name of anybody, the address to its owner alone',
    routes: {
      'GET /users/{id}': {
        summary: 'A profile',
        secured: true,
        reply: ({ me, users, path }) => {
          const user = users.find((candidate) => String(candidate.id) === path['id']);
          if (!me) return refused;
          if (!user) return missing;
          return ok({ id: user.id, username: user.username, ...(user === me ? { email: user.email } : {}) });
        },
      },
    },
  }),
];
