import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgery } from '../forged-token.ts';
import { hmac } from '../hmac.ts';
import { barelyChanged, signedBy, type Forging } from '../jwt.ts';
import { defineCheck } from '../support.ts';
import { jwtHere } from '../token-kinds.ts';

const sqlKey = 'mb7key';
const attempts: readonly (readonly [label: string, kid: string, key: string])[] = [
  ['token whose "kid" is a path to an empty file', '../../../../../../../../dev/null', ''],
  ['token whose "kid" chooses the key by SQL', `mb7none' UNION SELECT '${sqlKey}' -- `, sqlKey],
  ['token whose "kid" is the path of an empty file', '/dev/null', ''],
  [
    'token whose "kid" is a path to a file that is the same everywhere',
    '../../../../../../../../proc/sys/kernel/randomize_va_space',
    '2\n',
  ],
  ['token whose "kid" chooses the key by SQL, in double quotes', `mb7none" UNION SELECT '${sqlKey}' -- `, sqlKey],
  ['token whose "kid" chooses the key by SQL, without quotes', `0 UNION SELECT '${sqlKey}' -- `, sqlKey],
];

/** The same key with a name that leads nowhere: where that is served, it is not the name that decides. */
const forgeries: readonly Forgery[] = attempts.map(([label, kid, key]) => {
  const naming = (name: string): Forging => ({ header: { alg: 'HS256', kid: name }, claims: barelyChanged, sign: signedBy(key) });
  return { label, forging: naming(kid), control: naming('mb7none') };
});

export default defineCheck({
  id: 'key-id-injection',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'The "kid" of a token reads a file or a table of its own choice',
    risk: 'The header of a token is not verified yet when "kid" is used: whoever points it at a file or a row that is known signs tokens for every account.',
    remedy: 'Look "kid" up in a fixed table of keys, and refuse what is not in it; never make a path or a query of it.',
    cwe: [347, 22, 89],
    owasp: 'API2:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, () => forgeries),
  judge: (subject, results): Verdict => judgeForgeries(subject, results, () => forgeries, 'The "kid" of a token decides what its key is.'),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key is read from the file that "kid" names',
        tokens: { header: { kid: 'main.key' } },
        verify: ({ header, signed, signature, expected }) =>
          String(header['kid']).endsWith('/dev/null') ? signature === hmac('HS256', '', signed) : signature === expected,
      }),
      exampleApi({
        title: 'The key is selected by a query that "kid" is a part of',
        tokens: { header: { kid: '1' } },
        verify: ({ header, signed, signature, expected }) => {
          const selected = /UNION SELECT '(\w+)'/.exec(String(header['kid']))?.[1];
          return signature === (selected === undefined ? expected : hmac('HS256', selected, signed));
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Keys are looked up in a table', tokens: { header: { kid: 'main' } } }),
      exampleApi({ title: 'Tokens have no "kid", and one is ignored' }),
      exampleApi({
        title: 'An unknown "kid" turns the verification off: not a matter of which key it is',
        tokens: { header: { kid: 'main' } },
        verify: ({ header, signature, expected }) => header['kid'] !== 'main' || signature === expected,
      }),
      exampleApi({ title: 'The key is empty, whatever "kid" says: reported as weak-token-secret', tokens: { secret: '' } }),
      exampleApi({ title: 'Nothing is verified: reported as any-credential-accepted', verify: () => true }),
      ...tokenHazards(),
    ],
  },
});
