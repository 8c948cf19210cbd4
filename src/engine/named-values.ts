import { plainName, singular, wordsOf } from '../model/names.ts';
import { sensitivity } from '../model/sensitive.ts';
import { isPhoneName, maskPhone, type OnMask } from './personal-data.ts';

/** What stands where a credential stood. */
export const redacted = '<redacted>';

const secretWords = new Set(['password', 'passwd', 'pwd', 'passphrase', 'passcode', 'secret', 'token', 'jwt', 'otp', 'cvv', 'cvc', 'pin']);
const keyKinds = new Set(['api', 'secret', 'private', 'access', 'signing', 'encryption', 'session', 'auth', 'subscription', 'license']);

/** True for a name whose value is a credential: `password`, `reset_token`, `apiKey`, `X-Auth-Key`. */
export function isCredentialName(name: string): boolean {
  const words = wordsOf(name).map(singular);
  const last = words.at(-1) ?? '';
  if (secretWords.has(last)) return true;
  if (last === 'key') return keyKinds.has(words.at(-2) ?? '');
  return /^(?:apikey|secretkey|privatekey|accesskey|sessionid|sessid|authorization|userpassword)$/.test(plainName(name));
}

export interface NamedValues {
  /** Further names of credentials, in plain form (`plainName`). */
  readonly places: ReadonlySet<string>;
  /** Values that stay: what the scanner itself planted. */
  readonly keep?: ReadonlySet<string>;
  readonly onMask?: OnMask | undefined;
}

const cheap =
  /pass|pwd|secret|token|jwt|otp|cv[vc]|pin|key|sess|auth|salt|hash|phone|mobile|tel|fax|msisdn|whatsapp|ssn|social|national|tax|card|iban|bank|codes/i;
const key = /(?<![\w.$-])([\w.$-]{1,64})(\\{0,3}["']|&quot;|&#34;|&#39;)?\s{0,8}([:=])\s{0,8}(\\{0,3}["']|&quot;|&#34;|&#39;|\[)?/g;

/**
 * Masks the values of properties, form fields and query parameters whose names say that they hold a credential, a personal
 * number or a telephone number: in JSON, in forms and in whatever else writes `name: value` or `name=value`.
 * Reads the text once, from left to right.
 */
export function maskNamedValues(text: string, { places, keep, onMask }: NamedValues): string {
  if (places.size === 0 && !cheap.test(text)) return text;
  const pieces: string[] = [];
  let read = 0;
  key.lastIndex = 0;
  for (let match = key.exec(text); match; match = key.exec(text)) {
    const [whole, name = '', , , open] = match;
    if (!places.has(plainName(name)) && !cheap.test(name)) continue;
    const start = match.index + whole.length;
    const end = endOfValue(text, start, open);
    const value = text.slice(start, end);
    const mask = maskOf(name, value, places);
    key.lastIndex = Math.max(end, start);
    if (mask === value || keep?.has(value)) continue;
    pieces.push(text.slice(read, start), mask);
    read = end;
    onMask?.(value, `${text.slice(match.index, start)}${mask}`);
  }
  key.lastIndex = 0;
  return read === 0 ? text : pieces.join('') + text.slice(read);
}

function maskOf(name: string, value: string, places: ReadonlySet<string>): string {
  if (value === '' || value === redacted || /^(?:null|true|false|none|undefined|[{[])/i.test(value)) return value;
  if (isPhoneName(name)) return maskPhone(value);
  if (places.has(plainName(name)) || isCredentialName(name)) return redacted;
  const sensitive = sensitivity(name, value);
  return sensitive && sensitive.kind !== 'internal field' ? redacted : value;
}

/** Where the value ends: at the quote that opened it, at the end of a list of values, or at the first separator. */
function endOfValue(text: string, start: number, open: string | undefined): number {
  if (open === '[') {
    const end = text.indexOf(']', start);
    return end === -1 ? text.length : end;
  }
  if (open === undefined) {
    separator.lastIndex = start;
    return separator.exec(text)?.index ?? text.length;
  }
  if (!/^["']$/.test(open)) {
    const end = text.indexOf(open, start);
    return end === -1 ? text.length : end;
  }
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === open) return at;
  }
  return text.length;
}

const separator = /[\s&,;}\])"'<]/g;
