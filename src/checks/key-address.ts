import type { Answer } from '../model/http.ts';
import { jsonOf } from '../model/http.ts';
import { isObject } from '../model/json.ts';
import type { HostedKeys, World } from '../model/world.ts';
import type { Forgeries, Forgery } from './forged-token.ts';
import { barelyChanged, type Forging } from './jwt.ts';

/** Places in a token that may say where its key is, and what is put there from a folder of our own. */
const ways = [
  { name: 'jku', what: 'whose "jku" is an address of ours', point: (folder: string) => ({ header: { jku: `${folder}/jwks.json` } }) },
  { name: 'x5u', what: 'whose "x5u" is an address of ours', point: (folder: string) => ({ header: { x5u: `${folder}/cert.pem` } }) },
  { name: 'iss', what: 'whose issuer is an address of ours', point: (folder: string) => ({ header: {}, claims: { iss: folder } }) },
] as const;

/** The addresses of our own; `undefined` where there are none. */
export function hostedBy({ keys }: World): HostedKeys | undefined {
  return keys && 'folder' in keys.hosted ? keys.hosted : undefined;
}

/** Why there are no addresses of our own, as a phrase. */
export function whyNotHosted({ keys }: World): string {
  return keys && 'why' in keys.hosted ? keys.hosted.why : 'no keys of our own are served';
}

/** Tokens that are signed with a key of our own and say where to fetch it. */
export function pointingForgeries(world: World): Forgeries {
  const hosted = hostedBy(world);
  return ({ jwt: { header } }): readonly Forgery[] => {
    const algorithm = String(header['alg']);
    const own = world.keys?.own(algorithm);
    if (!own || !hosted) return [];
    return ways.map(({ what, ...way }) => {
      const there = pointing(way.point(hosted.folder(algorithm, saltOf(world, way.name))));
      return {
        label: `token signed with a key of our own, ${what}`,
        forging: { ...there, sign: own.sign },
        control: { ...there, sign: (text) => own.sign(`not ${text}`) },
      };
    });
  };
}

function pointing(to: {
  readonly header: Forging['header'];
  readonly claims?: { readonly iss: string };
}): Pick<Forging, 'header' | 'claims'> {
  return { header: { kid: 'mb7own', ...to.header }, claims: (claims) => ({ ...barelyChanged(claims), ...to.claims }) };
}

/** The folder of each way, by its name. */
export function foldersOf(world: World, algorithm: string): readonly { readonly name: string; readonly folder: string }[] {
  const hosted = hostedBy(world);
  return hosted ? ways.map(({ name }) => ({ name, folder: hosted.folder(algorithm, saltOf(world, name)) })) : [];
}

function saltOf({ token }: World, way: string): string {
  return `${way}${token(`key address/${way}`)}`;
}

/** How often something of ours was fetched, from our own answer. */
export function fetchedBy(answer: Answer | undefined): number {
  const json = answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  return isObject(json) && typeof json['fetched'] === 'number' ? json['fetched'] : 0;
}
