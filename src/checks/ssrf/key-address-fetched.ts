import { isServed } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Probe, Step, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { rewriting } from '../credential-probes.ts';
import { fetchedBy, foldersOf, hostedBy, pointingForgeries, whyNotHosted } from '../key-address.ts';
import { forged } from '../jwt.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, tokenPlaces } from '../token-kinds.ts';

export default defineCheck({
  id: 'key-address-fetched',
  category: 'ssrf',
  severity: 'low',
  docs: {
    title: 'An address in an unverified token is fetched',
    risk: 'Whoever sends a token makes the target call addresses of its choice, in its own network and before anybody is logged in. What the answer is used for decides how bad that is.',
    remedy:
      'Ignore "jku" and "x5u", compare the issuer with a fixed list before anything is fetched, and fetch keys from configured addresses.',
    cwe: [918],
    owasp: 'API7:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => /^(?:RS|PS|ES|Ed)/.test(String(jwtHere(subject)?.jwt.header['alg'])),
  plan: (subject) => {
    const { world } = subject;
    const [place] = tokenPlaces(world);
    const hosted = hostedBy(world);
    const lent = jwtHere(subject);
    if (!place || !hosted || !lent) return {};
    const send = (label: string, change: (token: string) => string): Step => ({ ...place.call, tamper: rewriting(label, change) });
    const forgeries = pointingForgeries(world)(lent);
    const folders = foldersOf(world, String(lent.jwt.header['alg']));
    return Object.fromEntries(
      folders.flatMap(({ name, folder }, index): [string, Probe][] => {
        const forgery = forgeries[index];
        if (!forgery) return [];
        const asking: NextStep = () => ({
          bare: hosted.asking(folder),
          operation: subject.operation.id,
          label: 'what was fetched from us',
        });
        return [[name, [send(forgery.label, (token) => forged(token, forgery.forging)), asking]]];
      }),
    );
  },
  judge: ({ world }, results): Verdict => {
    if (!hostedBy(world)) return { outcome: 'skipped', why: whyNotHosted(world) };
    const fetched = Object.entries(results).find(([, [, told]]) => fetchedBy(told) > 0);
    const [name, [answer, told] = []] = fetched ?? [];
    if (!answer || !told)
      return { outcome: 'pass', why: 'nothing was fetched from an address of ours (a target in a container could not reach it)' };
    if (isServed(answer)) return { outcome: 'pass', why: 'the key that was fetched is accepted, which is a finding of its own' };
    return {
      outcome: 'fail',
      confidence: 'tentative',
      proof: `A refused token named an address of ours as its "${name}", and the target fetched it. It did not take the key; what else it can be made to call was not tried.`,
      exhibits: [
        { label: `a token with an address of ours as its "${name}"`, answer },
        { label: 'what was fetched from us', answer: told },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The address is fetched, and what is there is not used',
        tokens: { rsa: true },
        verify: ({ header, fetch, signature, expected }) => fetch(String(header['jku'])) === 'pinned' || signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'Addresses in tokens are ignored', tokens: { rsa: true } }),
      exampleApi({
        title: 'What is fetched is accepted: reported as key-address-accepted',
        tokens: { rsa: true },
        verify: ({ header, fetch, signature, expected }) => fetch(String(header['jku'])) !== undefined || signature === expected,
      }),
      exampleApi({
        title: 'Addresses are only fetched from a fixed list',
        tokens: { rsa: true },
        verify: ({ header, fetch, signature, expected }) =>
          signature === expected &&
          !(String(header['jku']).startsWith('https://keys.example/') && fetch(String(header['jku'])) === undefined),
      }),
    ],
  },
});
