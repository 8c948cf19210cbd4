import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { isDeleting } from '../../model/verbs.ts';
import { attemptsOf, withParents } from '../attempts.ts';
import { done, exampleApi, missing, number, refused, remove, type ExampleRoute } from '../example-api.ts';
import { sharedByDesign } from '../example-sharing.ts';
import { easeOf } from '../guessing.ts';
import { isThere, sacrificeOf } from '../sacrifice.ts';
import { defineCheck } from '../support.ts';

/** Deletes the note that the body names. */
function inBody(allowed: (me: string, owner: string) => boolean): ExampleRoute {
  return {
    secured: true,
    body: { note_id: number },
    reply: (context) => {
      const note = context.notes.find((candidate) => candidate.id === context.body['note_id']);
      return remove({ ...context, note }, note !== undefined && allowed(context.me?.username ?? '', note.owner));
    },
  };
}

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
  yieldsTo: ['permission-violated', 'privileged-operation-open'],
  subject: 'object',
  phase: 'destroy',
  applies: (subject: ObjectSubject) =>
    isDeleting(subject.operation) &&
    subject.access.slots.length > 0 &&
    subject.access.object.learned === 'made' &&
    sacrificeOf(subject, 'sacrifice') !== undefined,
  plan: (subject) => {
    const sacrifice = sacrificeOf(subject, 'sacrifice');
    if (!sacrifice) throw new Error('foreign-object-delete was planned without a sacrifice');
    const { make, read, at, plan } = sacrifice;
    const { operation, owner, stranger } = subject;
    const { ownParent } = attemptsOf(subject);
    const ifThere = (next: NextStep): NextStep => {
      return (previous) => (isThere(previous[3], plan) ? next(previous) : null);
    };
    const underOwn = ownParent
      ? [ifThere(at(operation, stranger, (values) => withParents(values, subject.access, ownParent.values))), read]
      : [];
    const clean: NextStep = (previous) => (isThere(previous.at(-1), plan) ? at(operation, owner)(previous) : null);
    return { attack: [make, read, at(operation, stranger), read, ...underOwn, clean] };
  },
  judge: (subject, { attack }) => {
    const sacrifice = sacrificeOf(subject, 'sacrifice');
    const before = attack[1];
    const { ownParent } = attemptsOf(subject);
    const isSecond = sacrifice !== undefined && ownParent !== undefined && isThere(attack[3], sacrifice.plan);
    const [deletion, after] = isSecond ? [attack[4], attack[5]] : [attack[2], attack[3]];
    if (!sacrifice || !isThere(before, sacrifice.plan) || !before)
      return { outcome: 'inconclusive', why: 'the object made for the attempt could not be read back by its owner' };
    if (!deletion || deletion.kind === 'silence' || !after || after.kind === 'silence')
      return { outcome: 'inconclusive', why: 'the attempt got no answer' };
    if (isThere(after, sacrifice.plan))
      return { outcome: 'pass', ...(isDenied(deletion) ? {} : { why: 'the answer claims success, and the object is still there' }) };
    if (!isGone(after))
      return { outcome: 'inconclusive', why: 'the owner could not read the object after the attempt, for another reason than its absence' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `${subject.stranger ?? ''} deleted an object that ${subject.owner} had just made${isSecond ? `, ${ownParent.how}` : ''}: ${subject.owner} could read it before and not after.${easeOf(subject.access)}`,
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
      exampleApi({
        title: 'The note to delete is named in the body, and its owner is compared with nobody',
        routes: { 'DELETE /notes/{id}': null, 'POST /notes/delete': inBody(() => true) },
      }),
      exampleApi({
        title: 'The owner in the path is compared with the caller, and the note with nothing',
        routes: {
          'DELETE /notes/{id}': null,
          'DELETE /users/{username}/notes/{id}': {
            secured: true,
            reply: (context) => (context.path['username'] === context.me?.username ? remove(context, true) : missing),
          },
        },
      }),
    ],
    safe: [
      ...sharedByDesign,
      exampleApi({ title: 'Only the owner can delete a note' }),
      exampleApi({
        title: 'The note to delete is named in the body, and its owner is compared with the caller',
        routes: { 'DELETE /notes/{id}': null, 'POST /notes/delete': inBody((me, owner) => me === owner) },
      }),
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

function isGone(answer: Answer): boolean {
  return isDenied(answer) || isServed(answer);
}
