import type { OperationSubject, Probes, Verdict } from '../../model/check.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { assignmentOf, judgeAssignment } from '../assignments.ts';
import { exampleApi, flag, missing, ok, refused, signUp, text, type ExampleContext, type ExampleRoute } from '../example-api.ts';
import { defineCheck } from '../support.ts';

const account = { username: text, email: text, password: text };
const profile = (me: ExampleContext['me']): JsonObject => ({
  username: me?.username ?? '',
  admin: me?.admin ?? false,
  plan: 'free',
  ...me?.extra,
});
const registers = (reply: ExampleRoute['reply']): Record<string, ExampleRoute> => ({
  'POST /register': { summary: 'Register', secured: false, body: account, reply },
});
const patchMe = (apply: (me: NonNullable<ExampleContext['me']>, body: JsonObject) => Json): Record<string, ExampleRoute> => ({
  'GET /users/{username}': {
    secured: true,
    reply: ({ me, path }) => (me?.username === path['username'] ? ok(profile(me)) : me ? missing : refused),
  },
  'PATCH /users/{username}': {
    secured: true,
    body: { email: text },
    reply: ({ me, body, path }) => (me && me.username === path['username'] ? ok(apply(me, body)) : me ? missing : refused),
  },
});

/** Everybody changes their own account, in an envelope. */
const updateMe = (apply: (me: NonNullable<ExampleContext['me']>, changes: JsonObject) => void): Record<string, ExampleRoute> => ({
  'GET /user': { secured: true, reply: ({ me }) => (me ? ok({ user: profile(me) }) : refused) },
  'PUT /user': {
    secured: true,
    body: { user: { type: 'object', properties: { email: text, password: text, bio: text, admin: flag } } },
    reply: ({ me, body }) => {
      if (!me) return refused;
      apply(me, isObject(body['user']) ? body['user'] : {});
      return ok({ user: profile(me) });
    },
  },
});

export default defineCheck({
  id: 'property-assignment',
  category: 'propertyAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can set properties that are not theirs to set',
    risk: 'A role, a flag or a balance that the server should decide is taken from the request, so that an ordinary account makes itself an administrator or a richer customer.',
    remedy:
      'Copy the properties that a request may set one by one, or validate it against a schema that lists them and refuses others. Never pass the request body to the model, to setattr or to an update document as a whole.',
    cwe: [915],
    owasp: 'API3:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'write',
  applies: (subject: OperationSubject) => (assignmentOf(subject)?.candidates.length ?? 0) > 0,
  plan: (subject): Probes => {
    const assignment = assignmentOf(subject);
    if (!assignment) throw new Error('property-assignment was planned without a way to read back');
    return { tried: assignment.probes.tried, usual: assignment.probes.usual };
  },
  judge: (subject, results): Verdict => {
    const assignment = assignmentOf(subject);
    return assignment ? judgeAssignment(subject, assignment, results['tried'] ?? [], results['usual'] ?? []) : { outcome: 'pass' };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Whoever signs up decides whether to be an admin',
        routes: registers(({ body, users }) => signUp(users, body, { admin: body['admin'] === true })),
      }),
      exampleApi({
        title: 'So does whoever signs up by a form that leads on to the next page',
        routes: registers(({ body, users }) => {
          const reply = signUp(users, body, { admin: body['admin'] === true });
          return reply.status < 300 && isObject(reply.body) && reply.body['status'] === 'success'
            ? { status: 303, headers: { location: '/welcome' }, body: '' }
            : reply;
        }),
      }),
      exampleApi({
        title: 'An update copies all that it is sent',
        routes: patchMe((me, body) => {
          if (typeof body['admin'] === 'boolean') me.admin = body['admin'];
          if (typeof body['email'] === 'string') me.email = body['email'];
          return profile(me);
        }),
      }),
      exampleApi({
        title: 'An account may make itself an administrator: its own form offers it',
        routes: updateMe((me, changes) => {
          if (typeof changes['bio'] === 'string') me.extra['bio'] = changes['bio'];
          if (typeof changes['admin'] === 'boolean') me.admin = changes['admin'];
        }),
      }),
    ],
    safe: [
      exampleApi({
        title: 'The flag is offered, and an ordinary account cannot set it',
        routes: updateMe((me, changes) => {
          if (typeof changes['bio'] === 'string') me.extra['bio'] = changes['bio'];
        }),
      }),
      exampleApi({ title: 'Extra properties are ignored', routes: patchMe((me) => profile(me)) }),
      exampleApi({
        title: 'Extra properties are refused',
        routes: registers(({ body, users }) =>
          Object.keys(body).some((name) => !(name in account))
            ? { status: 400, body: { error: 'unexpected property' } }
            : signUp(users, body, {}),
        ),
      }),
      exampleApi({
        title: 'The answer echoes what it was sent, and nothing is kept',
        routes: patchMe((me, body) => ({ ...profile(me), ...body })),
      }),
      exampleApi({
        title: 'The flag is a declared property of the request: everybody may set it',
        routes: {
          'POST /register': {
            summary: 'Register',
            secured: false,
            body: { ...account, admin: flag },
            reply: ({ body, users }) => signUp(users, body, { admin: body['admin'] === true }),
          },
        },
      }),
    ],
  },
});
