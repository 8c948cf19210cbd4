import { meaningOf } from '../model/answer.ts';
import { buildRequest } from '../model/build-request.ts';
import type { Answer, Request, Send } from '../model/http.ts';
import { isHollowSegment, wordsOf } from '../model/names.ts';
import { declaresSecurity, type Operation, type OperationId, type Parameter, type Surface } from '../model/operation.ts';
import { privilegeMark } from '../model/privilege.ts';
import { sampleOf, uuidFrom } from '../model/sample.ts';

/** A reading operation that may tell somebody from nobody. */
export interface Door {
  readonly operation: Operation;
  readonly request: Request;
  /** Its path holds made-up ids: 404 is then how it lets people in. */
  readonly placeholder: boolean;
}

const destructive = new Set([
  'logout',
  'signout',
  'logoff',
  'reset',
  'delete',
  'destroy',
  'remove',
  'drop',
  'purge',
  'clear',
  'wipe',
  'flush',
  'createdb',
  'seed',
  'reseed',
  'populate',
  'shutdown',
  'restart',
  'reboot',
  'kill',
  'stop',
  'revoke',
  'cancel',
  'unsubscribe',
  'deactivate',
  'init',
  'initdb',
  'install',
  'migrate',
  'truncate',
]);
const destructiveText =
  /\b(?:resets?|re-?seeds?|populates?|drops?|wipes?|truncates?|shuts? ?down|deletes?|removes?|logs? ?out|signs? ?out)\b/i;
const meLike = /^(?:me|self|profile|account|whoami|current|userinfo|dashboard|user)$/i;
const plumbing = /^(?:health|healthz|status|ping|version|docs|swagger|openapi|metrics|ready|live|favicon|robots|static|captcha)/i;

/** GET operations on which an identity can be proven, best first. Those that may destroy something are left out. */
export function doorsOf(surface: Surface, authOperations: ReadonlySet<OperationId>): Door[] {
  return surface.operations
    .filter((operation) => operation.method === 'GET' && !authOperations.has(operation.id) && !mayDestroy(operation))
    .map((operation) => ({ operation, points: scoreOf(operation) }))
    .toSorted((one, other) => other.points - one.points)
    .map(({ operation }) => doorOf(surface.origin, operation));
}

/** A door, and how it met the anonymous caller. */
export interface LockedDoor extends Door {
  readonly anonymous: Answer;
}

/** Up to `limit` doors that refuse the anonymous caller; asks at most eight. */
export async function lockedDoors(doors: readonly Door[], send: Send, limit: number): Promise<LockedDoor[]> {
  const locked: LockedDoor[] = [];
  for (const door of doors.slice(0, 8)) {
    if (locked.length >= limit) break;
    const anonymous = await send(door.request);
    if (isLocked(door, anonymous)) locked.push({ ...door, anonymous });
  }
  return locked;
}

/** True when the anonymous caller was kept out. */
export function isLocked(door: Door, anonymous: Answer): boolean {
  const meaning = meaningOf(anonymous);
  if (meaning === 'refused') return true;
  // Some targets hide what is not for everybody, or call a missing header a bad request.
  return !door.placeholder && (meaning === 'absent' || meaning === 'rejected');
}

/** True when a door that was locked for the anonymous caller let this answer's caller in. */
export function isOpened(door: Door, answer: Answer): boolean {
  if (answer.kind === 'silence') return false;
  const { status } = answer.response;
  const meaning = meaningOf(answer);
  const isAbsent = status === 404 || status === 410 || (door.operation.graphql !== undefined && meaning === 'absent');
  return meaning === 'served' || (door.placeholder && isAbsent);
}

function mayDestroy(operation: Operation): boolean {
  const words = [...operation.path.split('/').flatMap(wordsOf), ...wordsOf(operation.operationId ?? '')];
  return words.some((word) => destructive.has(word)) || destructiveText.test(operation.summary ?? '');
}

function scoreOf(operation: Operation): number {
  const segments = operation.path.split('/').filter((segment) => segment !== '' && !isHollowSegment(segment));
  const last = segments.at(-1) ?? '';
  const needed = operation.parameters.filter(({ required, in: place }) => required && place === 'query').length;
  let points = operation.path.includes('{') ? 0 : 10;
  if (declaresSecurity(operation)) points += 4;
  else if (operation.security === undefined) points += 1;
  if (meLike.test(last)) points += 3;
  if (plumbing.test(last)) points -= 5;
  if (privilegeMark(operation) !== undefined) points -= 6;
  return points - needed - (operation.deprecated ? 1 : 0);
}

function doorOf(origin: string, operation: Operation): Door {
  const inPlace = (place: Parameter['in']): Parameter[] => operation.parameters.filter((parameter) => parameter.in === place);
  const slots = [...operation.path.matchAll(/\{([^{}]+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  const path = Object.fromEntries(
    slots.map((name) => [name, placeholderFor(inPlace('path').find((parameter) => parameter.name === name))]),
  );
  const query = Object.fromEntries(
    inPlace('query')
      .filter(({ required }) => required)
      .map((parameter) => [parameter.name, queryValue(parameter)]),
  );
  return { operation, request: buildRequest(origin, operation, { path, query }), placeholder: slots.length > 0 };
}

// An id that is most likely absent: nobody's object is read.
function placeholderFor(parameter: Parameter | undefined): string {
  const { types = [], format } = parameter?.schema ?? {};
  if (types.includes('integer') || types.includes('number')) return '999999937';
  return format === 'uuid' ? uuidFrom('placeholder') : '999999937';
}

function queryValue({ schema, name }: Parameter): string {
  if (!schema) return '1';
  const { value } = sampleOf(schema, { token: () => 'placeholder', salt: name });
  return typeof value === 'string' ? value : JSON.stringify(value);
}
