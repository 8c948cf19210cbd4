import { headerOf, urlOf, type Answer, type Request, type Send } from '../model/http.ts';

const redirecting = new Set([301, 302, 303, 307, 308]);

/**
 * For discovery: follows redirects of GET requests within one origin, at most `max` of them, and gives the last answer.
 * A redirect to another origin, or one too many, is given as it came. Probes must not use this: a redirect is evidence.
 */
export function followRedirects(send: Send, max = 5): Send {
  return async (request) => {
    let answer = await send(request);
    for (let hops = 0; hops < max; hops++) {
      const next = nextOf(answer);
      if (!next) break;
      answer = await send(next);
    }
    return answer;
  };
}

function nextOf(answer: Answer): Request | undefined {
  const { request } = answer;
  if (answer.kind === 'silence' || request.method !== 'GET' || !redirecting.has(answer.response.status)) return undefined;
  const location = headerOf(answer.response.headers, 'location');
  if (location === undefined || !URL.canParse(location, urlOf(request))) return undefined;
  const url = new URL(location, urlOf(request));
  if (url.origin !== new URL(request.origin).origin) return undefined;
  return { ...request, path: url.pathname + url.search };
}
