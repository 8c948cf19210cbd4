import { urlOf, type Answer, type Header } from '../model/http.ts';
import type { Redactor } from './redact.ts';
import type { Caller } from './transcript.ts';

/** Headers that curl writes itself, or that would make the output unreadable. */
const left = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding', 'user-agent']);

/**
 * A shell command (POSIX) that sends the request of an answer again, unchanged but for credentials: those are variables
 * named after the identity, `$ALICE_TOKEN`, that the reader sets.
 */
export function curlOf(answer: Answer, caller: Caller | undefined, redactor: Redactor): string {
  const { request } = answer;
  const variable = variableNamer(caller);
  const word = (text: string, kind: string): string => shellWord(text, redactor, variable(kind));
  const url = urlOf(request);
  const parts = ['curl -sS -i --path-as-is'];
  if (/[[\]{}]/.test(url)) parts.push('--globoff');
  parts.push(request.method === 'HEAD' ? '--head' : `-X ${/^[A-Z]+$/.test(request.method) ? request.method : quoted(request.method)}`);
  parts.push(word(url, 'KEY'));
  for (const header of request.headers) {
    if (left.has(header[0].toLowerCase())) continue;
    parts.push(`-H ${credentialWord(header, redactor, variable) ?? word(`${header[0]}: ${header[1]}`, 'SECRET')}`);
  }
  if (request.body !== undefined && request.body !== '') parts.push(`--data-raw ${word(request.body, 'PASSWORD')}`);
  return parts.join(' ');
}

function variableNamer(caller: Caller | undefined): (kind: string) => string {
  const owner = caller === undefined ? 'FORGED' : (caller.as ?? 'ANONYMOUS');
  const name = owner.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  const start = `${/^\d/.test(name) ? '_' : ''}${name}`;
  return (kind) => `${start}_${caller?.tamper ? 'ALTERED_' : ''}${kind}`;
}

/** A header that carries a credential, its value a variable; `undefined` for any other header. */
function credentialWord([name, value]: Header, redactor: Redactor, variable: (kind: string) => string): string | undefined {
  if (!redactor.isCredentialHeader(name) || !/^[\w-]+$/.test(name)) return undefined;
  const scheme = /^(?:bearer|basic|digest|token|apikey|jwt)(?=\s)/i.exec(value)?.[0];
  if (scheme !== undefined) return `"${name}: ${scheme} $${variable(scheme.toLowerCase() === 'basic' ? 'BASIC' : 'TOKEN')}"`;
  if (name.toLowerCase() === 'cookie') return `"${name}: $${variable('COOKIE')}"`;
  return `"${name}: $${variable(/key/i.test(name) ? 'KEY' : 'TOKEN')}"`;
}

/** One word of a shell command: secrets become the variable, the rest is quoted so that nothing in it is special. */
function shellWord(text: string, redactor: Redactor, variable: string): string {
  const pieces: string[] = [];
  let read = 0;
  const plain = (piece: string): void => {
    if (piece !== '') pieces.push(quoted(redactor.mask(piece)));
  };
  for (const [start, end] of redactor.spans(text)) {
    plain(text.slice(read, start));
    pieces.push(`"$${variable}"`);
    read = end;
  }
  plain(text.slice(read));
  return pieces.length > 0 ? pieces.join('') : "''";
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
