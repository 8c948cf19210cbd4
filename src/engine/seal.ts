import { createHmac, randomBytes } from 'node:crypto';
import { secretFinder } from './secret-finder.ts';

/**
 * Takes secrets out of a recording and leaves stand-ins: the same for the same secret and of the same length, so that a
 * recording can be judged again. Of a JWT only the signature is replaced, of `Basic` only the password: the rest is no secret,
 * and checks read it. `secrets` is asked at each use, because tokens are minted while the scan runs.
 */
export function sealer(secrets: () => readonly string[]): (text: string) => string {
  const key = randomBytes(32);
  let known = '';
  let find = secretFinder([]);
  return (text) => {
    const all = secrets();
    const print = all.join('\n');
    if (print !== known) {
      known = print;
      find = secretFinder(all);
    }
    const spans = find(text);
    if (spans.length === 0) return text;
    let sealed = '';
    let at = 0;
    for (const [start, end] of spans) {
      sealed += text.slice(at, start) + standIn(text.slice(start, end), key);
      at = end;
    }
    return sealed + text.slice(at);
  };
}

function standIn(secret: string, key: Buffer): string {
  const jwt = /^((?:bearer\s+)?eyJ[\w-]*\.[\w-]*\.)([\w-]+)$/i.exec(secret);
  if (jwt?.[1] !== undefined && jwt[2] !== undefined) return jwt[1] + scrambled(jwt[2], key);
  const scheme = /^(?:bearer|basic|token)\s+/i.exec(secret)?.[0] ?? '';
  const pair = /^basic/i.test(scheme) ? /^([^:]+:)(.+)$/.exec(Buffer.from(secret.slice(scheme.length), 'base64').toString()) : null;
  if (pair?.[1] !== undefined && pair[2] !== undefined) return scheme + Buffer.from(pair[1] + scrambled(pair[2], key)).toString('base64');
  return scheme + scrambled(secret.slice(scheme.length), key);
}

function scrambled(secret: string, key: Buffer): string {
  let text = '';
  for (let turn = 0; text.length < secret.length; turn++)
    text += createHmac('sha256', key).update(`${turn}:${secret}`).digest('base64url').replaceAll(/[-_]/g, 'x');
  return text.slice(0, secret.length);
}
