import { isServed } from '../../model/answer.ts';
import type { ObjectSubject } from '../../model/check.ts';
import { headerOf } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { created, exampleApi, forbidden, missing, number, ok, refused, shown, text, type ExampleRoute } from '../example-api.ts';
import { sharedByDesign } from '../example-sharing.ts';
import { foreignReads, isTenantSwitch, judgeForeignReads } from '../foreign-read.ts';
import { defineCheck, isListOf } from '../support.ts';

const noPath = { 'GET /notes/{id}': null, 'PUT /notes/{id}': null, 'DELETE /notes/{id}': null } as const;

/** A note under the name of a user, who must be the caller. */
function ofUser(allowed: (whose: string, owner: string) => boolean): ExampleRoute {
  return {
    secured: true,
    reply: ({ me, note, path }) => {
      if (!me) return refused;
      if (path['username'] !== me.username) return forbidden;
      return note && allowed(me.username, note.owner) ? ok(shown(note)) : missing;
    },
  };
}

/** Answers with the note whose id stands anywhere but in the path. */
function lookUp(allowed: (me: string, owner: string) => boolean): ExampleRoute['reply'] {
  return ({ me, notes, body, request }) => {
    const filter = isObject(body['filter']) ? body['filter'] : body;
    const cookie = /note_id=(\d+)/.exec(headerOf(request.headers, 'cookie') ?? '')?.[1];
    const id = filter['id'] ?? headerOf(request.headers, 'x-note-id') ?? cookie;
    const note = notes.find((candidate) => String(candidate.id) === String(id));
    if (!me) return refused;
    return note && allowed(me.username, note.owner) ? ok(shown(note)) : missing;
  };
}

export default defineCheck({
  id: 'foreign-object-read',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can read an object that belongs to someone else',
    risk: 'Anybody with an account can read the data of everybody else by putting another id in the request.',
    remedy:
      'Load the object by its id and its owner together, and answer "not found" when there is none: filter on the authenticated user in the query, in one place that every operation on the resource uses. Hard-to-guess ids do not replace the check.',
    cwe: [639, 285],
    owasp: 'API1:2023',
  },
  needs: ['second-identity'],
  yieldsTo: ['permission-violated', 'privileged-operation-open'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) =>
    subject.access.baseline?.answers.every(isServed) === true && !isListOf(subject) && !isTenantSwitch(subject),
  plan: foreignReads,
  judge: judgeForeignReads,
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The list shows titles to all, and each note gives its secret to all',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(({ id, title }) => ({ id, title }))) : refused) },
          'POST /notes': {
            secured: true,
            body: { title: text, secret: text },
            reply: ({ me, notes, body }) => {
              if (!me) return refused;
              const note = {
                id: 101 + notes.length,
                owner: me.username,
                title: String(body['title']),
                text: String(body['secret']),
                shared: false,
              };
              notes.push(note);
              return created({ id: note.id });
            },
          },
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) => (!me ? refused : note ? ok({ id: note.id, title: note.title, secret: note.text }) : missing),
          },
        },
      }),
      exampleApi({
        title: 'Notes are loaded by id alone',
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'The refusal carries the note in its body',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) =>
              !me
                ? refused
                : !note
                  ? missing
                  : note.owner === me.username
                    ? ok(shown(note))
                    : { status: 302, headers: { location: '/home' }, body: shown(note) },
          },
        },
      }),
      exampleApi({
        title: 'Lent tokens, reading only: the note of another person is served',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: [
          { name: 'alice', bearer: 'token-of-alice' },
          { name: 'bob', bearer: 'token-of-bob' },
        ],
        notes: [
          { owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays', shared: false },
          { owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea', shared: false },
        ],
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'The id is in the body of a lookup, and nobody compares the owner',
        routes: {
          ...noPath,
          'POST /notes/lookup': {
            secured: true,
            body: { filter: { type: 'object', properties: { id: number } } },
            reply: lookUp(() => true),
          },
        },
      }),
      exampleApi({
        title: 'The id is in a header, and nobody compares the owner',
        routes: { ...noPath, 'GET /notes/detail': { secured: true, headers: ['X-Note-Id'], reply: lookUp(() => true) } },
      }),
      exampleApi({
        title: 'The id is in a cookie, and nobody compares the owner',
        routes: { ...noPath, 'GET /notes/detail': { secured: true, cookies: ['note_id'], reply: lookUp(() => true) } },
      }),
      exampleApi({
        title: 'The owner in the path is compared with the caller, and the note with nothing',
        routes: { ...noPath, 'GET /users/{username}/notes/{id}': ofUser(() => true) },
      }),
    ],
    safe: [
      ...sharedByDesign,
      exampleApi({ title: 'Notes are loaded by id and owner' }),
      exampleApi({
        title: 'The owner in the path is compared with the caller, and the note with the owner',
        routes: { ...noPath, 'GET /users/{username}/notes/{id}': ofUser((whose, owner) => whose === owner) },
      }),
      exampleApi({
        title: 'The id is in the body of a lookup, and the owner is compared',
        routes: { ...noPath, 'POST /notes/lookup': { secured: true, body: { id: number }, reply: lookUp((me, owner) => me === owner) } },
      }),
      exampleApi({
        title: 'A search by id finds notes that are shared with everybody',
        routes: {
          ...noPath,
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) },
          'POST /notes/search': { secured: true, body: { id: number }, reply: lookUp(() => true) },
        },
      }),
      exampleApi({
        title: 'Notes are public: anybody may read them without an account',
        routes: { 'GET /notes/{id}': { secured: false, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'Notes are shared: everybody with an account has all of them in the list',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) },
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'Soft 404: an error body with status 200',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, path }) =>
              !me
                ? refused
                : note?.owner === me.username
                  ? ok(shown(note))
                  : ok({ success: false, message: `note ${path['id'] ?? ''} not found` }),
          },
        },
      }),
      exampleApi({
        title: 'The refusal echoes the request and nothing else',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, request }) =>
              !me
                ? refused
                : note?.owner === me.username
                  ? ok(shown(note))
                  : { status: 404, body: { error: 'not found', path: request.path } },
          },
        },
      }),
      exampleApi({
        title: 'A log-in page with status 200',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) =>
              me && note?.owner === me.username
                ? ok(shown(note))
                : { status: 200, headers: { 'content-type': 'text/html' }, body: '<form><input type="password"></form>' },
          },
        },
      }),
      exampleApi({
        title: "The id is ignored: everybody gets a note of one's own",
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, notes }) => {
              const own = notes.find((note) => note.owner === me?.username);
              return !me ? refused : own ? ok(shown(own)) : missing;
            },
          },
        },
      }),
      exampleApi({
        title: 'Rate limit: strangers are told to slow down',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) =>
              !me ? refused : note?.owner === me.username ? ok(shown(note)) : { status: 429, body: { error: 'too many requests' } },
          },
        },
      }),
      exampleApi({
        title: 'Rate limit: notes are public, and the anonymous caller is told to slow down',
        routes: {
          'GET /notes': { secured: true, reply: ({ me }) => (me ? ok([]) : refused) },
          'GET /notes/{id}': {
            secured: false,
            reply: ({ me, note }) => (!me ? { status: 503, body: { error: 'busy' } } : note ? ok(shown(note)) : missing),
          },
        },
      }),
      exampleApi({
        title: 'Rate limit: notes are shared in a list, and the stranger is told to slow down there',
        routes: {
          'GET /notes': {
            secured: true,
            reply: ({ me, notes, users }) =>
              !me ? refused : me === users[0] ? ok(notes.map(shown)) : { status: 429, body: { error: 'too many requests' } },
          },
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'A notice that is the same for every id',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me }) => (me ? ok({ notice: 'The notes service moves to a new place on Sunday' }) : refused),
          },
        },
      }),
      exampleApi({
        title: '403 for what others own',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) => (!me ? refused : !note ? missing : note.owner === me.username ? ok(shown(note)) : forbidden),
          },
        },
      }),
    ],
  },
});
