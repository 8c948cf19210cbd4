import { headersOf, jsonOf, type Answer, type Exchange, type Response } from '../model/http.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Surface } from '../model/operation.ts';
import type { Framework, Store } from '../model/stack.ts';

/** Something in an answer that speaks for a framework or a store. */
export interface Sign {
  readonly of: Framework | Store;
  /** For people, and what tells signs apart: the same thing seen again is no second sign. */
  readonly what: string;
  /** 2 decides alone, 1 needs a second sign. */
  readonly weight: 1 | 2;
}

const headerSigns: readonly (readonly [header: string, pattern: RegExp, sign: Sign])[] = [
  ['server', /^werkzeug\//i, { of: 'flask', what: 'the Server header names Werkzeug', weight: 2 }],
  ['server', /^(?:gunicorn|waitress)/i, { of: 'flask', what: 'the Server header names a Python server', weight: 1 }],
  ['server', /^(?:uvicorn|hypercorn|daphne)/i, { of: 'fastapi', what: 'the Server header names an ASGI server', weight: 1 }],
  ['x-powered-by', /^express\b/i, { of: 'express', what: 'the X-Powered-By header names Express', weight: 2 }],
  ['x-powered-by', /^asp\.net/i, { of: 'aspnet', what: 'the X-Powered-By header names ASP.NET', weight: 2 }],
  [
    'set-cookie',
    /^session=\.?eyJ[\w-]+\.[\w-]{6}\.[\w-]{27}(?:;|$)/,
    { of: 'flask', what: 'a session cookie as Flask signs it', weight: 2 },
  ],
  ['set-cookie', /^csrftoken=\w{32,64};/, { of: 'django', what: 'a CSRF cookie as Django sets it', weight: 1 }],
];

/** Read in error answers only: a page may well speak of a database. */
const errorSigns: readonly (readonly [pattern: RegExp, sign: Sign])[] = [
  [
    /<title>\d{3} [\w ]+<\/title>\s*<h1>[\w ]+<\/h1>\s*<p>(?:The requested URL was not found on the server\. If you entered|The method is not allowed for the requested URL\.|The browser \(or proxy\) sent a request that this server could not understand\.|The server could not verify that you are authorized)/,
    { of: 'flask', what: 'an error page of Werkzeug', weight: 2 },
  ],
  [/<title>Werkzeug Debugger<\/title>|\bflask\/app\.py"?, line \d/, { of: 'flask', what: 'a stack trace with Flask in it', weight: 2 }],
  [/\bfastapi\/routing\.py"?, line \d/, { of: 'fastapi', what: 'a stack trace with FastAPI in it', weight: 2 }],
  [/<pre>Cannot (?:GET|POST|PUT|PATCH|DELETE) \//, { of: 'express', what: 'an error page of Express', weight: 2 }],
  [/node_modules\/express\//, { of: 'express', what: 'a stack trace with Express in it', weight: 2 }],
  [/DEBUG = True<\/code> in your\s+Django|django\/core\/handlers\//, { of: 'django', what: 'an error page of Django', weight: 2 }],
  [/<p>The requested resource was not found on this server\.<\/p>/, { of: 'django', what: 'an error page of Django', weight: 2 }],
  [/<h1>Whitelabel Error Page<\/h1>/, { of: 'spring', what: 'an error page of Spring', weight: 2 }],
  [
    /\bpymongo\.errors\b|\bbson\.errors\b|is not a valid ObjectId, it must be a 12-byte|\bMongoServerError\b|Cast to ObjectId failed/,
    { of: 'mongodb', what: 'an error message of MongoDB', weight: 2 },
  ],
  [/\bsqlalchemy\.exc\b|https:\/\/sqlalche\.me\/e\//, { of: 'sqlalchemy', what: 'an error message of SQLAlchemy', weight: 2 }],
  [
    /\(psycopg2?\.errors\.\w+\)|\(sqlite3\.\w+Error\)|\(pymysql\.err\.\w+\)/,
    { of: 'sqlalchemy', what: 'a database error as SQLAlchemy words it', weight: 2 },
  ],
  [
    /\bConditionalCheckFailedException\b|The provided key element does not match the schema|ExpressionAttributeValues|botocore\.errorfactory/,
    { of: 'dynamodb', what: 'an error message of DynamoDB', weight: 2 },
  ],
];

/** Read in API descriptions that the target serves. */
const descriptionSigns: readonly (readonly [pattern: RegExp, sign: Sign])[] = [
  [/"x-(?:openapi|swagger)-router-controller"/, { of: 'flask', what: 'a description for Connexion', weight: 1 }],
  [/"When a mask can't be parsed"/, { of: 'flask', what: 'a description made by Flask-RESTX', weight: 2 }],
  [/powered by Flasgger/, { of: 'flask', what: 'a description made by Flasgger', weight: 2 }],
];

const typedAttributes = new Set(['S', 'N', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS']);

/** What an answer says of the stack behind it. Pure. */
export function signsOf(answer: Answer): Sign[] {
  if (answer.kind === 'silence') return [];
  const { response } = answer;
  const ofHeaders = headerSigns.flatMap(([name, pattern, sign]) =>
    headersOf(response.headers, name).some((value) => pattern.test(value)) ? sign : [],
  );
  const text = response.body.slice(0, 200_000);
  const ofErrors = response.status >= 400 ? errorSigns.flatMap(([pattern, sign]) => (pattern.test(text) ? sign : [])) : [];
  return [...ofHeaders, ...ofErrors, ...shapeSigns(answer, text)];
}

function shapeSigns({ request, response }: Exchange, text: string): Sign[] {
  const json = jsonOf(response);
  if (json === undefined) return [];
  if (isObject(json) && ('openapi' in json || 'swagger' in json)) {
    return descriptionSigns.flatMap(([pattern, sign]) => (pattern.test(text) ? sign : []));
  }
  if (response.status >= 400) return errorShapes(json, response, request.method);
  return hasTypedAttributes(json) ? [typedSign] : [];
}

const typedSign: Sign = { of: 'dynamodb', what: 'values with the type tags of DynamoDB', weight: 2 };

function errorShapes(json: Json, { status }: Response, method: string): Sign[] {
  if (!isObject(json)) return [];
  const { detail, message, statusCode, timestamp, path } = json;
  const [first] = Array.isArray(detail) ? detail : [];
  if (status === 422 && isObject(first) && Array.isArray(first['loc']) && 'msg' in first && 'type' in first) {
    return [{ of: 'fastapi', what: 'validation errors as FastAPI lists them', weight: 2 }];
  }
  if (status === 404 && detail === 'Not Found' && Object.keys(json).length === 1) {
    return [{ of: 'fastapi', what: 'a refusal as Starlette words it', weight: 1 }];
  }
  if (statusCode === status && typeof message === 'string' && message.startsWith(`Cannot ${method} /`)) {
    return [{ of: 'nestjs', what: 'an error body of NestJS', weight: 2 }];
  }
  if (json['status'] === status && typeof timestamp === 'string' && typeof path === 'string' && typeof json['error'] === 'string') {
    return [{ of: 'spring', what: 'an error body of Spring', weight: 2 }];
  }
  return [];
}

/** An object all of whose properties are `{"S": "…"}` and the like. */
function hasTypedAttributes(json: Json): boolean {
  const [item] =
    isObject(json) && Array.isArray(json['Items']) ? json['Items'] : [isObject(json) && isObject(json['Item']) ? json['Item'] : json];
  if (!isObject(item)) return false;
  const values = Object.values(item);
  return (
    values.length > 1 &&
    values.every((value) => isObject(value) && Object.keys(value).length === 1 && typedAttributes.has(Object.keys(value)[0] ?? ''))
  );
}

/** What the operations themselves say of the generator of their description. */
export function surfaceSigns({ operations }: Pick<Surface, 'operations'>): Sign[] {
  const responses = operations.flatMap((operation) => operation.responses);
  const smorest = responses.some(({ status, description }) => status === 'default' && description === 'Default error response');
  const fastapi = responses.some(
    ({ status, contents }) => status === '422' && contents.some(({ schema }) => schema?.name === 'HTTPValidationError'),
  );
  return [
    ...(smorest ? [{ of: 'flask', what: 'a description made by flask-smorest', weight: 2 } as const] : []),
    ...(fastapi ? [{ of: 'fastapi', what: 'a description made by FastAPI', weight: 2 } as const] : []),
  ];
}
