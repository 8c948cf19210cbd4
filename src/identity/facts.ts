import { leaves, parseJson, type Json } from '../model/json.ts';
import { plainName, wordsOf } from '../model/names.ts';
import { claimsOf } from './credentials.ts';

type Facts = Readonly<Record<string, string>>;

const factNames = new Set(
  ['id', '_id', 'user_id', 'uid', 'uuid', 'guid', 'sub', 'account_id', 'customer_id', 'member_id', 'public_id', 'profile_id'].map(
    plainName,
  ),
);
const nameNames = new Set(['username', 'email', 'login', 'handle', 'preferredusername', 'phone', 'identity', 'accountnumber']);
const accountParents = new Set([
  '',
  'user',
  'data',
  'account',
  'profile',
  'result',
  'me',
  'member',
  'customer',
  'record',
  'identity',
  'sub',
  'payload',
]);

/** What an answer to a sign-up or a log-in tells about the account: ids and names, outermost first. */
export function factsIn(json: Json | undefined): Facts {
  if (json === undefined) return {};
  const found: Record<string, string> = {};
  const near = leaves(json, 500)
    .map((leaf) => ({ ...leaf, steps: leaf.pointer.split('/').slice(1) }))
    .filter(({ steps }) => steps.length <= 4 && isAbout(steps.slice(0, -1)))
    .toSorted((one, other) => one.steps.length - other.steps.length);
  for (const { name, value } of near) {
    const plain = plainName(name);
    if (!factNames.has(plain) && !nameNames.has(plain)) continue;
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const text = String(value);
    if (text !== '' && text.length <= 200 && !Object.hasOwn(found, name)) found[name] = text;
  }
  return found;
}

/** True for a place that speaks of the account: whatever is around it, a `user` does. */
function isAbout(parents: readonly string[]): boolean {
  const field = parents[0] === 'data' ? wordsOf(parents[1] ?? '') : [];
  // What a mutation that signs up or logs in gives is about the account: `/data/createUser/id`.
  if (parents.length === 2 && field.some((word) => /^(?:user|account|member|customer|register|signup|login|signin)$/.test(word)))
    return true;
  return (
    parents.every((step) => accountParents.has(plainName(step))) ||
    /^(?:user|account|profile|member|customer)$/.test(plainName(parents.at(-1) ?? ''))
  );
}

/** What a JWT tells about its account; nothing for other tokens. */
export function factsOfToken(token: string): Facts {
  const claims = claimsOf(token);
  if (!claims) return {};
  const { sub } = claims;
  // Some frameworks put a whole object into `sub`, as JSON text.
  const inner = typeof sub === 'string' && sub.startsWith('{') ? factsIn(parseJson(sub)) : {};
  const { sub: text, ...others } = factsIn({ ...claims });
  return { ...others, ...inner, ...(text === undefined || text.startsWith('{') ? {} : { sub: text }) };
}

/** The names and addresses in a log-in request, by which an account is known. */
export function factsSent(body: Json | undefined): Facts {
  if (body === undefined) return {};
  const found = leaves(body, 100).filter((leaf) => /user|email|mail|login|handle|phone|identifier|^name$/.test(plainName(leaf.name)));
  return Object.fromEntries(
    found.flatMap((leaf) => (typeof leaf.value === 'string' && leaf.value !== '' ? [[leaf.name, leaf.value]] : [])),
  );
}
