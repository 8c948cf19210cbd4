import { LineCounter, isMap, isScalar, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { didYouMean } from '../model/did-you-mean.ts';
import type { Surface } from '../model/operation.ts';
import { anonymousRole, decisions, type Decision, type Permissions } from '../model/permissions.ts';
import { UserError } from '../model/user-error.ts';

const words = [...decisions, 'unknown'] as const;
const topKeys = ['version', 'roles', 'permissions'] as const;
const raw = z.record(z.string(), z.unknown());
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]).nullable();

/** Complains about a place in a file, with its line. */
type Complain = (path: readonly string[], message: string, hint?: string) => UserError;

/**
 * Reads a file of permissions, as `middlebrick map` writes it and a person corrects it. `location` is named in errors. Throws
 * `UserError` with the line at fault and what was probably meant.
 */
export function parsePermissions(source: string, location: string): Permissions {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const complain: Complain = (path, message, hint) => {
    const line = lineOf(document, lines, path);
    return failure(`${location}${line === undefined ? '' : `:${line}`}: ${message}`, hint);
  };
  const [broken] = document.errors;
  if (broken) throw failure(`${location}:${lines.linePos(broken.pos[0]).line}: this is not YAML (${broken.code})`);
  const top = raw.safeParse(plainValue(document, location));
  if (!top.success) throw complain([], 'must be a map with roles and permissions');
  for (const key of Object.keys(top.data)) {
    if (!topKeys.some((known) => known === key)) throw complain([key], `unknown key "${key}"${meant(key, topKeys)}`);
  }
  if (top.data['version'] !== undefined && top.data['version'] !== 1)
    throw complain(['version'], 'is of a version that this middlebrick does not read');
  const roles = rolesOf(top.data['roles'], complain);
  return { roles, rules: rulesOf(top.data['permissions'], [anonymousRole, ...Object.keys(roles)], complain) };
}

/**
 * The permissions with the operations of a surface by their names there. An operation that a description does not have is an
 * error, so that no typing mistake goes unnoticed; where there is no description, it is a note.
 */
export function permissionsFor(permissions: Permissions, surface: Surface): { permissions: Permissions; notes: string[] } {
  const ids = surface.operations.map(({ id }) => id);
  const known = new Set(ids);
  const byShape = new Map(ids.map((id) => [shapeOf(id), id]));
  const notes: string[] = [];
  const rules = Object.entries(permissions.rules).flatMap(([name, rule]): [string, Permissions['rules'][string]][] => {
    const id = known.has(name) ? name : byShape.get(shapeOf(name));
    if (id !== undefined) return [[id, rule]];
    const message = `The permissions speak of "${name}", which ${surface.document ? 'the description does not have' : 'was not found'}`;
    if (!surface.document) notes.push(`${message}.`);
    else throw failure(`${message}${meant(name, ids)}`, 'Correct its name in the file, or take it out.');
    return [];
  });
  return { permissions: { ...permissions, rules: Object.fromEntries(rules) }, notes };
}

function rolesOf(value: unknown, complain: Complain): Record<string, readonly string[]> {
  const read = raw.safeParse(value ?? {});
  if (!read.success) throw complain(['roles'], 'roles must be a map of role names and lists of identities');
  const owners = new Map<string, string>();
  const entries = Object.entries(read.data).map(([role, list]): [string, readonly string[]] => {
    const members = names.safeParse(list);
    if (!members.success) throw complain(['roles', role], `the role "${role}" must list names of identities`);
    if (role === anonymousRole)
      throw complain(['roles', role], `"${anonymousRole}" is the caller without a credential, and has no identities`);
    for (const name of members.data ?? []) {
      if (owners.has(name)) throw complain(['roles', role], `${name} cannot have the roles "${owners.get(name) ?? ''}" and "${role}"`);
      owners.set(name, role);
    }
    return [role, members.data ?? []];
  });
  return Object.fromEntries(entries);
}

function rulesOf(value: unknown, roles: readonly string[], complain: Complain): Permissions['rules'] {
  const read = raw.safeParse(value ?? {});
  if (!read.success) throw complain(['permissions'], 'permissions must be a map of operations');
  const rules = Object.entries(read.data).map(([operation, cells]): [string, Record<string, Decision>] => {
    const row = raw.safeParse(cells);
    if (!row.success) throw complain(['permissions', operation], `"${operation}" must be a map of roles and what they may do`);
    const decided = Object.entries(row.data).flatMap(([role, word]): [string, Decision][] => {
      const at = ['permissions', operation, role];
      if (!roles.includes(role))
        throw complain(at, `no role is called "${role}"${meant(role, roles)}`, `List it under roles. The roles are: ${roles.join(', ')}.`);
      if (!words.some((known) => known === word)) throw complain(at, `"${String(word)}" is no decision${meant(String(word), words)}`);
      const decision = decisions.find((known) => known === word);
      return decision === undefined ? [] : [[role, decision]];
    });
    return [operation, Object.fromEntries(decided)];
  });
  return Object.fromEntries(rules);
}

/** An operation's name without the names of its parameters. */
function shapeOf(name: string): string {
  return name
    .trim()
    .replaceAll(/\{[^}]*\}/g, '{}')
    .replace(/\/$/, '');
}

function meant(name: string, known: readonly string[]): string {
  const close = didYouMean(name, known);
  return close === undefined ? '' : `; did you mean ${close.includes(' ') ? `"${close}"` : close}?`;
}

function plainValue(document: Document, location: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    throw failure(`${location}: its aliases expand to too much`);
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (!pair) break;
    offset = isScalar(pair.key) ? pair.key.range?.[0] : offset;
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function failure(message: string, hint?: string): UserError {
  return new UserError('permissions-invalid', message, {
    hint: hint ?? `Each operation is a map of roles and one of ${words.join(', ')}; middlebrick map writes such a file.`,
  });
}
