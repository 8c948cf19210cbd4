import type { Answer, Request, Send } from './model/http.ts';

/** Sends a request: the answer, or silence as soon as the signal says so. One listener serves all requests under way. */
export function interruption(signal: AbortSignal | undefined): (request: Request, send: Send) => Promise<Answer> {
  if (!signal) return (request, send) => send(request);
  const waiting = new Set<() => void>();
  signal.addEventListener('abort', () => waiting.forEach((stop) => stop()), { once: true });
  return (request, send) => {
    if (signal.aborted) return Promise.resolve(aborted(request));
    return new Promise((resolve) => {
      const stop = (): void => resolve(aborted(request));
      waiting.add(stop);
      void send(request).then((answer) => {
        waiting.delete(stop);
        resolve(answer);
      });
    });
  };
}

function aborted(request: Request): Answer {
  return { kind: 'silence', request, reason: 'aborted', message: 'The scan was interrupted.', startedAt: Date.now(), ms: 0 };
}
