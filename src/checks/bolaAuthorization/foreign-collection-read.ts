import { isServed } from '../../model/answer.ts';
import type { ObjectSubject } from '../../model/check.ts';
import { exampleApi, missing, number, ok, refused, shown, type ExampleRoute } from '../example-api.ts';
import { sharedByDesign } from '../example-sharing.ts';
import { defineCheck, isListOf } from '../support.ts';
import { foreignReads, isTenantSwitch, judgeForeignReads } from '../foreign-read.ts';

const notesOf = (allowed: (me: string, whose: string) => boolean): ExampleRoute => ({
  summary: 'The notes of somebody',
  secured: true,
  reply: ({ me, path, notes }) => {
    const whose = path['username'] ?? '';
    if (!me) return refused;
    return allowed(me.username, whose) ? ok({ items: notes.filter((note) => note.owner === whose).map(shown) }) : missing;
  },
});

/** Several notes at once, by a list of ids in the body. */
function lookUp(allowed: (owners: readonly string[], me: string) => boolean): ExampleRoute {
  return {
    secured: true,
    body: { ids: { type: 'array', items: number } },
    reply: ({ me, notes, body }) => {
      if (!me) return refused;
      const ids = Array.isArray(body['ids']) ? body['ids'].map(String) : [];
      const found = ids.flatMap((id) => notes.find((note) => String(note.id) === id) ?? []);
      return allowed(
        found.map((note) => note.owner),
        me.username,
      )
        ? ok(found.map(shown))
        : missing;
    },
  };
}

export default defineCheck({
  id: 'foreign-collection-read',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can list the objects of someone else',
    risk: 'One request with the id of another account, tenant or parent object returns everything that belongs to it.',
    remedy:
      'Take the owner from the session instead of from the request. Where the owner must be named, compare it with the caller (or with the tenants that the caller is a member of) before the query runs, and filter the query by it.',
    cwe: [639, 285],
    owasp: 'API1:2023',
  },
  needs: ['second-identity'],
  yieldsTo: ['permission-violated', 'privileged-operation-open'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) =>
    subject.access.baseline?.answers.every(isServed) === true && isListOf(subject) && !isTenantSwitch(subject),
  plan: foreignReads,
  judge: judgeForeignReads,
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The notes of any user are listed to any other',
        routes: { 'GET /users/{username}/notes': notesOf(() => true) },
      }),
      exampleApi({
        title: 'The owner is a query parameter that nobody compares with the caller',
        routes: {
          'GET /search': {
            secured: true,
            query: ['username'],
            reply: ({ me, query, notes }) => (me ? ok(notes.filter((note) => note.owner === query.get('username')).map(shown)) : refused),
          },
        },
      }),
      exampleApi({
        title: 'Of a list of ids the first alone is compared with the caller',
        routes: { 'POST /notes/lookup': lookUp((owners, me) => owners[0] === me) },
      }),
      exampleApi({
        title: 'Notes are looked up by a list of ids, and no owner is compared',
        routes: { 'POST /notes/lookup': lookUp(() => true) },
      }),
    ],
    safe: [
      ...sharedByDesign,
      exampleApi({
        title: 'Of a list of ids all are compared with the caller',
        routes: { 'POST /notes/lookup': lookUp((owners, me) => owners.every((owner) => owner === me)) },
      }),
      exampleApi({ title: 'Only the owner may list', routes: { 'GET /users/{username}/notes': notesOf((me, whose) => me === whose) } }),
      exampleApi({
        title: 'Others get an empty list',
        routes: {
          'GET /users/{username}/notes': {
            secured: true,
            reply: ({ me, path, notes }) =>
              me
                ? ok({ items: notes.filter((note) => note.owner === path['username'] && note.owner === me.username).map(shown) })
                : refused,
          },
        },
      }),
      exampleApi({
        title: 'A public blog: anybody may list the notes of anybody',
        routes: {
          'GET /users/{username}/notes': {
            secured: false,
            reply: ({ path, notes }) => ok({ items: notes.filter((note) => note.owner === path['username']).map(shown) }),
          },
        },
      }),
      exampleApi({
        title: "The parameter is ignored: everybody gets one's own list",
        routes: {
          'GET /users/{username}/notes': {
            secured: true,
            reply: ({ me, notes }) => (me ? ok({ items: notes.filter((note) => note.owner === me.username).map(shown) }) : refused),
          },
        },
      }),
    ],
  },
});
