import { pathToFileURL } from 'node:url';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import { scan, type Scan } from './openapi/scan.ts';
import { isWeb } from './openapi/servers.ts';
import { notADescription } from './not-a-description.ts';
import { parseText } from './parse-text.ts';
import { isCollection } from './postman/collection.ts';

/** An OpenAPI or Swagger document, parsed and scanned once. */
export interface Description {
  /** As shown to people: URL, file path, `<stdin>`. */
  readonly location: string;
  /** What references are relative to: an absolute URL. */
  readonly uri: string;
  readonly text: string;
  readonly format: 'json' | 'yaml';
  /** `openapi 3.0.1`, `swagger 2.0`. */
  readonly dialect: string;
  readonly root: JsonObject;
  readonly scan: Scan;
  readonly notes: readonly string[];
}

/** Parses text as a description. Throws `UserError`: unreadable, not a description, a version that nobody can read. */
export function readDescription(text: string, location: string): Description {
  const { value, format, notes } = parseText(text, location);
  const { root, dialect, note } = recognise(value, location);
  const uri = uriOf(location);
  return {
    location,
    uri,
    text,
    format,
    dialect,
    root,
    scan: scan(root, uri, { location, shared: format === 'yaml' }),
    notes: note === undefined ? notes : [...notes, note],
  };
}

/** The absolute URL of a location. */
export function uriOf(location: string): string {
  if (isWeb(location)) return location.split('#')[0] ?? location;
  return pathToFileURL(location).href;
}

/** True when a value has what makes an OpenAPI or Swagger document: a version and paths. */
export function isDescription(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  const hasVersion = ['openapi', 'swagger'].some((key) => typeof value[key] === 'string' || typeof value[key] === 'number');
  return hasVersion && isObject(value['paths']);
}

function recognise(value: Json, location: string): { root: JsonObject; dialect: string; note?: string } {
  const root = isObject(value) ? value : {};
  const openapi = versionOf(root['openapi']);
  if (openapi !== undefined) {
    if (/^3(?:\.|$)/.test(openapi)) return { root, dialect: `openapi ${openapi}` };
    // Some generators put the version of the API here; the document is of version 3 all the same.
    if (isObject(root['paths'])) return { root, dialect: 'openapi 3.0', note: `Read as OpenAPI 3, though it says "openapi: ${openapi}".` };
    throw unsupported(location, `OpenAPI ${openapi}`);
  }
  const swagger = versionOf(root['swagger']);
  if (swagger !== undefined) {
    if (/^2(?:\.|$)/.test(swagger)) return { root, dialect: 'swagger 2.0' };
    if (swagger.startsWith('3.')) return { root, dialect: `openapi ${swagger}` };
    throw unsupported(location, `Swagger ${swagger}`);
  }
  if (root['swaggerVersion'] !== undefined) throw unsupported(location, `Swagger ${versionOf(root['swaggerVersion']) ?? '1'}`);
  const paths = root['paths'];
  if (isObject(paths) && Object.keys(paths).some((path) => path.startsWith('/'))) {
    const dialect = ['definitions', 'host', 'basePath'].some((key) => key in root) ? 'swagger 2.0' : 'openapi 3.0';
    return { root, dialect, note: `The description does not say its version; it was read as ${dialect}.` };
  }
  const traffic = trafficIn(value);
  if (traffic !== undefined) throw notFromHere(location, traffic);
  throw notADescription(location, `is ${whatItIs(value)}`);
}

function versionOf(raw: Json | undefined): string | undefined {
  if (typeof raw === 'number') return Number.isInteger(raw) ? `${raw}.0` : String(raw);
  return typeof raw === 'string' && raw !== '' ? raw.trim().slice(0, 20) : undefined;
}

function unsupported(location: string, version: string): UserError {
  return new UserError('unsupported-version', `${location} is ${version}, which cannot be read.`, {
    hint: 'OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 can be read. Convert it with a tool such as swagger-converter.',
  });
}

/** Recordings and collections are read from files: they hold secrets, which must not pass through here. */
function trafficIn(value: Json): string | undefined {
  if (isCollection(value)) return 'a Postman collection';
  return isObject(value) && isObject(value['log']) && value['log']['entries'] !== undefined ? 'a HAR recording' : undefined;
}

function notFromHere(location: string, what: string): UserError {
  return new UserError('not-a-description', `${location} is ${what}, which is read from a file only.`, {
    hint: 'Download it and give the file with --spec.',
  });
}

function whatItIs(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (!isObject(value)) return value === null ? 'empty' : 'plain text';
  if (value['__schema'] !== undefined || (isObject(value['data']) && value['data']['__schema'] !== undefined)) {
    return 'a GraphQL introspection result';
  }
  if (value['asyncapi'] !== undefined) return 'an AsyncAPI document';
  if (value['arazzo'] !== undefined) return 'an Arazzo document';
  if (value['$schema'] !== undefined) return 'a JSON Schema';
  return 'a JSON or YAML object without "openapi" or "swagger"';
}
