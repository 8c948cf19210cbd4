import { asBytes, base64url, hmacSha1 } from './hmac.ts';

/** Seconds by which a session that we sign is older than the one that it is made of. */
const older = 60;

/** The signature that Flask gives a session: `DATA.TIME`, by a key that is derived from the application's. */
export function sessionSignature(key: string, signed: string): string {
  return base64url(hmacSha1(hmacSha1(asBytes(key), 'cookie-session'), signed));
}

/** The same session as of a minute before, signed with a key; a text that is none stays as it is. */
export function resignedSession(session: string, key: string): string {
  const parts = session.split('.');
  const [time, data] = [parts.at(-2), parts.slice(0, -2).join('.')];
  const seconds = time === undefined ? undefined : secondsOf(time);
  if (parts.length < 3 || seconds === undefined) return session;
  const signed = `${data}.${timeText(seconds - older)}`;
  return `${signed}.${sessionSignature(key, signed)}`;
}

/** A time as sessions have it. */
export function timeText(seconds: number): string {
  return base64url([24, 16, 8, 0].map((shift) => String.fromCharCode((seconds >>> shift) & 0xff)).join(''));
}

function secondsOf(text: string): number | undefined {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return [...bytes].reduce((seconds, byte) => seconds * 256 + byte.charCodeAt(0), 0);
  } catch {
    return undefined;
  }
}
