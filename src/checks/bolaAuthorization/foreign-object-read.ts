import { isServed, meaningOf } from '../../model/answer.ts';
import type { Confidence, ObjectSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { ownerMark } from '../../model/privilege.ts';
import { isPrivateAccountField, isPrivateField } from '../../model/sensitive.ts';
import type { Marker } from '../../model/world.ts';
import { exposures } from '../exposures.ts';
import { exampleApi, forbidden, missing, ok, refused, shown } from '../example-api.ts';
import {
  absentValues,
  asCaller,
  defineCheck,
  first,
  isListOf,
  listed,
  markersIn,
  markersOf,
  namesOf,
  privateValues,
  sameContent,
  sees,
} from '../support.ts';

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
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) => subject.access.baseline?.answers.every(isServed) === true && !isListOf(subject),
  plan: (subject) => ({
    owner: [asCaller(subject, subject.owner)],
    stranger: [asCaller(subject, subject.stranger)],
    absent: [asCaller(subject, subject.stranger, absentValues(subject.access, subject.world.token))],
    anonymous: [asCaller(subject, null)],
  }),
  judge: (subject, results) =>
    judgeForeignRead(subject, first(results.owner), first(results.stranger), first(results.absent), first(results.anonymous)),
  examples: {
    vulnerable: [
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
    ],
    safe: [
      exampleApi({ title: 'Notes are loaded by id and owner' }),
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

/** Whether a stranger got what only the owner may see: by planted markers, else by values that only the owner was seen to get. */
export function judgeForeignRead(
  subject: ObjectSubject,
  owner: Answer | undefined,
  stranger: Answer | undefined,
  absent: Answer | undefined,
  anonymous: Answer | undefined,
): Verdict {
  const { world, access } = subject;
  if (!owner || !isServed(owner)) return { outcome: 'inconclusive', why: 'the owner is no longer served the object' };
  if (!stranger || stranger.kind === 'silence') return { outcome: 'inconclusive', why: 'the stranger got no answer' };
  const planted = markersOf(world, subject.owner).filter((marker) => !sees(world, null, marker.value));
  const candidates = planted.length > 0 ? planted.filter((marker) => !sees(world, subject.stranger, marker.value)) : [];
  const leaked = markersIn(stranger, candidates);
  if (isServed(stranger) && anonymous && isUnanswered(anonymous))
    return { outcome: 'inconclusive', why: 'the anonymous caller got no answer, so it cannot be told whether the object is public' };
  const everybody = markersIn(anonymous, leaked);
  if (leaked.length > 0 && everybody.length === leaked.length)
    return { outcome: 'pass', why: 'everybody may read it, with or without an account' };
  const exhibits = [
    { label: 'the owner reads it', answer: owner },
    { label: 'a stranger reads it', answer: stranger, highlights: leaked.map((marker) => marker.value) },
    ...(anonymous ? [{ label: 'the anonymous caller', answer: anonymous }] : []),
  ];
  if (leaked.length > 0) {
    const confidence = plantedConfidence(subject, leaked, stranger);
    const fields = listed(leaked.map((marker) => marker.field));
    const doubt = confidence === 'tentative' ? ' The object is listed to the stranger too, so this may be meant.' : '';
    return {
      outcome: 'fail',
      confidence,
      proof: `What was planted as ${subject.owner} in ${fields} came back to ${subject.stranger ?? ''}.${doubt}`,
      exhibits,
      replay: 1,
    };
  }
  if (access.object.learned !== 'seen' || (planted.length > 0 && markersIn(owner, planted).length > 0)) return { outcome: 'pass' };
  return judgeByValues(subject, owner, stranger, absent, anonymous, exhibits);
}

/** Told to slow down, or not answered at all: the control is missing. */
function isUnanswered(answer: Answer): boolean {
  return answer.kind === 'silence' || meaningOf(answer) === 'busy';
}

/** Certain, unless all that leaked is of the kind that is shown to others by design. */
function plantedConfidence(subject: ObjectSubject, leaked: readonly Marker[], stranger: Answer): Confidence {
  if (ownerMark(subject.operation) !== undefined || holdsSecrets(subject, stranger)) return 'certain';
  return leaked.some((marker) => isDamning(subject, marker)) ? 'certain' : 'tentative';
}

/** A hash or a key beside what leaked, which nothing shows to the stranger otherwise: whatever else is public, this is not. */
function holdsSecrets({ world, stranger: name }: ObjectSubject, stranger: Answer): boolean {
  return exposures(world, stranger, name).some((exposure) => exposure.confidence === 'certain' && !sees(world, name, exposure.value));
}

function isDamning({ world, owner, stranger }: ObjectSubject, marker: Marker): boolean {
  const object = world.objects.find((candidate) => candidate.owner === owner && candidate.markers.includes(marker));
  if (!object || object.type === 'user') return isPrivateAccountField(marker.field);
  const texts = [...namesOf(object).filter((name) => name.length >= 8), ...object.markers.map((planted) => planted.value)];
  const shownToStranger = texts.some((text) => sees(world, stranger, text) || sees(world, null, text));
  return !shownToStranger || isPrivateField(marker.field);
}

function judgeByValues(
  subject: ObjectSubject,
  owner: Answer,
  stranger: Answer,
  absent: Answer | undefined,
  anonymous: Answer | undefined,
  exhibits: readonly { label: string; answer: Answer; highlights?: readonly string[] }[],
): Verdict {
  const { world, access } = subject;
  const baseline = access.baseline;
  if (!baseline || !isServed(stranger)) return { outcome: 'pass' };
  const values = markersIn(stranger, privateValues(world, baseline, subject.stranger));
  const unshared = values.filter((value) => markersIn(anonymous, [value]).length === 0 && markersIn(absent, [value]).length === 0);
  if (unshared.length === 0) return { outcome: 'pass' };
  if (!sameContent(owner, stranger, baseline.noise)) return { outcome: 'pass', why: 'the stranger is served something else' };
  const account = access.object.type === 'user' && !isListOf(subject) && !unshared.some((value) => isPrivateAccountField(value.field));
  return {
    outcome: 'fail',
    confidence: account ? 'tentative' : 'firm',
    proof: `${subject.stranger ?? ''} gets the same object as ${subject.owner}, with ${listed(unshared.map((value) => value.field))}, which nothing shows to ${subject.stranger ?? ''} otherwise.`,
    exhibits: exhibits.map((exhibit) =>
      exhibit.answer === stranger ? { ...exhibit, highlights: unshared.map((value) => value.value) } : exhibit,
    ),
    replay: 1,
  };
}
