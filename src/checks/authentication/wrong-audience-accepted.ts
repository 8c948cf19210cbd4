import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Probes, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import type { World } from '../../model/world.ts';
import { garbled, rewriting } from '../credential-probes.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { base64url, hmac } from '../hmac.ts';
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
        title: 'A token for another application of the same provider is served, too',
        ...relaying({ alice: 'notes', bob: 'pictures' }),
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
        title: 'A token for another application is refused',
        ...relaying({ alice: 'notes', bob: 'pictures' }),
        verify: ({ signature, expected, claims }) => signature === expected && claims['aud'] === 'notes',
      }),
      exampleApi({ title: 'Two audiences with one in common', ...relaying({ alice: ['notes', 'alice'], bob: ['notes', 'bob'] }) }),
      exampleApi({ title: 'The audience is the person', ...relaying({ alice: 'alice', bob: 'bob' }) }),
      exampleApi({
        title: 'The log-in itself makes tokens for two audiences',
        tokens: { claims: (user) => ({ aud: (user?.id ?? 0) % 2 === 0 ? 'notes' : 'pictures' }) },
      }),
      exampleApi({
        title: 'Nothing is verified: reported as any-credential-accepted',
        ...relaying({ alice: 'notes', bob: 'pictures' }),
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

/**
 * Somebody whose token comes from the same issuer and is for nobody that this one is for. What the log-in of the target makes is
 * made for the target; and an audience that names the bearer is none.
 */
function forElsewhere(world: World, { identity, jwt }: LentJwt): LentJwt | undefined {
  const own = new Set(audiencesOf(jwt.claims));
  if (world.sessions.get(identity)?.account?.logIn !== undefined || namesBearer(jwt.claims)) return undefined;
  for (const each of world.lent ?? []) {
    const audiences = each.jwt ? audiencesOf(each.jwt.claims) : [];
    const isSameIssuer = each.jwt?.claims['iss'] === jwt.claims['iss'];
    if (
      each.jwt &&
      each.identity !== identity &&
      isSameIssuer &&
      !namesBearer(each.jwt.claims) &&
      audiences.length > 0 &&
      !audiences.some((audience) => own.has(audience))
    )
      return { ...each, jwt: each.jwt };
  }
  return undefined;
}

function audiencesOf({ aud }: JsonObject): readonly string[] {
  return aud === undefined ? [] : [aud].flat().map(String);
}

function namesBearer({ aud, ...claims }: JsonObject): boolean {
  const said = new Set(Object.values(claims).map(String));
  return [aud].flat().every((audience) => said.has(String(audience)));
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

type Options = Pick<Parameters<typeof exampleApi>[0], 'allow' | 'users' | 'identities' | 'tokens' | 'verify'>;

/** An API that takes the tokens of a provider, two of which are lent: each for the audience of its bearer. */
function relaying(audiences: Readonly<Record<string, string | readonly string[]>>): Options {
  const secret = 'rT7-vq2_Lw9xKc4ZbN8sYd3H';
  const part = (json: JsonObject): string => base64url(JSON.stringify(json));
  return {
    allow: 'read',
    users: Object.keys(audiences),
    tokens: { secret },
    identities: Object.entries(audiences).map(([name, aud]) => {
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'https://provider.example', sub: name, aud, exp: 4_100_000_000 })}`;
      return { name, bearer: `${signed}.${hmac('HS256', secret, signed)}` };
    }),
    verify: ({ signature, expected, expired }) => signature === expected && !expired,
  };
}
