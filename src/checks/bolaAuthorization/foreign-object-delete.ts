import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { Call } from '../../model/identity.ts';
import type { Operation } from '../../model/operation.ts';
import type { Baseline, MakePlan } from '../../model/world.ts';
import { done, exampleApi, missing, refused, remove } from '../example-api.ts';
import { easeOf } from '../guessing.ts';
import { bodyOf, call, defineCheck, readersOf } from '../support.ts';

export default defineCheck({
  id: 'foreign-object-delete',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can delete an object that belongs to someone else',
    risk: 'Anybody with an account can destroy what belongs to others, one id after another.',
    remedy:
      'Delete by id and owner together, and answer "not found" when nothing was deleted. Put the check where reading and changing have theirs, so that no verb is forgotten.',
    cwe: [639, 285],
    owasp: 'API1:2023',
  },
  needs: ['second-identity', 'write'],
  subject: 'object',
  phase: 'destroy',
  applies: (subject: ObjectSubject) =>
    subject.operation.method === 'DELETE' &&
    subject.access.object.learned === 'made' &&
    sacrifice(subject) !== undefined &&
    readerOf(subject) !== undefined,
  plan: (subject) => {
    const plan = sacrifice(subject);
    const reader = readerOf(subject);
    if (!plan || !reader) throw new Error('foreign-object-delete was planned without a sacrifice or a reader');
    const at = (operation: Operation, as: string | null): NextStep => {
      return (previous) => {
        const object = previous[0] && plan.object(previous[0]);
        const values = object && subject.world.address(operation, object);
        return values ? call(subject.world, operation, values, as) : null;
      };
    };
    const read = 'method' in reader ? at(reader, subject.owner) : reader;
    const clean: NextStep = (previous) =>
      previous[3] && isThere(previous[3], plan) ? at(subject.operation, subject.owner)(previous) : null;
    return { attack: [plan.call, read, at(subject.operation, subject.stranger), read, clean] };
  },
  judge: (subject, { attack }) => {
    const [, before, deletion, after] = attack;
    const plan = sacrifice(subject);
    if (!plan || !before || !isThere(before, plan))
      return { outcome: 'inconclusive', why: 'the object made for the attempt could not be read back by its owner' };
    if (!deletion || deletion.kind === 'silence' || !after || after.kind === 'silence')
      return { outcome: 'inconclusive', why: 'the attempt got no answer' };
    if (isThere(after, plan))
      return { outcome: 'pass', ...(isDenied(deletion) ? {} : { why: 'the answer claims success, and the object is still there' }) };
    if (!isGone(after))
      return { outcome: 'inconclusive', why: 'the owner could not read the object after the attempt, for another reason than its absence' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `${subject.stranger ?? ''} deleted an object that ${subject.owner} had just made: ${subject.owner} could read it before and not after.${easeOf(subject.access)}`,
      exhibits: [
        { label: 'the owner reads it before', answer: before },
        { label: 'a stranger deletes it', answer: deletion },
        { label: 'the owner reads it after', answer: after },
      ],
      replay: 1,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Any note can be deleted by anybody with an account',
        routes: { 'DELETE /notes/{id}': { secured: true, reply: (context) => remove(context, true) } },
      }),
      exampleApi({
        title: 'Notes are only listed, and any can be deleted by anybody with an account',
        routes: {
          'GET /notes/{id}': null,
          'DELETE /notes/{id}': { secured: true, reply: (context) => remove(context, true) },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Only the owner can delete a note' }),
      exampleApi({
        title: '204 without effect for strangers',
        routes: {
          'DELETE /notes/{id}': {
            secured: true,
            reply: (context) =>
              !context.me ? refused : remove(context, context.note?.owner === context.me.username).status === 404 ? done : done,
          },
        },
      }),
      exampleApi({
        title: 'Reading fails now and then: the object is not gone',
        routes: {
          'DELETE /notes/{id}': {
            secured: true,
            reply: (context) => {
              if (context.note) context.note.shared = true;
              return context.me ? missing : refused;
            },
          },
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) =>
              !me
                ? refused
                : note?.shared
                  ? { status: 500, body: { error: 'busy' } }
                  : note?.owner === me.username
                    ? { status: 200, body: { id: note.id, title: note.title, text: note.text } }
                    : missing,
          },
        },
      }),
    ],
  },
});

/** Another object of the type, made for this attempt alone. */
function sacrifice(subject: ObjectSubject): MakePlan | undefined {
  const { object } = subject.access;
  return subject.world.makers
    .find((maker) => maker.type === object.type)
    ?.make(subject.owner, `sacrifice/${subject.operation.id}/${subject.stranger ?? ''}`);
}

/** The GET that reads such an object, else the call that lists such objects for their owner. */
function readerOf({ world, access }: ObjectSubject): Operation | Call | undefined {
  const { object } = access;
  const shows = (baseline: Baseline): boolean => object.markers.some((marker) => bodyOf(baseline.answers[0]).includes(marker.value));
  const item = world.accesses.find(
    ({ object: { id }, slots, baseline }) =>
      id === object.id &&
      baseline?.answers.every(isServed) === true &&
      slots.length === access.slots.length &&
      (object.markers.length === 0 || shows(baseline)),
  )?.operation;
  return item ?? readersOf(world, object).find(({ baseline }) => shows(baseline))?.call;
}

function isThere(answer: Answer, plan: MakePlan): boolean {
  return isServed(answer) && (plan.markers.length === 0 || plan.markers.some((marker) => bodyOf(answer).includes(marker.value)));
}

function isGone(answer: Answer): boolean {
  return isDenied(answer) || isServed(answer);
}
