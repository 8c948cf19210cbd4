import { jsonOf, type Answer } from '../model/http.ts';
import { isObject, leaves, objects, type Json } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import { roleOf } from './fields.ts';

/** What an error answer says about the fields of a request. */
export interface Complaints {
  /** Fields asked for, by path from the root of the body where the answer says it, else by name alone. */
  readonly missing: readonly (readonly string[])[];
  /** Fields not wanted, by name. */
  readonly unknown: readonly string[];
}

const wrappers = new Set(
  (
    'errors error json body form data query detail details message messages fields field validationerrors ' +
    'violations invalidparams params loc'
  ).split(' '),
);
const required =
  /\b(?:required|missing|mandatory|must (?:be )?provided?|blank|can ?not be (?:null|empty|blank)|must not be (?:null|empty|blank))\b/i;
const unwanted = /\bunknown (?:field|property|key|argument)|not (?:allowed|permitted)|unexpected|unrecogni[sz]ed|extra (?:field|input)/i;

/** Reads which fields an answer misses or refuses, in the dialects of the common frameworks and in plain prose. */
export function complaintsOf(answer: Answer): Complaints {
  if (answer.kind === 'silence') return { missing: [], unknown: [] };
  const { response } = answer;
  const json = jsonOf(response);
  const texts =
    json === undefined ? [textOfPage(response.body)] : leaves(json, 500).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const structured = json === undefined ? { missing: [], unknown: [] } : fromStructure(json);
  const spoken = texts.map(fromProse);
  return {
    missing: distinct([...structured.missing, ...spoken.flatMap(({ missing }) => missing)]),
    unknown: [...new Set([...structured.unknown, ...spoken.flatMap(({ unknown }) => unknown)])],
  };
}

const taken: readonly RegExp[] = [
  /\balready (?:exists?|registered|taken|in use|used|signed up|have an account|been (?:taken|registered|used))/i,
  /\b(?:exists|registered|taken) already|\bis taken\b|\bnot unique\b/i,
  /\bduplicate (?:key|entry|user|email)|\bunique constraint/i,
];

/** True for an answer that says that the account is there already. */
export function saysTaken(answer: Answer): boolean {
  if (answer.kind === 'silence') return false;
  const { status, body } = answer.response;
  if (status === 409) return true;
  const said = body.slice(0, 4_000);
  return taken.some((words) => words.test(said));
}

function fromStructure(json: Json): Complaints {
  const missing: (readonly string[])[] = [];
  const unknown: string[] = [];
  const note = (path: readonly string[], said: string): void => {
    const name = path.at(-1);
    if (name === undefined) return;
    if (unwanted.test(said)) unknown.push(name);
    else if (required.test(said)) missing.push(path);
  };
  for (const { value } of objects(json, 500)) {
    const said = `${text(value['type'])} ${text(value['msg'])} ${text(value['message'])} ${text(value['code'])}`;
    const { loc } = value;
    // FastAPI: the place first, then the path.
    if (Array.isArray(loc))
      note(
        loc
          .filter((step) => typeof step === 'string')
          .slice(1)
          .map(String),
        said,
      );
    const named = value['field'] ?? value['param'] ?? value['path'] ?? value['property'];
    if (typeof named === 'string' && /^[\w.]+$/.test(named)) note(named.split('.'), /invalid value/i.test(said) ? 'required' : said);
  }
  // `{field: "… required"}`, `{errors: {json: {field: ["…"]}}}`.
  for (const { pointer, value } of leaves(json, 500)) {
    if (typeof value !== 'string') continue;
    const steps = pointer
      .split('/')
      .slice(1)
      .filter((step) => !/^\d+$/.test(step));
    const path = steps.slice(steps.findIndex((step) => !wrappers.has(plainName(step))));
    if (
      path.length === 0 ||
      steps.every((step) => wrappers.has(plainName(step))) ||
      /^(?:msg|type|code|title|status|reason|description)$/i.test(path.at(-1) ?? '')
    )
      continue;
    note(path, value);
  }
  return { missing, unknown };
}

const asked: readonly RegExp[] = [
  /["'`]([\w.-]+)["'`] (?:field )?(?:is|are) (?:an? )?(?:required|missing|mandatory)/gi,
  /\bmissing (?:the |a )?(?:required )?(?:fields?|parameters?|keys?|propert(?:y|ies)|arguments?|values?|data for)?[:\s]+["'`]?([\w.]+)["'`]?/gi,
  /\b(?:field|parameter|property|key) ["'`]?([\w.]+)["'`]? (?:is )?(?:required|missing|mandatory)/gi,
  /\bKeyError: ["'](\w+)["']/g,
  /\b([\w.]+) (?:field )?(?:is|are) (?:required|missing|mandatory)/gi,
];
const refused: readonly RegExp[] = [
  /["'`](\w+)["'`](?:,? ?["'`]\w+["'`])* (?:was|were) unexpected/gi,
  /\bunknown (?:fields?|propert(?:y|ies)|arguments?):? ["'`]?(\w+)/gi,
  /\bunexpected keyword argument ["'](\w+)["']/g,
  /["'`](\w+)["'`] is an? (?:invalid|unknown) (?:keyword|field|property)/gi,
];
const hollow = new Set(
  (
    'is are was may must not field fields this data it body value parameter parameters json request required and or ' +
    'all one both which that authentication authorization token login access argument arguments input key'
  ).split(' '),
);

function fromProse(said: string): Complaints {
  if (said.length > 4_000) return { missing: [], unknown: [] };
  const named = captures(said, asked);
  const vocabulary =
    required.test(said) || /\b(?:provide|enter|supply|need|must (?:have|contain|include|specify))\b/i.test(said) ? fieldWords(said) : [];
  return {
    missing: [...named, ...vocabulary].filter((name) => !hollow.has(name.toLowerCase())).map((name) => name.split('.')),
    unknown: captures(said, refused),
  };
}

// "username and password required": words that can only be fields.
function fieldWords(said: string): string[] {
  return [...said.matchAll(/[A-Za-z][\w-]*/g)]
    .map(([word]) => word)
    .filter((word) => {
      const role = roleOf(word);
      return role === 'email' || role === 'password' || role === 'phone' || role === 'name' || /^user_?name$/i.test(word);
    })
    .map((word) => (word === word.toUpperCase() || /^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word));
}

function captures(said: string, patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) =>
    [...said.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name.replace(/\.$/, '')])),
  );
}

function textOfPage(body: string): string {
  return body
    .slice(0, 20_000)
    .replaceAll(/<[^>]{0,500}>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .slice(0, 4_000);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : isObject(value) ? JSON.stringify(value) : '';
}

function distinct(paths: readonly (readonly string[])[]): (readonly string[])[] {
  const full = new Map<string, readonly string[]>();
  for (const path of paths) {
    const name = plainName(path.at(-1) ?? '');
    const known = full.get(name);
    if (name !== '' && (!known || path.length > known.length)) full.set(name, path);
  }
  return [...full.values()];
}
