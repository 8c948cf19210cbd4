import type { Description } from './description.ts';
import { descriptionIn, findNamedDescription, pageOf } from './documentation-page.ts';
import type { Reader } from './reader.ts';

/** Documents first, most common first; then pages that name one. Relative to the target's path and to the root. */
const documents = [
  'openapi.json',
  'swagger.json',
  'openapi.yaml',
  'openapi.yml',
  'v3/api-docs',
  'api-docs',
  'api/openapi.json',
  'api/swagger.json',
  'swagger/v1/swagger.json',
  'apispec_1.json',
  'docs/openapi.json',
  'swagger.yaml',
  'v2/api-docs',
  'api-docs.json',
  'api/schema/',
  '.well-known/api-catalog',
  'spec',
];
const pages = ['docs', 'swagger-ui/', 'swagger-ui.html', 'api/docs', 'ui/', 'redoc', 'apidocs/'];
const besideTarget = ['openapi.json', 'swagger.json', 'openapi.yaml', 'docs', 'ui/'];
const mostRequests = 28;
/** A target that hangs at what it does not know would cost a timeout for each. */
const mostSilences = 3;

/** Looks for a description from the target's URL alone; stops at the first real one. `say` hears of those that nobody can read. */
export async function findDescription(target: URL, reader: Reader, say: (sentence: string) => void): Promise<Description | undefined> {
  const before = reader.sent();
  let silences = 0;
  for (const url of candidates(target)) {
    if (reader.sent() - before >= mostRequests) break;
    const reading = await reader.read(url);
    if (reading.kind === 'silence' && ++silences >= mostSilences) break;
    if (reading.kind === 'page' && [401, 403].includes(reading.response.status) && url !== target.href) {
      say(`${url} answers ${reading.response.status}: if that is the description, download it and pass it with --spec.`);
    }
    const page = pageOf(reading);
    if (page === undefined) continue;
    if (page.response.truncated) say(`${url} is too large to be read from the network; download it and pass it with --spec.`);
    const found = descriptionIn(page) ?? (await findNamedDescription(page, reader));
    if (found !== undefined) return found;
  }
  return undefined;
}

function candidates(target: URL): readonly string[] {
  const folder = new URL(target.pathname.endsWith('/') || /\.\w+$/.test(target.pathname) ? '.' : `${target.pathname}/`, target);
  const beside = folder.pathname === '/' ? [] : besideTarget.map((path) => new URL(path, folder).href);
  const atRoot = [...documents, ...pages].map((path) => new URL(`/${path}`, target).href);
  return [...new Set([target.href, ...beside, ...atRoot])];
}
