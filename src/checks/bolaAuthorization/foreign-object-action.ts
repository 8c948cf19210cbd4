import { isDenied, isServed } from '../../model/answer.ts';
import type { ObjectSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { wordsOf } from '../../model/names.ts';
import { sampleOf } from '../../model/sample.ts';
import type { ParameterValues } from '../../model/world.ts';
import { differencesOf, partWith, type Difference } from '../changes-of.ts';
import { done, exampleApi, missing, ok, refused, shown, text, type ExampleContext, type ExampleRoute } from '../example-api.ts';
import type { Reply } from '../../model/example.ts';
import { easeOf } from '../guessing.ts';
import { isThere, sacrificeOf } from '../sacrifice.ts';
import { absentValues, asCaller, defineCheck, listed, namesOf, sees } from '../support.ts';

export default defineCheck({
  id: 'foreign-object-action',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can act on an object that belongs to someone else',
    risk: 'Anybody with an account can cancel, approve, publish or hand over what belongs to others. Actions are the operations whose checks are forgotten first, because reading and changing have theirs.',
    remedy:
      'Load the object of an action by its id and its owner together, as reading does, and answer "not found" when there is none, before anything is done with it.',
    cwe: [639, 862],
    owasp: 'API1:2023',
  },
  needs: ['second-identity', 'write'],
  yieldsTo: ['permission-violated', 'privileged-operation-open'],
  subject: 'object',
  phase: 'destroy',
  applies: (subject: ObjectSubject) =>
    isAction(subject) &&
    subject.access.object.learned === 'made' &&
    subject.access.object.markers.length > 0 &&
    !isShown(subject) &&
    sacrificeOf(subject, 'act') !== undefined,
  plan: (subject) => {
    const { operation, stranger } = subject;
    const victim = sacrificeOf(subject, 'act');
    const twin = sacrificeOf(subject, 'act-twin', 1);
    if (!victim || !twin) throw new Error('foreign-object-action was planned without a sacrifice');
    const withBody = (values: ParameterValues): ParameterValues => ({ ...values, ...actionBody(subject, values) });
    return {
      attack: [
        victim.make,
        twin.make,
        victim.read,
        twin.read,
        // What an action on nothing changes, and what changes by itself, is not the stranger's doing.
        asCaller(subject, stranger, withBody(absentValues(subject.access, subject.world.token))),
        victim.read,
        victim.at(operation, stranger, withBody),
        victim.read,
        twin.read,
        victim.readAs(stranger),
      ],
    };
  },
  judge: (subject, { attack }) => judgeAction(subject, attack),
  examples: {
    vulnerable: [
      exampleApi({ title: 'Any note can be shared by anybody with an account', routes: { 'POST /notes/{id}/share': sharing(() => true) } }),
      exampleApi({
        title: 'The note to share is named in the body, and its owner is compared with nobody',
        routes: { 'POST /notes/share': { ...sharing(() => true), body: { note_id: { type: 'integer' } } } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Only the owner can share a note',
        routes: { 'POST /notes/{id}/share': sharing((me, owner) => me === owner) },
      }),
      exampleApi({
        title: '204 without effect for strangers',
        routes: {
          'POST /notes/{id}/share': {
            secured: true,
            reply: (context) => (share(context, (me, owner) => me === owner).status === 401 ? refused : done),
          },
          'GET /notes/{id}': showing((me, owner) => me === owner),
        },
      }),
      exampleApi({
        title: 'Notes change by themselves with each request',
        routes: {
          'POST /notes/{id}/share': sharing((me, owner) => me === owner),
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, request, notes }) => {
              notes.forEach((each) => (each.text = `${each.text}.`));
              return !me ? refused : note?.owner === me.username ? ok({ ...shown(note), seen: request.headers.length }) : missing;
            },
          },
        },
      }),
      exampleApi({
        title: 'Everybody sees every note, and may like it',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(withShared)) : refused) },
          'GET /notes/{id}': showing(() => true),
          'POST /notes/{id}/like': { secured: true, reply: (context) => share(context, () => true) },
        },
      }),
      exampleApi({
        title: 'Whoever has the link may read a note and like it',
        routes: {
          'GET /notes/{id}': showing(() => true),
          'POST /notes/{id}/like': { secured: true, reply: (context) => share(context, () => true) },
        },
      }),
    ],
  },
});

type Allowed = (me: string, owner: string) => boolean;

function share({ me, note, notes, body }: ExampleContext, allowed: Allowed): Reply {
  const wanted = note ?? notes.find((candidate) => candidate.id === body['note_id']);
  if (!me) return refused;
  if (!wanted || !allowed(me.username, wanted.owner)) return missing;
  wanted.shared = true;
  wanted.text = `${wanted.text} (shared)`;
  return done;
}

function sharing(allowed: Allowed): ExampleRoute {
  return { secured: true, body: { reason: text }, reply: (context) => share(context, allowed) };
}

const withShared = (note: ExampleContext['notes'][number]): ReturnType<typeof shown> => ({ ...shown(note), shared: note.shared });

function showing(allowed: Allowed): ExampleRoute {
  return {
    secured: true,
    reply: ({ me, note }) => (!me ? refused : note && allowed(me.username, note.owner) ? ok(withShared(note)) : missing),
  };
}

const ownVerbs = /^(?:update|edit|change|modify|rename|delete|remove)$/;
const reactions =
  /^(?:like|unlike|vote|upvote|downvote|star|follow|unfollow|comment|rate|review|report|flag|favou?rite|bookmark|subscribe|watch|view|join|read|seen)s?$/;

/** True for an operation that does something with an object of which no other check tells: neither a change of its text nor a deletion. */
function isAction({ operation, access, world }: ObjectSubject): boolean {
  const { method, path } = operation;
  if (!/^(?:POST|PUT|PATCH)$/.test(method) || access.slots.length === 0 || access.baseline !== undefined) return false;
  if (method !== 'POST' && operation.body) return false;
  if (world.makers.some((maker) => maker.operation.id === operation.id)) return false;
  const verb = wordsOf(lastLiteral(path))[0] ?? '';
  return !ownVerbs.test(verb) && (!path.endsWith('}') || access.slots.some((slot) => slot.in !== 'path'));
}

function lastLiteral(path: string): string {
  return path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{')) ?? '';
}

/** What the body of an action holds beside the id that may stand in it. */
function actionBody({ operation, world }: ObjectSubject, values: ParameterValues): Pick<ParameterValues, 'body'> {
  const schema = operation.body?.contents[0]?.schema;
  if (values.body !== undefined || !schema) return {};
  return { body: sampleOf(schema, { token: world.token, salt: `act/${operation.id}` }).value };
}

/** True when the object is shown to the stranger or to everybody: what may be done with it may be meant. */
function isShown({ world, access: { object }, stranger }: ObjectSubject): boolean {
  const names = [...object.markers.map((marker) => marker.value), ...namesOf(object).filter((name) => name.length >= 8)];
  return names.some((name) => sees(world, stranger, name) || sees(world, null, name));
}

function judgeAction(subject: ObjectSubject, answers: readonly Answer[]): Verdict {
  const [, , first, twinFirst, , before, attack, after, twinLast, strangerReads] = answers;
  const plan = sacrificeOf(subject, 'act')?.plan;
  const twin = sacrificeOf(subject, 'act-twin', 1)?.plan;
  if (!plan || !twin || !before || !isThere(first, plan) || !isThere(before, plan))
    return { outcome: 'inconclusive', why: 'the object made for the attempt could not be read back by its owner' };
  if (!attack || attack.kind === 'silence' || !after || after.kind === 'silence')
    return { outcome: 'inconclusive', why: 'the attempt got no answer' };
  const values = plan.markers.map((marker) => marker.value);
  const twinValues = twin.markers.map((marker) => marker.value);
  const byItself = new Set(
    [...changes(first, before, values), ...changes(twinFirst, twinLast, twinValues)].map((difference) => difference.pointer),
  );
  const isGone = !isThere(after, plan) && (isDenied(after) || isServed(after)) && isThere(twinLast, twin);
  const changed = changes(before, after, values).filter((difference) => !byItself.has(difference.pointer));
  if (!isGone && changed.length === 0)
    return { outcome: 'pass', ...(isDenied(attack) ? {} : { why: 'the answer claims success, and nothing changed' }) };
  const isReadable = isThere(strangerReads, plan);
  const isReaction = wordsOf(lastLiteral(subject.operation.path)).some((word) => reactions.test(word));
  if (isReadable && isReaction) return { outcome: 'pass', why: 'the stranger may read it, and this is what readers do' };
  const what = isGone ? 'it was gone' : `${listed(changed.map(({ pointer }) => pointer.split('/').at(-1) ?? ''))} had changed`;
  const doubt = isReadable ? ' The stranger may read it too, so that this may be meant.' : '';
  return {
    outcome: 'fail',
    confidence: isReadable ? 'firm' : 'certain',
    proof: `${subject.stranger ?? ''} acted on an object that ${subject.owner} had just made, and when ${subject.owner} read it again, ${what}; another one, left alone, stayed as it was.${doubt}${easeOf(subject.access)}`,
    exhibits: [
      { label: 'the owner reads it before', answer: before },
      { label: 'a stranger acts on it', answer: attack },
      { label: 'the owner reads it after', answer: after, highlights: changed.map(({ to }) => to) },
    ],
    replay: 1,
  };
}

function changes(before: Answer | undefined, after: Answer | undefined, values: readonly string[]): Difference[] {
  const [from, to] = [partWith(before, values), partWith(after, values)];
  return from && to ? differencesOf(from, to) : [];
}
