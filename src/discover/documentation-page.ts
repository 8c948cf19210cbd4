import { headersOf, jsonOf, type Response } from '../model/http.ts';
import { isObject, parseJson, type Json } from '../model/json.ts';
import { isDescription, readDescription, type Description } from './description.ts';
import type { Reader, Reading } from './reader.ts';

interface Page {
  readonly url: string;
  readonly response: Response;
}

const documentationWords = /swagger|redoc|openapi|api-reference|rapidoc|elements-api|apispec|scalar/i;
/** Ways in which Swagger UI, ReDoc, Scalar, RapiDoc and Stoplight Elements are told where the document is. */
const namings = [
  /\b(?:spec-url|data-url|apiDescriptionUrl|configUrl|specUrl)["']?\s*[=:]\s*["']([^"'\s]{1,500})["']/gi,
  /["']?\b(?:url|swagger_url|spec_url)["']?\s*[:=]\s*["']([^"'\s]{1,500})["']/gi,
  /\bRedoc\.init\(\s*["']([^"'\s]{1,500})["']/gi,
  /\bhref=["']([^"'\s]{1,500}(?:openapi|swagger|api-docs)[^"'\s]{0,200})["']/gi,
];
const initScripts =
  /<script[^<>]{1,300}src=["']([^"']{0,300}(?:swagger-initializer|swagger-ui-init|swagger-config|initializer|init)[^"']{0,100}\.js[^"']{0,100})["']/gi;
const inlineStart = /\b(?:swaggerDoc|spec|content)["']?\s*:\s*(?=\{\s*["'](?:openapi|swagger|info|paths|components)\b)/g;
const mostNamed = 8;
const mostInline = 3;

/** The description in a page, if it is one. `undefined` for anything else, whatever its status. */
export function descriptionIn({ url, response }: Page): Description | undefined {
  if (response.status >= 400 || response.truncated || !/["']?(?:openapi|swagger)["']?\s*:/.test(response.body)) return undefined;
  if (response.body.trimStart().startsWith('<')) return undefined;
  try {
    const description = readDescription(response.body, url);
    return isDescription(description.root) && Object.keys(Object(description.root['paths'])).length > 0 ? description : undefined;
  } catch {
    return undefined;
  }
}

/** Follows a documentation page, its start script or its configuration to the description that it shows, within the origin. */
export async function findNamedDescription(page: Page, reader: Reader, depth = 0): Promise<Description | undefined> {
  const inline = inlineDescription(page);
  if (inline !== undefined) return inline;
  if (depth > 2) return undefined;
  for (const url of namedIn(page)) {
    const next = pageOf(await reader.read(url));
    if (next === undefined || next.url === page.url) continue;
    const found = descriptionIn(next) ?? (await findNamedDescription(next, reader, depth + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function pageOf(reading: Reading): Page | undefined {
  return reading.kind === 'page' && reading.response.status < 400 ? reading : undefined;
}

/** URLs of documents, start scripts and configurations that a page names; those of other origins are left out. */
function namedIn({ url, response }: Page): readonly string[] {
  const links = headersOf(response.headers, 'link').flatMap((value) =>
    [...value.matchAll(/<([^<>]{1,500})>[^<,]*rel="?(?:service-desc|describedby|api-catalog)\b/gi)].map((match) => match[1] ?? ''),
  );
  const json = jsonOf(response);
  const named = json === undefined ? namedInText(response.body) : namedInJson(json);
  const origin = new URL(url).origin;
  const absolute = [...links, ...named].flatMap((reference) => {
    const unescaped = reference.replaceAll('&amp;', '&').replaceAll('\\/', '/');
    return URL.canParse(unescaped, url) ? [new URL(unescaped, url)] : [];
  });
  return [...new Set(absolute.filter((target) => target.origin === origin).map((target) => target.href))].slice(0, mostNamed);
}

function namedInText(text: string): readonly string[] {
  if (!documentationWords.test(text)) return [];
  const named = namings.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...named, ...[...text.matchAll(initScripts)].map((match) => match[1] ?? '')];
}

/** `swagger-config` of Swagger UI, and the linkset of RFC 9727. */
function namedInJson(json: Json): readonly string[] {
  if (!isObject(json)) return [];
  const urls = Array.isArray(json['urls']) ? json['urls'].map((entry: Json) => (isObject(entry) ? entry['url'] : undefined)) : [];
  const linkset = Array.isArray(json['linkset']) ? json['linkset'] : [];
  const linked = linkset.flatMap((entry: Json) => (isObject(entry) && Array.isArray(entry['service-desc']) ? entry['service-desc'] : []));
  const hrefs = linked.map((link: Json) => (isObject(link) ? link['href'] : undefined));
  return [json['url'], ...urls, ...hrefs].filter((value) => typeof value === 'string');
}

/** Some pages carry the whole document in their start script: `"swaggerDoc": {…}`, `spec: {…}`. */
function inlineDescription({ url, response }: Page): Description | undefined {
  for (const match of [...response.body.matchAll(inlineStart)].slice(0, mostInline)) {
    const text = balanced(response.body, match.index + match[0].length);
    const json = text === undefined ? undefined : parseJson(text);
    if (text !== undefined && isDescription(json)) return readDescription(text, url);
  }
  return undefined;
}

/** The text of the JSON object that starts at an offset, to its closing brace. */
function balanced(text: string, start: number): string | undefined {
  const tokens = /["{}]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return text.slice(start, match.index + 1);
    else if (match[0] === '"') {
      let end = text.indexOf('"', match.index + 1);
      while (end !== -1 && /(?:^|[^\\])(?:\\\\)*\\$/.test(text.slice(Math.max(0, end - 20), end))) end = text.indexOf('"', end + 1);
      if (end === -1) return undefined;
      tokens.lastIndex = end + 1;
    }
  }
  return undefined;
}
