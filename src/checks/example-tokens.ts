import type { ExampleFetch, Reply } from '../model/example.ts';
import { headerOf, type Request } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { rsaSignature } from './example-rsa.ts';
import type { ExampleOptions, ExampleUser } from './example-types.ts';
import { base64url, hmac, isHmac } from './hmac.ts';
import { parseJwt } from './jwt.ts';

/** The day on which all examples play, in seconds since the Unix epoch: they know no other clock. */
const today = 4_000_000_000;
const ordinaryKey = 'rT7-vq2_Lw9xKc4ZbN8sYd3H';

/** Tokens of one instance of an example API: made, found in requests, and verified. */
export interface Mint {
  readonly issue: (username: string) => string;
  /** The answer to a log-in. */
  readonly welcome: (username: string) => Reply;
  /** The token that a request carries; '' without one. */
  readonly tokenOf: (request: Request) => string;
  readonly callerOf: (token: string) => ExampleUser | undefined;
  readonly revoked: Set<string>;
}

/** Tokens as the options say: JWTs, by HS256 and for a quarter of an hour where they say nothing. */
export function mintFor(users: readonly ExampleUser[], { verify, tokens = {} }: ExampleOptions, fetch: ExampleFetch): Mint {
  const { cookie, find, rsa, unsigned, secret = ordinaryKey, claims, header } = tokens;
  const revoked = new Set<string>();
  const ordinary: JsonObject = { alg: rsa ? 'RS256' : 'HS256', typ: 'JWT', ...header };
  const signature = (signed: string): string =>
    unsigned ? '' : rsa ? rsaSignature(signed) : hmac(isHmac(ordinary['alg']) ? ordinary['alg'] : 'HS256', secret, signed);
  const encode = (json: JsonObject): string => base64url(JSON.stringify(json));
  let serial = 0;
  const issue = (username: string): string => {
    const user = users.find((candidate) => candidate.username === username);
    const said = { sub: username, iat: today, exp: today + 900, jti: String(++serial), ...claims?.(user) };
    const kept = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
    const signed = `${encode(ordinary)}.${encode(kept)}`;
    return `${signed}.${signature(signed)}`;
  };
  const setCookie = (token: string): Record<string, string> =>
    cookie ? { 'set-cookie': `${cookie.name}=${token}; ${cookie.attributes}` } : {};
  return {
    issue,
    welcome: (username) =>
      cookie
        ? { status: 200, body: { message: 'welcome' }, headers: setCookie(issue(username)) }
        : { status: 200, body: { token: issue(username) } },
    tokenOf: (request) => {
      if (find) return find(request);
      const bearer = (headerOf(request.headers, 'authorization') ?? '').replace(/^Bearer /, '');
      const jar = headerOf(request.headers, 'cookie') ?? '';
      return cookie
        ? (jar
            .split('; ')
            .find((pair) => pair.startsWith(`${cookie.name}=`))
            ?.slice(cookie.name.length + 1) ?? '')
        : bearer;
    },
    callerOf: (token) => {
      const lent = /^token-of-(\w+)$/.exec(token)?.[1];
      if (lent !== undefined) return users.find((user) => user.username === lent);
      const jwt = parseJwt(token);
      if (!jwt || revoked.has(token)) return undefined;
      const expired = typeof jwt.claims['exp'] === 'number' && jwt.claims['exp'] < today;
      const algorithm = String(jwt.header['alg']);
      const expected = signature(jwt.signed);
      const sound = algorithm === ordinary['alg'] && jwt.signature === expected && !expired;
      const taken = verify ? verify({ ...jwt, algorithm, expected, expired, fetch }) : sound;
      return taken ? users.find((user) => user.username === jwt.claims['sub']) : undefined;
    },
    revoked,
  };
}
