import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Probes, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import type { World } from '../../model/world.ts';
import { garbled, rewriting } from '../credential-probes.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { keyOf, signedWithKnownKey } from '../known-key.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, tokenPlaces, type LentJwt } from '../token-kinds.ts';

const nobody = 'mb7-another-audience';
const broken = rewriting('credential garbled', garbled);

export default defineCheck({
  id: 'wrong-audience-accepted',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'A token that was made for another application is accepted',
    risk: 'Whoever runs another application of the same identity provider, or takes a token from one, is logged in here as its users.',
    remedy:
      'Compare "aud" with the name of this API at each verification (PyJWT: jwt.decode(…, audience="…"); jsonwebtoken: { audience }). With tokens of a provider that others use too, verify that nobody else’s client id is in them.',
    cwe: [287, 345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject)?.jwt.claims['aud'] !== undefined,
  plan: (subject) => {
    const lent = jwtHere(subject);
    if (lent && keyOf(subject.world, lent) !== undefined) return forgeryProbes(subject, forgeriesBy(subject.world));
    return lent ? relayProbes(subject.world, lent) : {};
  },
  judge: (subject, results): Verdict => {
    const { world } = subject;
    const lent = jwtHere(subject);
    if (lent && keyOf(world, lent) !== undefined)
      return judgeForgeries(subject, results, forgeriesBy(world), 'The audience of tokens is not looked at.');
    const other = lent && forElsewhere(world, lent);
    if (!lent || !other)
      return { outcome: 'skipped', why: 'it needs the key of the tokens, or a token of another audience (--auth twice)' };
    return relayed(lent, other, results);
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key is known, and the audience is not looked at',
        tokens: { secret: 'secret', claims: () => ({ aud: 'notes' }) },
        verify: ({ signature, expected, expired }) => signature === expected && !expired,
      }),
      exampleApi({
        title: 'Two people have tokens for two applications, and both are served',
        tokens: { claims: (user) => ({ aud: (user?.id ?? 0) % 2 === 0 ? 'notes' : 'pictures' }) },
      }),
    ],
    safe: [
      exampleApi({
        title: 'The key is known, and the audience is compared',
        tokens: { secret: 'secret', claims: () => ({ aud: 'notes' }) },
        verify: ({ signature, expected, claims }) => signature === expected && claims['aud'] === 'notes',
      }),
      exampleApi({ title: 'The key is not known, and all tokens are for one audience', tokens: { claims: () => ({ aud: 'notes' }) } }),
      exampleApi({
        title: 'Two audiences with one in common',
        tokens: { claims: (user) => ({ aud: ['notes', String(user?.username)] }) },
      }),
      exampleApi({
        title: 'Nothing is verified: reported as any-credential-accepted',
        tokens: { claims: (user) => ({ aud: String(user?.username) }) },
        verify: () => true,
      }),
      exampleApi({ title: 'Tokens have no audience', tokens: { secret: 'secret' } }),
      ...tokenHazards({
        tokens: { secret: 'secret', claims: () => ({ aud: 'notes' }) },
        verify: ({ signature, expected, claims }) => signature === expected && claims['aud'] === 'notes',
      }),
    ],
  },
});

function forgeriesBy(world: World): Forgeries {
  const change = (claims: JsonObject): JsonObject => ({ ...claims, aud: Array.isArray(claims['aud']) ? [nobody] : nobody });
  return signedWithKnownKey(world, 'token made for another audience', change, { keepsName: true });
}

/** Somebody whose token comes from the same issuer and is for nobody that this one is for. */
function forElsewhere(world: World, { identity, jwt }: LentJwt): LentJwt | undefined {
  const own = new Set(audiencesOf(jwt.claims));
  for (const each of world.lent ?? []) {
    const audiences = each.jwt ? audiencesOf(each.jwt.claims) : [];
    const isSameIssuer = each.jwt?.claims['iss'] === jwt.claims['iss'];
    if (each.jwt && each.identity !== identity && isSameIssuer && audiences.length > 0 && !audiences.some((audience) => own.has(audience)))
      return { ...each, jwt: each.jwt };
  }
  return undefined;
}

function audiencesOf({ aud }: JsonObject): readonly string[] {
  return aud === undefined ? [] : [aud].flat().map(String);
}

function relayProbes(world: World, lent: LentJwt): Probes {
  const [place] = tokenPlaces(world);
  const other = forElsewhere(world, lent);
  if (!place || !other) return {};
  const call = { ...place.call, as: other.identity };
  return { relay: [{ ...place.call, as: null }, place.call, call, { ...call, tamper: broken }] };
}

function relayed(lent: LentJwt, other: LentJwt, results: Readonly<Record<string, readonly Answer[]>>): Verdict {
  const [anonymous, genuine, elsewhere, wrong] = results['relay'] ?? [];
  if (!anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine) || !elsewhere || !wrong || !isDenied(wrong))
    return { outcome: 'inconclusive', why: 'the genuine token is not served, or a wrong signature is' };
  if (!isServed(elsewhere)) return { outcome: 'pass' };
  const [one, two] = [lent, other].map(({ jwt }) => audiencesOf(jwt.claims).join(' and '));
  return {
    outcome: 'fail',
    confidence: 'tentative',
    proof: `A token made for "${one}" is served here, and one of the same issuer made for "${two}" is served, too. Unless this API answers to both names, one of them was made for another application.`,
    exhibits: [
      { label: `with a token for "${two}"`, answer: elsewhere },
      { label: `with a token for "${one}"`, answer: genuine },
      { label: 'with a wrong signature', answer: wrong },
    ],
  };
}
