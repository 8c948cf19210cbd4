import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Permissions } from '../../src/model/permissions.ts';
import { bindingOf, itemOf, itemsOf } from './binding.ts';
import { isPlanted, type Blueprint, type Plant } from './blueprint.ts';
import { mint } from './identifiers.ts';
import { envelopeSchema, invalid, itemReply, listReply, notYours, turnedAway } from './replies.ts';
import { typeOf } from './resource-routes.ts';
import type { Route, State, Visit } from './state.ts';

/** What only administrators do, beside reading the totals. */
export interface Office {
  /** A board that all accounts read, and administrators write on. */
  readonly board: boolean;
  /** Administrators remove any object of the first resource by an operation of their own. */
  readonly removal: boolean;
  /** Pages for administrators, under a path that says nothing. */
  readonly desk: boolean;
  /** The scan is told who may do what. */
  readonly told: boolean;
}

const boards = new WeakMap<State, JsonObject[]>();

function boardOf(state: State): JsonObject[] {
  const board = boards.get(state) ?? [];
  boards.set(state, board);
  return board;
}

function mayAt({ state, caller }: Visit, kind: 'privileged' | 'boundary', route: string): boolean {
  return caller?.role === 'admin' || (caller !== undefined && isPlanted(state.blueprint, kind, route));
}

const publish: Route['handle'] = (visit) => {
  const { state, caller, body } = visit;
  if (!caller) return turnedAway(state);
  if (!mayAt(visit, 'privileged', 'office.publish')) return notYours(visit, true);
  if (typeof body['headline'] !== 'string' || body['headline'] === '') return invalid(state, 'headline');
  const notice = { id: mint('uuid4', 'notice', state.next(), ''), headline: body['headline'], story: body['story'] ?? '' };
  boardOf(state).push(notice);
  return itemReply(state, 'notice', notice, 201);
};

const read: Route['handle'] = ({ state, caller }) => (caller ? listReply(state, 'notices', boardOf(state)) : turnedAway(state));

const removeAny: Route['handle'] = (visit) => {
  const { state, caller } = visit;
  const binding = bindingOf(state.blueprint, 0);
  if (!caller || !binding) return turnedAway(state);
  const item = itemOf(binding, visit);
  if (!item || !mayAt(visit, 'privileged', 'office.remove')) return notYours(visit, true);
  const all = itemsOf(binding, visit);
  all.splice(all.indexOf(item), 1);
  return { status: 204 };
};

const desk: Readonly<Record<string, JsonObject>> = {
  queues: { waiting: 7, oldest: 'an hour and a half' },
  audit: { entries: 412, last: 'a change of plan' },
  limits: { daily: 9_000, burst: 'forty in a second' },
  export: { rows: 41_250, bucket: 'north-archive' },
};

function page(name: string): Route['handle'] {
  return (visit) => {
    const { state, caller } = visit;
    if (!caller) return turnedAway(state);
    return mayAt(visit, 'boundary', `desk.${name}`) ? itemReply(state, name, desk[name] ?? {}) : notYours(visit);
  };
}

/** True where there is an object to remove, and a way to make one. */
function hasRemoval({ office, resources, accounts, admin }: Blueprint): boolean {
  const [first] = resources;
  return (
    office.removal &&
    admin !== 'none' &&
    accounts.from !== 'lent-read' &&
    first?.place === 'path' &&
    first.id !== 'composite' &&
    first.operations !== 'read-only'
  );
}

function hasBoard({ office, accounts, admin }: Blueprint): boolean {
  return office.board && admin !== 'none' && accounts.from !== 'lent-read';
}

/** The operations of administrators; those of the board and of removals say so in the way of the blueprint. */
export function officeRoutes(blueprint: Blueprint): Route[] {
  const { style, admin, office } = blueprint;
  const text: Json = { type: 'string' };
  const says = { tag: admin === 'tag' ? 'Admin' : 'office', base: `${style.base}${admin === 'path' ? '/admin' : ''}` };
  const summary = (words: string): string => (admin === 'summary' ? `${words} (admins only)` : words);
  const common = { secured: true, tag: 'office', parameters: [] };
  const binding = bindingOf(blueprint, 0);
  const removal: Route[] = [];
  if (binding && hasRemoval(blueprint)) {
    const parameters = [{ name: binding.slot, in: 'path' as const, type: typeOf(binding.resource.id) }];
    const path = `${says.base}/${admin === 'path' ? '' : 'clearing/'}${binding.nouns}/{${binding.slot}}`;
    removal.push({
      ...common,
      parameters,
      tag: says.tag,
      name: 'office.remove',
      method: 'DELETE',
      path,
      summary: summary('Remove one'),
      handle: removeAny,
    });
  }
  const body = { headline: text, story: text };
  const shape: Json = { type: 'object', properties: { id: { ...text, readOnly: true }, ...body } };
  const board: Route[] = [
    {
      ...common,
      name: 'office.board',
      method: 'GET',
      path: `${style.base}/notices`,
      summary: 'The board',
      handle: read,
      returns: envelopeSchema(blueprint, 'notices', shape, true),
    },
    {
      ...common,
      tag: says.tag,
      name: 'office.publish',
      method: 'POST',
      path: `${says.base}/notices`,
      summary: summary('Put up a notice'),
      body,
      required: ['headline'],
      handle: publish,
    },
  ];
  const pages = Object.keys(desk).map((name): Route => ({
    ...common,
    name: `desk.${name}`,
    method: 'GET',
    path: `${style.base}/desk/${name}`,
    summary: `The ${name}`,
    handle: page(name),
  }));
  return [...(hasBoard(blueprint) ? board : []), ...removal, ...(office.desk ? pages : [])];
}

/** The weaknesses that the office has room for. */
export function officePlants(blueprint: Blueprint): Plant[] {
  return [
    ...(hasBoard(blueprint) ? [{ kind: 'privileged', route: 'office.publish' } as const] : []),
    ...(hasRemoval(blueprint) ? [{ kind: 'privileged', route: 'office.remove' } as const] : []),
    ...(blueprint.office.desk && blueprint.root ? [{ kind: 'boundary', route: 'desk.export' } as const] : []),
  ];
}

/** True where a scan is told who may do what: a description must name the operations. */
export function isTold({ office, description }: Blueprint): boolean {
  return office.told && (description === 'right' || description === 'unsure');
}

/** Who may do what in the office, as somebody who knows would write it down. */
export function toldPermissions(blueprint: Blueprint, routes: readonly Route[]): Permissions | undefined {
  if (!isTold(blueprint)) return undefined;
  const closed = routes.filter(({ name }) => /^(?:admin$|desk\.|office\.(?!board))/.test(name));
  const rules = closed.map(
    ({ method, path }) => [`${method} ${path}`, { anonymous: 'deny', user: 'deny', admin: 'allow' } as const] as const,
  );
  return { roles: {}, rules: Object.fromEntries(rules) };
}
