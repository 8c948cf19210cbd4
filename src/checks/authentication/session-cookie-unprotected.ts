import type { OperationSubject, Verdict } from '../../model/check.ts';
import { headersOf, type Answer } from '../../model/http.ts';
import type { World } from '../../model/world.ts';
import { exampleApi } from '../example-api.ts';
import { defineCheck } from '../support.ts';

export default defineCheck({
  id: 'session-cookie-unprotected',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'The session cookie can be read by scripts, or travels without encryption',
    risk: 'Without HttpOnly, any script on the page takes the session; without Secure, anybody on the network does. Without SameSite, browsers decide when other sites may use it.',
    remedy:
      'Set session cookies with HttpOnly, Secure and SameSite=Lax (in Flask: SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax").',
    cwe: [1004, 614, 1275],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: ({ world, operation }: OperationSubject) => holder(world, operation.id) !== undefined,
  plan: ({ world, operation }) => {
    const who = holder(world, operation.id);
    const account = who && world.sessions.get(who.identity)?.account;
    if (!account) throw new Error('session-cookie-unprotected was planned without a log-in');
    return { logIn: [{ bare: account.logInWith(account.password), operation: operation.id, label: 'log-in' }] };
  },
  judge: ({ world, operation }, { logIn: [answer] }): Verdict | readonly Verdict[] => {
    const cookies = sessionCookies(answer, holder(world, operation.id)?.cookies ?? []);
    if (!answer || cookies.length === 0) return { outcome: 'inconclusive', why: 'the log-in set no cookie this time' };
    const isEncrypted = world.surface.origin.startsWith('https:');
    const failures = cookies.flatMap(({ name, line }): Verdict[] => {
      const has = (attribute: string): boolean => new RegExp(`;\\s*${attribute}\\b`, 'i').test(line);
      const serious = [...(has('httponly') ? [] : ['HttpOnly']), ...(isEncrypted && !has('secure') ? ['Secure'] : [])];
      const missing = [...serious, ...(has('samesite') ? [] : ['SameSite'])];
      if (missing.length === 0) return [];
      return [
        {
          outcome: 'fail',
          confidence: 'certain',
          severity: serious.length > 0 ? 'low' : 'info',
          proof: `The session cookie "${name}" is set without ${missing.join(' and ')}.`,
          exhibits: [{ label: 'the log-in', answer, highlights: [name] }],
          part: name,
        },
      ];
    });
    return failures.length > 0 ? failures : { outcome: 'pass' };
  },
  examples: {
    vulnerable: [exampleApi({ title: 'Scripts can read the session', tokens: { cookie: { name: 'session', attributes: 'Path=/' } } })],
    safe: [
      exampleApi({ title: 'All is set', tokens: { cookie: { name: 'session', attributes: 'Path=/; HttpOnly; SameSite=Lax' } } }),
      exampleApi({ title: 'No cookies at all' }),
    ],
  },
});

/** An identity that logs in here and whose session is in cookies. */
function holder(world: World, operation: string): { identity: string; cookies: readonly string[] } | undefined {
  return world.lent?.find(({ identity, cookies }) => cookies.length > 0 && world.sessions.get(identity)?.account?.logIn === operation);
}

function sessionCookies(answer: Answer | undefined, names: readonly string[]): { name: string; line: string }[] {
  const lines = answer?.kind === 'exchange' ? headersOf(answer.response.headers, 'set-cookie') : [];
  return lines
    .map((line) => ({ name: line.slice(0, line.indexOf('=')).trim(), line }))
    .filter(({ name }) => names.includes(name) && !/csrf|xsrf/i.test(name));
}
