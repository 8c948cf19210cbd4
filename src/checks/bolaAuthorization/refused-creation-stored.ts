import { isServed, meaningOf } from '../../model/answer.ts';
import type { NextStep, OperationSubject } from '../../model/check.ts';
import type { Call } from '../../model/identity.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { MakePlan } from '../../model/world.ts';
import { created, exampleApi, refused, shown, text, type ExampleRoute } from '../example-api.ts';
import { bodyOf, defineCheck, listed } from '../support.ts';

export default defineCheck({
  id: 'refused-creation-stored',
  category: 'bolaAuthorization',
  severity: 'low',
  docs: {
    title: 'What a refused creation sent is stored all the same',
    risk: 'The caller is told that nothing was made, and something was: half an object that no rule has looked at, that its maker does not know of, and that others may reach by its id.',
    remedy:
      'Check everything before anything is stored, or make the whole creation one transaction that is rolled back when any step of it fails.',
    cwe: [460, 20],
    owasp: 'API8:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'write',
  applies: (subject: OperationSubject) => attemptOf(subject) !== undefined,
  plan: (subject) => {
    const attempt = attemptOf(subject);
    if (!attempt) throw new Error('refused-creation-stored was planned without a creation to spoil');
    const ifRefused: NextStep = ([answer]) => (answer?.kind === 'exchange' && !isServed(answer) ? attempt.list : null);
    return { spoiled: [attempt.call, ifRefused, ifRefused] };
  },
  judge: (subject, { spoiled }) => {
    const attempt = attemptOf(subject);
    const [refusal, list, again] = spoiled;
    if (!attempt || refusal?.kind !== 'exchange') return { outcome: 'inconclusive', why: 'the creation got no answer' };
    if (isServed(refusal)) return { outcome: 'pass', why: `a "${attempt.property}" of another type is accepted` };
    if (meaningOf(refusal) === 'busy') return { outcome: 'inconclusive', why: 'the target was busy' };
    if (!list || !again || !isServed(list) || !isServed(again))
      return { outcome: 'inconclusive', why: 'the list could not be read afterwards' };
    const stored = attempt.kept.filter(({ value }) => [list, again].every((answer) => bodyOf(answer).includes(value)));
    if (stored.length === 0) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `A creation with a "${attempt.property}" of another type was refused with ${refusal.response.status}, and what it held in ${listed(stored.map(({ field }) => field))} is in the list twice after that. It is left there: a refusal does not tell how to remove it.`,
      exhibits: [
        { label: 'the creation is refused', answer: refusal },
        { label: 'the list shows what it held', answer: again, highlights: stored.map(({ value }) => value) },
      ],
    };
  },
  examples: {
    vulnerable: [exampleApi({ title: 'A note is stored first, and looked at afterwards', routes: { 'POST /notes': addNote('after') } })],
    safe: [
      exampleApi({ title: 'Whatever is sent becomes text' }),
      exampleApi({ title: 'A note is looked at first', routes: { 'POST /notes': addNote('before') } }),
      exampleApi({ title: 'The refusal repeats what was sent', routes: { 'POST /notes': addNote('before', true) } }),
      exampleApi({
        title: 'Rate limit: the creation is told to slow down, and nothing is stored',
        routes: { 'POST /notes': addNote('before', false, 429) },
      }),
      exampleApi({ title: 'A refusal as 200 with an error in it', routes: { 'POST /notes': addNote('before', false, 200) } }),
      exampleApi({
        title: 'Notes cannot be listed',
        routes: { 'POST /notes': addNote('after'), 'GET /notes': { secured: true, reply: () => refused } },
      }),
    ],
  },
});

interface Attempt {
  readonly call: Call;
  /** Reads the list in which objects of the kind were seen. */
  readonly list: Call;
  readonly property: string;
  /** The markers that are sent as they should be. */
  readonly kept: MakePlan['markers'];
}

/** A creation that is right but for one property, in the name of somebody whose list shows such objects. */
function attemptOf({ world, operation }: OperationSubject): Attempt | undefined {
  const maker = world.makers.find((each) => each.operation.id === operation.id);
  if (!maker || operation.graphql) return undefined;
  for (const { name } of world.identities) {
    const own = world.objects.filter(({ type, owner, learned }) => type === maker.type && owner === name && learned === 'made');
    const values = own.flatMap(({ markers }) => markers.map(({ value }) => value));
    const shows = world.looks.find(
      ({ as, baseline }) =>
        as === name && baseline.answers.every((answer) => isServed(answer) && values.some((value) => bodyOf(answer).includes(value))),
    );
    const plan = shows && maker.make(name, 'spoiled');
    const spoiled = plan && spoil(plan);
    if (shows && spoiled) return { ...spoiled, list: shows.baseline.call };
  }
  return undefined;
}

/** One property becomes an object where something plain belongs: one without a marker, else the last that has one. */
function spoil({ call, markers, sent }: MakePlan): Omit<Attempt, 'list'> | undefined {
  if (!isObject(sent) || call.request.body !== JSON.stringify(sent)) return undefined;
  const marked = new Set(markers.map(({ field }) => field));
  const plain = Object.keys(sent).filter((name) => !isObject(sent[name]) && !Array.isArray(sent[name]));
  const property = plain.find((name) => !marked.has(name)) ?? plain.findLast((name) => marked.has(name));
  const kept = markers.filter(({ field }) => field !== property);
  if (property === undefined || kept.length === 0) return undefined;
  const body: JsonObject = { ...sent, [property]: { unexpected: [] } };
  return { call: { ...call, request: { ...call.request, body: JSON.stringify(body) } }, property, kept };
}

/** Stores a note whose text has to be a string, which is seen to before or after. */
function addNote(when: 'before' | 'after', echoes = false, status = 400): ExampleRoute {
  return {
    secured: true,
    body: { title: text, text },
    reply: ({ me, notes, body }) => {
      if (!me) return refused;
      const note = { id: 101 + notes.length, owner: me.username, title: String(body['title']), text: String(body['text']), shared: false };
      const isRight = typeof body['title'] === 'string' && typeof body['text'] === 'string';
      if (when === 'after' || isRight) notes.push(note);
      return isRight ? created(shown(note)) : { status, body: { error: 'text must be a string', ...(echoes ? { sent: body } : {}) } };
    },
  };
}
