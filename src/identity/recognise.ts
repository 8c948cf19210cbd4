import { isAccountNoun, isHollowSegment, plainName, singular, wordsOf } from '../model/names.ts';
import { declaresSecurity, type Operation, type OperationId, type Surface } from '../model/operation.ts';
import { privilegeMark } from '../model/privilege.ts';
import { bodySchemaOf, fieldsOf, isIdentifying, type Field } from './fields.ts';

/** The operations by which people get in, most likely first. */
export interface Doorways {
  readonly signUps: readonly Operation[];
  readonly logIns: readonly Operation[];
  /** All of them and those that refresh tokens: their answers hold credentials by design. */
  readonly all: Set<OperationId>;
}

const signUpSegment =
  /^(?:register|registrations?|(?:register|create|add|new)(?:user|account)|user(?:register|registration|signup)|signups?|enroll)$/;
const logInSegment = /^(?:login|logins|signin|userlogin|loginuser|authenticate|authentication|obtaintoken|gettoken|createtoken|logon)$/;
const tokenSegment = /^(?:token|tokens|session|sessions|auth|accesstoken|jwt|tokenauth|apitokenauth|authtoken|authorize)$/;
const signUpText =
  /\b(?:regist(?:er|ers|ration)|sign(?:s|ing)?[- ]?up|creat(?:e|es|ing) (?:an? |your |the )?(?:new )?(?:user )?(?:account|user|member|customer)|new (?:user|account))\b/i;
const logInText =
  /\b(?:log(?:s|ging)?[- ]?in|sign(?:s|ing)?[- ]?in|authenticat(?:e|es|ion)|(?:obtain|get|issue|create)s? (?:an? |the )?(?:new )?(?:access |auth |jwt |bearer |api )?token)\b/i;
// Neighbours of sign-up and log-in, which look like them and do something else.
const otherWords = new Set(
  (
    'reset forgot forget forgotten recover recovery change confirm confirmation verify verification activate ' +
    'activation resend logout signout logoff newsletter subscribe subscription unsubscribe webhook webhooks device ' +
    'devices invite invitation unregister deregister deactivate revoke introspect callback validate check available ' +
    'availability exists mfa otp totp 2fa impersonate delete remove social'
  ).split(' '),
);
const refreshWords = new Set(['refresh', 'renew', 'renewal']);

/** Finds sign-up and log-in among the operations, by names, texts and the fields they take. */
export function recogniseDoorways(surface: Surface): Doorways {
  const tokenPaths = tokenPathsOf(surface);
  const rank = (score: (operation: Operation) => number, least: number): Operation[] =>
    surface.operations
      .map((operation) => ({ operation, points: score(operation) }))
      .filter(({ points }) => points >= least)
      .toSorted((one, other) => other.points - one.points)
      .map(({ operation }) => operation);
  const signUps = rank(signUpScore, 5);
  const logIns = rank((operation) => logInScore(operation, tokenPaths), 5).filter(
    (operation) => !signUps.includes(operation) || signUpScore(operation) < logInScore(operation, tokenPaths),
  );
  const onlySignUps = signUps.filter((operation) => !logIns.includes(operation));
  const refreshes = surface.operations.filter(isRefresh);
  return { signUps: onlySignUps, logIns, all: new Set([...onlySignUps, ...logIns, ...refreshes].map(({ id }) => id)) };
}

/** Sign-up, log-in and refresh operations: their answers hold credentials by design. */
export function authOperationsOf(surface: Surface): Set<OperationId> {
  return recogniseDoorways(surface).all;
}

function segmentsOf(operation: Operation): string[] {
  return operation.path.split('/').filter((segment) => segment !== '' && !isHollowSegment(segment));
}

function nameWords(operation: Operation): string[] {
  return [...segmentsOf(operation).flatMap(wordsOf), ...wordsOf(operation.operationId ?? '')];
}

function textOf(operation: Operation): string {
  const spoken = wordsOf(operation.operationId ?? '').join(' ');
  return `${spoken}. ${operation.summary ?? ''}. ${(operation.description ?? '').slice(0, 400)}`;
}

function isOther(operation: Operation): boolean {
  const words = nameWords(operation);
  return words.some((word) => otherWords.has(word) || refreshWords.has(word)) || operation.path.includes('{');
}

function isRefresh(operation: Operation): boolean {
  const words = nameWords(operation);
  return words.some((word) => refreshWords.has(word)) && words.some((word) => ['token', 'auth', 'session', 'jwt', 'login'].includes(word));
}

interface Shape {
  /** Nothing is known about what it takes. */
  readonly unknown: boolean;
  readonly password: boolean;
  readonly identifier: boolean;
  readonly fields: readonly Field[];
}

function shapeOf(operation: Operation): Shape {
  const fields = fieldsOf(operation);
  const password = fields.some(({ role }) => role === 'password');
  const unknown = bodySchemaOf(operation) === undefined && !password;
  return { unknown, password, identifier: fields.some(({ role }) => isIdentifying(role) || role === 'name'), fields };
}

function signUpScore(operation: Operation): number {
  if (operation.method !== 'POST' && operation.method !== 'PUT') return 0;
  if (isOther(operation)) return 0;
  const { unknown, password, identifier } = shapeOf(operation);
  const segments = segmentsOf(operation).map(plainName);
  const last = segments.at(-1) ?? '';
  if (logInSegment.test(last) || tokenSegment.test(last)) return 0;
  let points = 0;
  if (signUpSegment.test(last)) points += 6;
  else if (segments.some((segment) => signUpSegment.test(segment))) points += 4;
  else if (last === 'join' || last === 'onboard') points += password ? 4 : 2;
  else if (isAccountNoun(singular(last)) && last !== 'me' && last !== 'self') points += password ? 4 : 2;
  if (signUpText.test(textOf(operation))) points += 3;
  if (operation.tags.some((tag) => signUpText.test(tag))) points += 1;
  if (points === 0) return 0;
  if (password) points += identifier ? 5 : 4;
  // Signing up for something else (an event, a newsletter) takes no password.
  else if (!unknown) points -= 6;
  if (operation.method === 'PUT') points -= 2;
  return points - barriers(operation);
}

function logInScore(operation: Operation, tokenPaths: ReadonlySet<string>): number {
  if (isOther(operation)) return 0;
  const { unknown, password, identifier, fields } = shapeOf(operation);
  if (operation.method !== 'POST' && !(operation.method === 'GET' && password) && operation.method !== 'PUT') return 0;
  const segments = segmentsOf(operation).map(plainName);
  const last = segments.at(-1) ?? '';
  if (signUpSegment.test(last)) return 0;
  let points = 0;
  if (logInSegment.test(last)) points += 6;
  else if (tokenSegment.test(last)) points += 4;
  else if (segments.some((segment) => logInSegment.test(segment))) points += 3;
  if (tokenPaths.has(operation.path)) points += 5;
  if (logInText.test(textOf(operation))) points += 3;
  if (points === 0) return 0;
  if (password) points += identifier ? 5 : 4;
  // An API token, a refresh, or a log-in elsewhere: nothing that a password opens.
  else if (!unknown) points -= 8;
  if (password && fields.filter(({ required }) => required).length <= 4) points += 1;
  return points - barriers(operation);
}

function barriers(operation: Operation): number {
  return (declaresSecurity(operation) ? 4 : 0) + (privilegeMark(operation) === undefined ? 0 : 7) + (operation.deprecated ? 1 : 0);
}

// A token URL may be absolute, or relative to the description: its path is compared from the end.
function tokenPathsOf(surface: Surface): Set<string> {
  const urls = Object.values(surface.securitySchemes).flatMap((scheme) => (scheme.kind === 'oauth2' ? scheme.tokenUrls : []));
  const paths = urls.map((url) => (URL.canParse(url, surface.origin) ? new URL(url, surface.origin).pathname : url));
  return new Set(
    surface.operations
      .filter(({ path }) => paths.some((known) => known === path || (known.length > 3 && path.endsWith(known))))
      .map(({ path }) => path),
  );
}
