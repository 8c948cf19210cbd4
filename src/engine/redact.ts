import type { Header, Request, Response } from '../model/http.ts';
import { plainName } from '../model/names.ts';
import type { Transcript } from '../model/report.ts';
import { isCredentialName, maskNamedValues, redacted } from './named-values.ts';
import { maskEmails, maskNumbers, maskTokens, type OnMask } from './personal-data.ts';
import { secretFinder, type Span } from './secret-finder.ts';

export { redacted } from './named-values.ts';

export interface RedactOptions {
  /** Texts that are the scanner's or its user's own and may be shown: facts of lent accounts, planted markers. Not secrets. */
  readonly known?: readonly string[];
  /** Names of the headers, cookies and parameters in which the target takes credentials, beside the usual ones. */
  readonly places?: readonly string[];
}

/** What stays of one text, and who wants to hear what was masked. */
export interface Keep {
  readonly values?: ReadonlySet<string>;
  readonly onMask?: OnMask;
}

/** The one place where credentials and personal data leave. Every function is linear in its text. */
export interface Redactor {
  /** For bodies and anything unknown: secrets, tokens, values of properties with telling names, personal data. */
  readonly text: (text: string, keep?: Keep) => string;
  /** For sentences and names: secrets, tokens, e-mail addresses. */
  readonly mask: (text: string) => string;
  /** For URLs: like `mask`, and the values of query parameters that hold credentials. */
  readonly url: (url: string) => string;
  /** The value of a header as printed: the name and attributes of cookies and the scheme of a credential stay. */
  readonly header: (header: Header) => string;
  readonly request: (request: Request, keep?: Keep) => Transcript['request'];
  readonly response: (response: Response, keep?: Keep) => NonNullable<Transcript['response']>;
  /** Where secrets stand in a text, in whatever encoding. */
  readonly spans: (text: string) => Span[];
  /** True for a header that carries a credential. */
  readonly isCredentialHeader: (name: string) => boolean;
}

/** Builds the redactor for a scan, from every secret that was lent or minted in it. */
export function redactor(secrets: readonly string[], { known = [], places = [] }: RedactOptions = {}): Redactor {
  const spans = secretFinder(secrets);
  const knownSet = new Set(known);
  const placeSet = new Set(places.map(plainName));

  const withoutSecrets = (text: string): string => cutOut(text, spans(text));
  const mask = (text: string, onMask?: OnMask): string => maskEmails(maskTokens(withoutSecrets(text), onMask), knownSet, onMask);
  const named = (text: string, keep: Keep): string =>
    maskNamedValues(text, { places: placeSet, keep: new Set([...knownSet, ...(keep.values ?? [])]), onMask: keep.onMask });
  const text = (body: string, keep: Keep = {}): string => maskNumbers(named(mask(body, keep.onMask), keep), keep.onMask);
  const url = (address: string): string => {
    const query = address.indexOf('?');
    const clean = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${redacted}@`);
    return query === -1 ? mask(clean) : named(mask(clean), {});
  };
  const isCredentialHeader = (name: string): boolean => placeSet.has(plainName(name)) || carriesCredential(name);
  const header = ([name, value]: Header): string => {
    if (/^set-cookie$/i.test(name)) return mask(value.replace(/=[^;]*/, `=${redacted}`));
    if (/^cookie$/i.test(name)) return mask(value.replaceAll(/=[^;]*/g, `=${redacted}`));
    if (!isCredentialHeader(name)) return /^(?:location|referer|origin|link)$/i.test(name) ? url(value) : mask(value);
    const scheme = /^(?:bearer|basic|digest|token|apikey|jwt)(?=\s)/i.exec(value)?.[0];
    return scheme === undefined ? redacted : `${scheme} ${redacted}`;
  };
  const headers = (list: readonly Header[]): Record<string, string> => {
    const result = new Map<string, string>();
    for (const each of list) {
      const name = mask(each[0]);
      const earlier = result.get(name);
      result.set(name, earlier === undefined ? header(each) : `${earlier}, ${header(each)}`);
    }
    return Object.fromEntries(result);
  };
  return {
    text,
    mask: (sentence) => mask(sentence),
    url,
    header,
    request: (request, keep) => ({
      method: request.method,
      url: url(request.origin + request.path),
      headers: headers(request.headers),
      ...(request.body === undefined ? {} : { body: text(request.body, keep) }),
    }),
    response: (response, keep) => ({ status: response.status, headers: headers(response.headers), body: text(response.body, keep) }),
    spans,
    isCredentialHeader,
  };
}

function carriesCredential(name: string): boolean {
  return /^(?:proxy-)?authorization$|^(?:set-)?cookie$|-(?:token|key|secret|auth|jwt|session)$/i.test(name) || isCredentialName(name);
}

function cutOut(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let read = 0;
  for (const [start, end] of spans) {
    pieces.push(text.slice(read, start), redacted);
    read = end;
  }
  return pieces.join('') + text.slice(read);
}
