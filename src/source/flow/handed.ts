import { wordsOf } from '../../model/names.ts';
import type { Place } from '../python/syntax.ts';
import type { Callee, Frame, Machine } from './machine.ts';
import { accessOf, type Arguments, type Value } from './value.ts';

const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'credential',
  'credentials',
  'authorization',
  'apikey',
  'dsn',
]);
const secretPairs = /^(?:api|access|secret|private|signing|account|service) (?:key|keys|token|secret)$|^connection (?:string|uri|url)$/;
/** `page_token`, `csrf_token`: no secrets of anybody. */
const tokensOfNobody = /^(?:next|page|continuation|cursor|csrf|xsrf|sync|resume|stop|eos|bos|pad|sep|start|end|max|min|device)$/;

/** True for the name of what lets somebody in elsewhere. */
function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  return (secretWords.has(last) && !tokensOfNobody.test(before)) || secretPairs.test(`${before} ${last}`);
}

/** Calls that do nothing with a secret out there: they write, compare, convert, keep or look something up. */
const inert =
  /^(?:log|debug|info|warn|warning|error|exception|critical|print|getLogger|format|str|repr|bytes|len|hash|type|bool|hasattr|isinstance|encode|decode|encrypt|decrypt|encrypted|decrypted|hexdigest|digest|dumps?|loads?|parse|unparse|compare_digest|checkpw|hashpw|is|equals?|match|search|findall|sub|strip|split|join|replace|lower|upper|startswith|endswith|get|set|setex|pop|items|keys|values|append|extend|update|add|add_header|insert|remove|discard|copy|deepcopy|quote|unquote|urlencode|urlparse|b64encode|b64decode|sign|unsign|render|jsonify|Response|make_response|dump|marshal|serialize|deserialize|filter|filter_by|where|ilike|like|in_|and_|or_|select|query|count|exists|abort|redirect|url_for|flash|field|Field|Column|namedtuple|wraps|partial|set_cookie|delete_cookie|raise_for_status)$|(?:hash|mask|redact|obfuscate|sanitize|verify|validate_token|check_password|generate|fingerprint|cache|serializ|to_dict|from_dict|Schema|Response|Error|Exception|Model|DTO|View|Out|Form|Record|Event)/i;
const inertPaths =
  /^(?:\?$|logging|logger|log|structlog|json|hashlib|hmac|base64|re|copy|string|datetime|time|uuid|math|itertools|functools|collections|typing|dataclasses|pydantic|marshmallow|flask|quart|werkzeug|jwt|jose|itsdangerous|passlib|bcrypt|argon2|pyotp|cryptography|nacl|secrets|random|os\.path|pathlib|urllib\.parse|sqlalchemy|peewee|mongoengine|bson|current_app)(?:\.|$)/i;
/** Calls that make something happen out there. */
const acts =
  /^(?:connect|send|enqueue|publish|dispatch|invoke|deploy|trigger|launch|apply_async|delay|send_task|charge|refund|transfer|submit|run|restart|terminate|shutdown|reboot|spawn|subscribe|unsubscribe|notify)(?:_\w+)?$/;

/** Calls that run what they are given, or what they are called on. */
const runs = /^a?(?:run|invoke|launch|deploy|execute)$/;
const runsOurs = /^(?:asyncio|anyio|trio|app|loop|uvicorn)\b/;

/** Notes that a stored object, or a secret in it, goes to a call that cannot be looked into and that does something with it. */
export function noteHanded(machine: Machine, { path, name, receiver }: Callee, args: Arguments, at: Place, frame: Frame): void {
  const { args: positional, keywords, rest } = args;
  const given = [...positional.map((value) => ['', value] as const), ...keywords, ...(rest ? ([['', rest]] as const) : [])];
  const made = receiver?.shape.is === 'symbol' && receiver.shape.call !== undefined && runs.test(name) ? [receiver] : [];
  if (![...given.map(([, value]) => value), ...made].some(holdsObject) || inertPaths.test(path)) return;
  const secret = inert.test(name) ? new Set<number>() : new Set(given.flatMap(([label, value]) => secretsIn(label, value, 0)));
  // Parameters of a statement are not run; what somebody was made from, is.
  const isRun = runs.test(name) && !runsOurs.test(path);
  const run = new Set(isRun ? [...made, ...(name === 'execute' ? [] : positional)].flatMap(objectsOf) : []);
  const all = acts.test(name) ? given.flatMap(([, value]) => objectsOf(value)) : [];
  for (const access of new Set([...secret, ...run, ...all])) {
    const as = secret.has(access) ? 'secret' : run.has(access) ? 'run' : undefined;
    machine.trace.uses.push({
      kind: 'handed',
      access,
      field: undefined,
      value: { labels: new Set([`O:${access}`]), shape: { is: 'unknown' } },
      ...(as ? { as } : {}),
      site: machine.site(at, frame),
      facts: machine.state.facts,
    });
  }
}

function holdsObject({ labels }: Value): boolean {
  for (const label of labels) if (label.startsWith('O:')) return true;
  return false;
}

/** What came of more objects than this may be anything. */
const mostObjects = 3;

/** The objects that a value is, or was made from. */
function objectsOf({ shape, labels }: Value): readonly number[] {
  if (shape.is === 'stored') return [shape.access];
  const numbers = [...labels].flatMap((label) => accessOf(label) ?? []);
  return numbers.length > mostObjects ? [] : numbers;
}

/** Objects of which a secret is in a value: by the name of its field, or by the name under which it is handed over. */
function secretsIn(name: string, value: Value, depth: number): readonly number[] {
  if (depth > 4 || !holdsObject(value)) return [];
  const { shape } = value;
  const inner = (label: string, each: Value): readonly number[] => secretsIn(label, each, depth + 1);
  switch (shape.is) {
    case 'stored':
      return (shape.part === 'field' && isSecretName(shape.field)) || (shape.part !== 'many' && isSecretName(name)) ? [shape.access] : [];
    case 'record':
      return [
        ...[...shape.entries].flatMap(([label, entry]) => inner(isSecretName(name) ? name : label, entry)),
        ...(shape.rest && isSecretName(name) ? inner(name, shape.rest) : []),
      ];
    case 'sequence':
      return [...shape.items, ...(shape.each ? [shape.each] : [])].flatMap((item) => inner(name, item));
    case 'either':
      return shape.options.flatMap((option) => inner(name, option));
    default:
      return isSecretName(name) ? objectsOf(value) : [];
  }
}
