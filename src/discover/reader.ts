import { headerOf, type Request, type Response, type Send, type Silence } from '../model/http.ts';
import { UserError } from '../model/user-error.ts';

/** What a GET came to, after redirects within the origin. */
export type Reading =
  | { readonly kind: 'page'; readonly url: string; readonly response: Response }
  /** It leads to another origin, where nothing is sent. */
  | { readonly kind: 'elsewhere'; readonly url: string; readonly to: string }
  | { readonly kind: 'loop'; readonly url: string }
  | Silence;

/** GETs pages; the same URL is sent once. */
export interface Reader {
  readonly read: (url: string) => Promise<Reading>;
  /** Requests sent so far. */
  readonly sent: () => number;
}

const mostRedirects = 5;

export function createReader(send: Send): Reader {
  const memo = new Map<string, Promise<Reading>>();
  let sent = 0;
  const follow = async (first: string): Promise<Reading> => {
    let url = first;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      sent++;
      const answer = await send(getRequest(url));
      if (answer.kind === 'silence') return answer;
      const { response } = answer;
      const location = headerOf(response.headers, 'location');
      if (response.status < 300 || response.status >= 400 || location === undefined || !URL.canParse(location, url)) {
        return { kind: 'page', url, response };
      }
      const next = new URL(location, url);
      if (next.origin !== new URL(url).origin) return { kind: 'elsewhere', url, to: next.href };
      url = withoutHash(next);
    }
    return { kind: 'loop', url: first };
  };
  return {
    read(url) {
      const key = withoutHash(new URL(url));
      const known = memo.get(key) ?? follow(key);
      memo.set(key, known);
      return known;
    },
    sent: () => sent,
  };
}

function withoutHash(url: URL): string {
  return url.href.slice(0, url.href.length - url.hash.length);
}

function getRequest(url: string): Request {
  const { origin, pathname, search } = new URL(url);
  const accept = 'application/json, application/yaml, text/html;q=0.8, */*;q=0.5';
  return { method: 'GET', origin, path: pathname + search, headers: [['accept', accept]] };
}

/** A GET whose failure the user has to know of. Throws `UserError` when nothing answers, or it leads away. */
export async function mustRead(reader: Reader, url: string): Promise<{ url: string; response: Response }> {
  const reading = await reader.read(url);
  switch (reading.kind) {
    case 'page':
      return reading;
    case 'silence':
      throw unreachable(url, reading);
    case 'elsewhere':
      throw redirectsElsewhere(url, reading.to);
    case 'loop':
      throw new UserError('redirect-loop', `${url} redirects more than ${mostRedirects} times.`, {
        hint: 'Give the URL that it should lead to.',
      });
  }
}

function redirectsElsewhere(url: string, to: string): UserError {
  return new UserError('redirects-elsewhere', `${url} redirects to another origin: ${to}.`, {
    hint: `If that is the API to scan, give that URL: ${new URL(to).origin}.`,
  });
}

function unreachable(url: string, { reason, message }: Silence): UserError {
  return new UserError('target-unreachable', `${url} cannot be reached: ${message.replace(/\.$/, '')}.`, { hint: hintFor(reason) });
}

function hintFor(reason: Silence['reason']): string {
  switch (reason) {
    case 'refused':
      return 'Start the API, or check the host and the port.';
    case 'unresolved':
      return 'Check how the host name is spelled, and the DNS of this machine.';
    case 'tls':
      return 'If the certificate is self-signed or expired and you trust the target, pass --insecure.';
    case 'timeout':
      return 'Check that the API answers at all (curl), or allow more time.';
    case 'out-of-scope':
      return 'Only the declared origins are spoken to; declare this one as well.';
    case 'protocol':
    case 'reset':
      return 'Check the scheme: a port that speaks TLS needs https://, others need http://.';
    default:
      return 'Check the URL, and try again.';
  }
}
