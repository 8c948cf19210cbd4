import { isServed } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Probes, Verdict } from '../../model/check.ts';
import { hasContent } from '../trial-read.ts';
import { exampleApi, missing, ok, refused, shown, type ExampleRoute } from '../example-api.ts';
import { call, defineCheck } from '../support.ts';
import { accessAt, describes, optionsCall, undescribedIn, undescribedOperation } from '../undescribed-methods.ts';

const options = (allow: string): ExampleRoute => ({ undescribed: true, reply: () => ({ status: 200, headers: { allow } }) });
const thumbnail = {
  'PUT /notes/{id}/cover': { secured: true, body: {}, reply: ({ me, note }) => (me && note ? ok({ id: note.id }) : missing) },
} satisfies Record<string, ExampleRoute>;

export default defineCheck({
  id: 'undescribed-method-served',
  category: 'inventoryManagement',
  severity: 'low',
  docs: {
    title: 'A path serves a method that its description does not have',
    risk: 'What is not described is not reviewed, not tested and not guarded with the rest: leftovers of older versions and of debugging stay open.',
    remedy:
      'Describe the method, or take its route out. Have the routes of the application compared with the description when it is built.',
    cwe: [1059, 749],
    owasp: 'API9:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => !describes(subject, 'GET') && optionsCall(subject) !== undefined,
  plan: (subject): Probes => {
    const asked = optionsCall(subject);
    if (!asked) throw new Error('undescribed-method-served was planned without a path');
    const read: NextStep = ([listed]) => {
      if (undescribedIn(subject, listed, ['GET']).length === 0) return null;
      const access = accessAt(subject);
      return call(subject.world, undescribedOperation(subject, 'GET'), access?.values ?? {}, asked.as);
    };
    return { undescribed: [asked, read] };
  },
  judge: (subject, results): Verdict => {
    const [listed, answer] = results['undescribed'] ?? [];
    if (!listed || listed.kind === 'silence') return { outcome: 'inconclusive', why: 'the question which methods there are got no answer' };
    if (undescribedIn(subject, listed, ['GET']).length === 0) return { outcome: 'pass' };
    if (!answer || answer.kind === 'silence') return { outcome: 'inconclusive', why: 'GET got no answer' };
    if (!isServed(answer) || !hasContent(answer)) return { outcome: 'pass', why: 'GET is listed, and gives nothing' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `The path lists GET among its methods and serves it (${answer.response.status}); the description does not have it.`,
      exhibits: [
        { label: 'GET, which is not described', answer },
        { label: 'the methods that the path lists', answer: listed },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A note may be changed and deleted, so it is described, and it is shown, too',
        routes: {
          'OPTIONS /notes/{id}': options('GET, HEAD, OPTIONS, PUT, DELETE'),
          'GET /notes/{id}': {
            undescribed: true,
            reply: ({ me, note }) => (!me ? refused : note?.owner === me.username ? ok(shown(note)) : missing),
          },
        },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Only what is described is listed',
        routes: { 'OPTIONS /notes/{id}': options('GET, HEAD, OPTIONS, PUT, DELETE') },
      }),
      exampleApi({
        title: 'The list is a stock phrase, and the method is refused',
        routes: {
          ...thumbnail,
          'OPTIONS /notes/{id}/cover': options('GET, HEAD, POST, PUT, PATCH, DELETE'),
          'GET /notes/{id}/cover': { undescribed: true, reply: () => ({ status: 405, body: { error: 'method not allowed' } }) },
        },
      }),
      exampleApi({
        title: 'The method is there, and needs more than an account',
        routes: {
          ...thumbnail,
          'OPTIONS /notes/{id}/cover': options('GET, PUT'),
          'GET /notes/{id}/cover': { undescribed: true, reply: () => ({ status: 403, body: { error: 'forbidden' } }) },
        },
      }),
      exampleApi({
        title: 'The path falls under another one, which is described',
        routes: {
          'POST /notes/search': { secured: true, body: {}, reply: ({ me }) => (me ? ok([]) : refused) },
          'OPTIONS /notes/search': options('GET, POST, PUT, DELETE'),
          'GET /notes/search': { undescribed: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) },
        },
      }),
      exampleApi({ title: 'The question itself is not answered', routes: { 'OPTIONS /notes/{id}': null } }),
    ],
  },
});
