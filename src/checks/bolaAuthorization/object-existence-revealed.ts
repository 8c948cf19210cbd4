import { isServed, meaningOf } from '../../model/answer.ts';
import type { ObjectSubject } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { leaves } from '../../model/json.ts';
import { exampleApi, forbidden, missing, ok, refused, shown } from '../example-api.ts';
import { absentValues, asCaller, bodyOf, defineCheck, first, markersIn, markersOf, namesOf, sees } from '../support.ts';

export default defineCheck({
  id: 'object-existence-revealed',
  category: 'bolaAuthorization',
  severity: 'low',
  docs: {
    title: 'Refusals tell which objects of others exist',
    risk: 'A caller who is rightly refused still learns which ids are taken, because an object of someone else is refused in other words than one that does not exist. That makes enumeration and targeted attacks cheaper.',
    remedy:
      'Answer the same status and the same body for "not yours" and "not there": look the object up by id and owner together, so that both cases are one.',
    cwe: [204, 203],
    owasp: 'API1:2023',
  },
  needs: ['second-identity'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) => subject.access.baseline?.answers.every(isServed) === true && isSecretKey(subject),
  plan: (subject) => ({
    stranger: [asCaller(subject, subject.stranger)],
    again: [asCaller(subject, subject.stranger)],
    absent: [asCaller(subject, subject.stranger, absentValues(subject.access, subject.world.token, 1))],
    otherAbsent: [asCaller(subject, subject.stranger, absentValues(subject.access, subject.world.token, 2))],
  }),
  judge: (subject, results) => {
    const stranger = first(results.stranger);
    const absent = first(results.absent);
    const otherAbsent = first(results.otherAbsent);
    if (stranger?.kind !== 'exchange' || absent?.kind !== 'exchange' || otherAbsent?.kind !== 'exchange')
      return { outcome: 'inconclusive', why: 'a refusal got no answer' };
    const meanings = [stranger, absent, otherAbsent].map(meaningOf);
    if (meanings.some((meaning) => meaning === 'busy' || meaning === 'failed'))
      return { outcome: 'inconclusive', why: 'the target was busy or failed' };
    if (meanings[0] === 'served' || markersIn(stranger, markersOf(subject.world, subject.owner)).length > 0)
      return { outcome: 'pass', why: 'the object itself is served' };
    if (meanings[1] === 'served') return { outcome: 'pass', why: 'absent objects are served too' };
    if (refusal(absent) !== refusal(otherAbsent)) return { outcome: 'inconclusive', why: 'two absent ids are refused in different words' };
    if (refusal(stranger) === refusal(absent)) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `An object of ${subject.owner} is refused to ${subject.stranger ?? ''} with ${describe(stranger)}, one that does not exist with ${describe(absent)}.`,
      exhibits: [
        { label: 'a stranger asks for an object that exists', answer: stranger },
        { label: 'a stranger asks for one that does not', answer: absent },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: '403 for what others own, 404 for what is not there',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) => (!me ? refused : !note ? missing : note.owner === me.username ? ok(shown(note)) : forbidden),
          },
        },
      }),
      exampleApi({
        title: 'The same status with different words',
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
                    : { status: 404, body: { error: 'this note is private' } },
          },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'The same refusal for both' }),
      exampleApi({
        title: 'Refusals that name the id that was asked for',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, path }) =>
              !me
                ? refused
                : note?.owner === me.username
                  ? ok(shown(note))
                  : { status: 404, body: { error: `no note ${path['id'] ?? ''}` } },
          },
        },
      }),
      exampleApi({
        title: 'The objects are listed to everybody, so that they exist is no secret',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(({ id, title }) => ({ id, title }))) : refused) },
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) => (!me ? refused : !note ? missing : note.owner === me.username ? ok(shown(note)) : forbidden),
          },
        },
      }),
    ],
  },
});

/** False when the stranger is shown the object's name or contents anyway. */
function isSecretKey({ world, access, stranger }: ObjectSubject): boolean {
  if (access.object.type === 'user') return false;
  const texts = [...access.object.markers.map((marker) => marker.value), ...namesOf(access.object).filter((key) => key.length >= 8)];
  return !texts.some((text) => sees(world, stranger, text) || sees(world, null, text));
}

/** Status and words of a refusal, without the id that it repeats and without times and request ids. */
function refusal(answer: Answer): string {
  if (answer.kind !== 'exchange') return '';
  const ids = answer.request.path
    .split(/[/?&=]/)
    .filter((part) => part.length >= 2)
    .flatMap((part) => [part, safeDecode(part)]);
  const clean = (value: string): string =>
    ids.reduce((text, id) => text.replaceAll(id, ''), value).replaceAll(/\d[\d:.TZ-]{5,}|[0-9a-f]{8,}/gi, '');
  const json = jsonOf(answer.response);
  const body =
    json === undefined
      ? clean(bodyOf(answer))
      : leaves(json, 200)
          .map((leaf) => `${leaf.pointer}=${clean(String(leaf.value))}`)
          .join('\n');
  return `${answer.response.status}\n${body}`;
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function describe(answer: Answer): string {
  if (answer.kind !== 'exchange') return 'silence';
  const body = answer.response.body.trim();
  return `${answer.response.status}${body === '' ? '' : ` ${body.slice(0, 80)}`}`;
}
