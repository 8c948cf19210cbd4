import { singular, wordsOf } from '../model/names.ts';
import type { ObjectKey, SourceLocation, View, ViewInput } from '../model/source.ts';
import type { Run } from './flask/run-route.ts';
import type { Route } from './flask/routes.ts';
import type { Access, Condition } from './flow/access.ts';
import { hasClient, type Value } from './flow/value.ts';
import { inputsOf } from './inputs.ts';
import { isRead, sensitiveField } from './rules/resources.ts';
import type { Place } from './python/syntax.ts';
import type { App } from './rules/rule.ts';

/** A view with everything that its run tells of it: what it reads from a request, which objects it looks up, what it overwrites. */
export function viewOf(run: Run, app: App, suspects: readonly string[], textOf: (place: Place, file: string) => string): View {
  const { route, isAuthenticated } = run;
  const inputs = inputsOf(run, textOf);
  const summary = summaryOf(route);
  return {
    methods: route.methods,
    rule: route.rule === '' ? '/' : route.rule,
    isPartial: route.isPartial,
    isAuthenticated,
    view: locationOf(route),
    inputs,
    suspects,
    keys: keysOf(run, inputs),
    assignable: assignableOf(run, app),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** Where the view begins. */
export function locationOf({ code }: Route): SourceLocation {
  return { file: code.file, line: code.place.line, column: code.place.column, function: code.name };
}

function summaryOf({ code }: Route): string | undefined {
  const [first] = Array.isArray(code.body) ? code.body : [];
  const text = first?.kind === 'Expr' && first.value?.kind === 'Constant' ? first.value.value : undefined;
  const line = typeof text === 'string' ? text.trim().split('\n')[0]?.trim() : undefined;
  return line === undefined || line === '' ? undefined : line.slice(0, 200);
}

/** The parameters by which objects are looked up, with what they are. */
function keysOf({ trace, route }: Run, inputs: readonly ViewInput[]): readonly ObjectKey[] {
  const found = new Map<string, ObjectKey>();
  for (const access of trace.accesses) {
    if (access.verb === 'create' || access.isGuess) continue;
    for (const { field, name } of access.conditions.flatMap(keysIn)) {
      const type = typeBy(field, access.resource);
      const place = route.variables.some((variable) => variable.name === name)
        ? 'path'
        : partOf(inputs.find((input) => input.name === name)?.in);
      if (place !== undefined && type !== '')
        found.set(`${place} ${name}`, found.get(`${place} ${name}`) ?? { in: place, name, type, field });
    }
  }
  return [...found.values()];
}

function keysIn(condition: Condition): readonly { readonly field: string; readonly name: string }[] {
  if (condition.is !== 'field') return condition.parts.flatMap(keysIn);
  const { field, binds, value } = condition;
  if (!binds) return [];
  return [...value.labels].flatMap((label) => (label.startsWith('C:') && label !== 'C:*' ? [{ field, name: label.slice(2) }] : []));
}

/** `member_id` of a message names a member; `_id` and `message_id` name the message itself. */
function typeBy(field: string, resource: string): string {
  const own = typeOf(resource);
  const words = wordsOf(field);
  const [last = ''] = words.slice(-1);
  const stem = /^(?:id|uuid|guid|pk|oid)$/.test(last) ? singular(words.at(-2) ?? '') : '';
  return stem === '' || wordsOf(resource).map(singular).includes(stem) ? own : stem;
}

function partOf(place: ViewInput['in'] | undefined): ObjectKey['in'] | undefined {
  if (place === 'json' || place === 'form') return 'body';
  return place === 'query' || place === 'header' ? place : undefined;
}

/** `posts_table`, `PostModel` → `post`. */
function typeOf(resource: string): string {
  const words = wordsOf(resource.replace(/[_-]?(?:table|collection|model|entity|document)s?$/i, ''));
  return singular(words.at(-1) ?? '');
}

const serverOwn = /^_?id$|_at$|At$|date|time|version|revision|slug/i;

/**
 * Properties that a body could override where it is stored as it came, and that callers are not meant to set: those that are
 * internal by name, and those that only privileged views write.
 */
function assignableOf(run: Run, app: App): readonly string[] {
  const resources = new Set(run.trace.accesses.filter((access) => !isRead(access) && holdsBody(access)).map(({ resource }) => resource));
  for (const moment of run.trace.moments) {
    const number = moment.is === 'assigned' && moment.name.labels.has('R') ? moment.access : undefined;
    const access = number === undefined ? undefined : run.trace.accesses[number];
    if (access) resources.add(access.resource);
  }
  return [...resources].flatMap((name) => {
    const privileged = new Set(app.runs.filter(isPrivileged).flatMap((each) => writtenBy(each, name)));
    const ordinary = new Set(app.runs.filter((each) => !isPrivileged(each)).flatMap((each) => writtenBy(each, name)));
    return [...(app.resources.get(name)?.fields ?? [])].filter(
      (field) =>
        !serverOwn.test(field) &&
        !ordinary.has(field) &&
        (sensitiveField(field) === 'internal field' || (privileged.has(field) && !isPrivileged(run))),
    );
  });
}

function holdsBody({ data }: Access): boolean {
  return data !== undefined && data.labels.has('R');
}

function isPrivileged({ entry, trace }: Run): boolean {
  return entry.has('role') || (trace.accesses.length > 0 && trace.accesses.some(({ facts }) => facts.has('role')));
}

/** Fields of a resource that a view sets from what the caller sent, each by its name. */
function writtenBy({ trace }: Run, resource: string): readonly string[] {
  const data = trace.accesses.filter((access) => access.resource === resource && !isRead(access)).flatMap(({ data }) => data ?? []);
  const attributes = trace.uses.flatMap(({ kind, access, field, value }) =>
    kind === 'update' && field !== undefined && trace.accesses[access]?.resource === resource && hasClient(value) ? [field] : [],
  );
  return [...data.flatMap((value) => namedIn(value, 0)), ...attributes];
}

function namedIn({ shape }: Value, depth: number): readonly string[] {
  if (shape.is !== 'record' || depth > 3) return [];
  return [...shape.entries].flatMap(([name, value]) => (/^[$#:]/.test(name) ? namedIn(value, depth + 1) : hasClient(value) ? [name] : []));
}
