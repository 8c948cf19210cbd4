import type { Send } from '../model/http.ts';
import { systemClock } from './clock.ts';
import { normalOrigin } from './guard.ts';
import { unsent } from './silence.ts';

/** Sends to the given origins only; whatever is meant for another one is answered by silence and never leaves. */
export function withinScope(scope: { readonly origins: ReadonlySet<string> }, now = systemClock.now): (send: Send) => Send {
  const allowed = new Set([...scope.origins].map(normalOrigin));
  // Spellings that were found to mean an allowed origin. Others are not kept: a hostile target could name any number.
  const known = new Set(allowed);
  const inScope = (origin: string): boolean => {
    if (known.has(origin)) return true;
    if (!allowed.has(normalOrigin(origin))) return false;
    known.add(origin);
    return true;
  };
  return (send) => (request) => {
    if (inScope(request.origin)) return send(request);
    const message = `${request.origin} is not part of what is scanned. Declare it as a target to include it.`;
    return Promise.resolve(unsent(request, 'out-of-scope', message, now()));
  };
}
