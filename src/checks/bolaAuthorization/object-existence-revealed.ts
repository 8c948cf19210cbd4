import { isServed, meaningOf } from '../../model/answer.ts';
import type { ObjectSubject } from '../../model/check.ts';
import { jsonOf, type Answer, type Exchange } from '../../model/http.ts';
import { leaves, parseJson } from '../../model/json.ts';
import { exampleApi, forbidden, missing, ok, refused, shown, text } from '../example-api.ts';
import { absentValues, asCaller, defineCheck, first, markersIn, markersOf, namesOf, sees } from '../support.ts';

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
    const known = [refusal(absent), refusal(otherAbsent)] as const;
    if (absent.response.status !== otherAbsent.response.status || !sameParts(...known))
      return { outcome: 'inconclusive', why: 'two absent ids are refused in different words' };
    if (stranger.response.status === absent.response.status && isLike(refusal(stranger), known)) return { outcome: 'pass' };
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
        title: 'Refusals that repeat the body, in which the id stands',
        routes: {
          'GET /notes/{id}': null,
          'POST /notes/lookup': {
            secured: true,
            body: { note_id: text },
            reply: ({ me, notes, body }) => {
              const note = notes.find(({ id }) => String(id) === String(body['note_id']));
              return !me
                ? refused
                : note?.owner === me.username
                  ? ok(shown(note))
                  : { status: 404, body: { error: 'not found', received: body } };
            },
          },
        },
      }),
      exampleApi({
        title: 'Refusals that repeat the request and carry a request id',
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, request, path }) => {
              if (!me) return refused;
              if (note?.owner === me.username) return ok(shown(note));
              const requestId = [...(path['id'] ?? '')].map((digit) => 'qwertyuiop'.charAt(Number(digit))).join('');
              return { status: 404, body: { error: 'not found', path: request.path, request_id: requestId } };
            },
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

/** The words of a refusal by where they stand, without the id that it repeats and without times and request ids. */
function refusal({ request, response }: Exchange): ReadonlyMap<string, string> {
  // The longest first: what is left of an id after its first word is taken out would differ from id to id.
  const ids = [request.path, ...request.path.split(/[/?&=]/), ...told(request)]
    .flatMap((part) => [part, safeDecode(part)])
    .filter((part) => part !== '')
    .sort((left, right) => right.length - left.length);
  const clean = (value: string): string => ids.reduce(without, value).replaceAll(/\d[\d:.TZ-]{5,}|[0-9a-f]{8,}/gi, '');
  const json = jsonOf(response);
  if (json === undefined) return new Map([['', clean(response.body)]]);
  return new Map(leaves(json, 200).map((leaf) => [leaf.pointer, clean(String(leaf.value))]));
}

/** What a request says beside its path: the values of its body, and of headers of its own. */
function told({ headers, body = '' }: Exchange['request']): string[] {
  const json = parseJson(body);
  const values = json === undefined ? [...new URLSearchParams(body).values()] : leaves(json, 200).map((leaf) => String(leaf.value));
  return [
    ...values,
    ...headers.flatMap(([name, value]) => (/^x-/i.test(name) ? [value] : /^cookie$/i.test(name) ? value.split(/[;=] ?/) : [])),
  ];
}

/** A text without an id; a short one is taken out only where it stands alone. */
function without(text: string, id: string): string {
  if (id.length >= 4) return text.replaceAll(id, '');
  const literal = id.replaceAll(/[^A-Za-z0-9]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, 'g'), '');
}

type Words = ReadonlyMap<string, string>;

function sameParts(one: Words, other: Words): boolean {
  return one.size === other.size && [...one.keys()].every((pointer) => other.has(pointer));
}

/** True for a refusal in the words of two others; where those differ from each other (a request id), anything will do. */
function isLike(words: Words, [one, other]: readonly [Words, Words]): boolean {
  return sameParts(words, one) && [...one].every(([pointer, text]) => text !== other.get(pointer) || words.get(pointer) === text);
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
