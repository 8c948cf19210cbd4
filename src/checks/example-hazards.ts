import type { ExampleApi } from '../model/example.ts';
import { exampleApi, ok, refused, type ExampleContext } from './example-api.ts';

type Options = Omit<Parameters<typeof exampleApi>[0], 'title' | 'routes'>;
type Routes = NonNullable<Parameters<typeof exampleApi>[0]['routes']>;

const everywhere = (reply: (context: ExampleContext, own: () => ReturnType<typeof ok>) => ReturnType<typeof ok>): Routes => ({
  'GET /me': {
    summary: 'The caller',
    secured: true,
    reply: (context) => reply(context, () => (context.me ? ok({ username: context.me.username, email: context.me.email }) : refused)),
  },
  'GET /notes': {
    summary: 'My notes',
    secured: true,
    reply: (context) => {
      const { me, notes } = context;
      return reply(context, () =>
        me ? ok(notes.filter(({ owner }) => owner === me.username).map(({ id, title }) => ({ id, title }))) : refused,
      );
    },
  },
});

/** Sound APIs whose answers could be taken for an accepted token: the safe examples of every check that forges one. */
export function tokenHazards(options: Options = {}): readonly ExampleApi[] {
  const hazard = (title: string, routes: Routes): ExampleApi => exampleApi({ ...options, title, routes });
  return [
    hazard(
      'Refusals come with status 200',
      everywhere(({ me }, own) => (me ? own() : ok({ success: false, error: 'invalid token' }))),
    ),
    hazard(
      'Refusals send to the log-in page',
      everywhere(({ me }, own) => (me ? own() : { status: 302, headers: { location: '/login' } })),
    ),
    hazard(
      'Everything is served to everybody, with a token or without',
      everywhere(() => ok({ headline: 'Nothing happened today', edition: 1204 })),
    ),
    hazard(
      'The token is repeated to whoever sends one',
      everywhere(({ token }) => ok({ you_sent: token, welcome: 'to the echo' })),
    ),
    hazard(
      'Nobody is let in, whatever the token',
      everywhere(() => refused),
    ),
    hazard(
      'After a while everybody has to wait',
      everywhere(({ revoked }, own) => {
        revoked.add(`visit ${revoked.size}`);
        return revoked.size > 14 ? { status: 429, body: { error: 'slow down' }, headers: { 'retry-after': '60' } } : own();
      }),
    ),
  ];
}
