import { credentialHeader } from '../flow/credentials.ts';
import { relate } from '../flow/facts.ts';
import { noteNamed } from '../flow/inputs.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { cookieLabel, labelsOf, opaque, symbol, textOf, unknown, type Arguments, type Labels, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';

const callerLabels: Labels = new Set(['I']);
const caller: Value = opaque(callerLabels);
/** Attributes of `flask.g` and of the request that stand for the caller when nothing else is known of them. */
const callerName =
  /user|account|member|principal|identity|tenant|\borg|customer|merchant|uid|auth|claims|token|api_?key|^key$|subject|^me$|actor|current/i;

/** A path of Flask or Quart without its package: `request.args`. */
export function flaskPath(path: string): string | undefined {
  if (flaskPaths.has(path)) return flaskPaths.get(path);
  if (flaskPaths.size > mostPaths) flaskPaths.clear();
  const found = withoutPackage(path);
  flaskPaths.set(path, found);
  return found;
}

const flaskPaths = new Map<string, string | undefined>();
const mostPaths = 50_000;

function withoutPackage(path: string): string | undefined {
  const match =
    /^(?:(?:flask|quart)(?:\.\w+)*?\.)?((?:request|session|g|current_app|jsonify|abort|make_response|Response|redirect|render_template(?:_string)?|send_file|send_from_directory|stream_with_context|Flask|Blueprint)(?:[.([].*)?)$/.exec(
      path,
    );
  return match?.[1];
}

/** What a request holds, and who sends it. */
export const requestData: Library = {
  labels(path) {
    if (
      /^(?:flask_login|flask_jwt_extended|flask_security|flask_praetorian|flask_user)\.current_user/.test(path) ||
      path === 'current_user'
    )
      return callerLabels;
    return flaskPath(path) === 'session' ? callerLabels : undefined;
  },
  attribute(machine, value, name, at, frame) {
    if (value.shape.is !== 'symbol') return undefined;
    const proxied = callerBehind(value);
    if (proxied)
      return machine.attribute(machine.call(proxied, { args: [], keywords: new Map(), rest: undefined }, at, frame), name, at, frame);
    // flask-restx: the body of the request, from whatever registers the view.
    if (name === 'payload' && /(?:^|\.)(?:Namespace|Api)\(\)$/.test(value.shape.path)) return opaque(new Set(['R', 'J', '@json']));
    const path = flaskPath(value.shape.path);
    const key = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
    if (path === 'request') return machine.state.attributes.get(`request.${name}`) ?? ofRequest(name);
    if (path === 'request.url_rule') return machine.state.attributes.get(`request.url_rule.${name}`);
    if (path === 'request.headers' && name !== 'get') {
      if (key !== name) noteNamed(machine, 'header', key, true, at, frame);
      return header(key);
    }
    if (path === 'request.cookies' && name !== 'get') return cookie(machine, key, at, frame);
    if (path === 'session' && !/^(?:get|pop|clear|setdefault)$/.test(name)) return caller;
    if (path === 'g' && name !== 'get') return ofContext(machine, key);
    return undefined;
  },
  call(machine, { path: whole, name, receiver }, args, at, frame) {
    const path = flaskPath(whole) ?? whole;
    const key = args.args[0] && textOf(args.args[0]);
    if (receiver && /^(?:set|delete)_cookie$/.test(name)) noteCookie(machine, name, args, at, frame);
    switch (path) {
      case 'request.get_json':
        return opaque(new Set(['R', 'J', '@json']));
      case 'request.get_data':
        return opaque(new Set(['R', '@json']));
      case 'request.headers.get':
        noteNamed(machine, 'header', key, false, at, frame);
        return withFallback(header(key ?? ''), args);
      case 'request.cookies.get':
        return cookie(machine, key, at, frame);
      case 'session.get':
      case 'session.pop':
        return heldBySession(machine, args.args[0]);
      case 'g.get':
        return ofContext(machine, key ?? '');
      default:
        return name === 'parse_args' && receiver ? opaque(new Set(['C:*'])) : ofIdentityLibrary(machine, whole, args, at, frame);
    }
  },
};

/** `me = LocalProxy(current_member)`: the function that says who calls. */
function callerBehind({ shape }: Value): Value | undefined {
  const [behind] = shape.is === 'symbol' && /(?:^|\.)LocalProxy\(\)$/.test(shape.path) ? (shape.call?.args ?? []) : [];
  const name = behind?.shape.is === 'function' ? behind.shape.code.name : '';
  return /(?:user|member|account|person|principal|identity|caller|me)$/i.test(name) ? behind : undefined;
}

function ofRequest(name: string): Value | undefined {
  switch (name) {
    case 'json':
      return opaque(new Set(['R', 'J', '@json']));
    case 'args':
    case 'values':
      return opaque(new Set(['R', '@query']));
    case 'form':
      return opaque(new Set(['R', '@form']));
    // What is uploaded is content: it names nothing.
    case 'files':
      return opaque(new Set(['@file']));
    case 'data':
    case 'stream':
      return opaque(new Set(['R', '@json']));
    case 'view_args':
      return opaque(new Set(['R']));
    case 'authorization':
    case 'access_route':
      return opaque(new Set(['K']));
    case 'url_rule':
      return symbol('flask.request.url_rule');
    case 'method':
    case 'path':
    case 'endpoint':
    case 'blueprint':
    case 'url':
    case 'mimetype':
    case 'content_type':
    case 'remote_addr':
      return unknown;
    default:
      return callerName.test(name) && !/^(?:get_|headers|cookies)/.test(name) ? caller : undefined;
  }
}

function header(name: string): Value {
  return opaque(new Set([credentialHeader.test(name) ? 'K' : `C:${name}`]));
}

/** What a session holds under an id was put there for this caller. */
function heldBySession(machine: Machine, key: Value | undefined): Value {
  if (!key || key.labels.size === 0) return caller;
  return { ...caller, onTrue: new Set(relate([caller, key], machine.state.facts, machine.trace.accesses, false)) };
}

function cookie(machine: Machine, name: string | undefined, at: Place, frame: Frame): Value {
  if (name === undefined || !/^[\w.-]+$/.test(name)) return opaque(new Set(['K']));
  machine.trace.moments.push({ is: 'cookie-read', name, site: machine.site(at, frame) });
  return opaque(new Set(['K', cookieLabel(name)]));
}

function noteCookie(machine: Machine, how: string, { args, keywords }: Arguments, at: Place, frame: Frame): void {
  const [key, value] = [keywords.get('key') ?? args[0], keywords.get('value') ?? args[1]];
  const name = key && textOf(key);
  if (name === undefined) return;
  if (how === 'delete_cookie') machine.trace.moments.push({ is: 'cookie-deleted', name, site: machine.site(at, frame) });
  else if (value) machine.trace.moments.push({ is: 'cookie-set', name, value, site: machine.site(at, frame) });
}

function withFallback(value: Value, { args, keywords }: Arguments): Value {
  const fallback = args[1] ?? keywords.get('default');
  return fallback && fallback.labels.size > 0 ? opaque(labelsOf([value, fallback])) : value;
}

function ofContext(machine: Machine, name: string): Value | undefined {
  const known = machine.state.attributes.get(`flask.g.${name}`) ?? machine.state.attributes.get(`g.${name}`);
  if (known) return known;
  return callerName.test(name)
    ? { labels: callerLabels, shape: { is: 'symbol', path: `flask.g.${name}`, call: undefined, receiver: undefined, site: 0 } }
    : undefined;
}

/** Libraries that verify a token and say whose it is. */
function ofIdentityLibrary(machine: Machine, path: string, args: Arguments, at: Place, frame: Frame): Value | undefined {
  if (/^flask_jwt_extended\.(?:get_jwt_identity|get_jwt|get_current_user|get_jwt_claims|get_raw_jwt)$/.test(path)) return caller;
  if (/\.(?:current_user|username)$/.test(path) && /auth/i.test(path)) return caller;
  if (/^flask_jwt_extended\.verify_jwt_in_request$/.test(path)) {
    machine.add(['caller']);
    return unknown;
  }
  if (
    /^(?:jwt|jose\.jwt|jose|authlib\.jose\.(?:jwt|JsonWebToken\(\))|authlib\.jose|pyjwt|jwt\.PyJWT\(\)|flask_jwt_extended)\.decode(?:_token)?$/.test(
      path,
    )
  ) {
    machine.trace.moments.push({ is: 'token-decoded', call: args, site: machine.site(at, frame) });
    machine.add(['caller']);
    return caller;
  }
  if (/^jose\.jwt\.get_unverified_claims$/.test(path)) {
    machine.trace.moments.push({ is: 'token-decoded', call: args, isUnverified: true, site: machine.site(at, frame) });
    return caller;
  }
  if (/^itsdangerous\..*\.loads$/.test(path)) return caller;
  return undefined;
}

/** The variables of a route, as its view gets them. */
export function variablesOf(names: readonly string[]): readonly (readonly [string, Value])[] {
  return names.map((name) => [name, { ...opaque(new Set([`C:${name}`])), isPresent: true }]);
}
