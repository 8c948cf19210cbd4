import { isPrivateAccountField } from '../../model/sensitive.ts';
import { isPrivilegedProperty } from '../../model/privilege.ts';
import type { Value } from '../flow/value.ts';
import { onceForEach } from '../python/walk.ts';
import { exposureOf } from '../rules/exposure.ts';
import { sensitiveField } from '../rules/resources.ts';
import type { KnownApp } from '../rules/rule.ts';

/** A field of what is stored, with those inside it. */
export interface StoredField {
  readonly name: string;
  readonly inner: Map<string, StoredField>;
}

type Fields = Map<string, StoredField>;

/** The fields of a resource, nested as they are stored, from everything that the app writes to it. */
export function storedFields(resource: string, app: KnownApp): Fields {
  return storedIn(app).get(resource) ?? new Map();
}

const storedIn = onceForEach((app: KnownApp): ReadonlyMap<string, Fields> => {
  const all = new Map<string, Fields>();
  for (const trace of [...app.runs.map((run) => run.trace), ...app.others]) {
    for (const { resource, entity, data, verb, library } of trace.accesses) {
      const fields: Fields = all.get(resource) ?? new Map();
      all.set(resource, fields);
      for (const name of entity?.fields ?? []) fieldIn(fields, name);
      if (data && verb !== 'read' && verb !== 'list' && library !== 'sqlalchemy') learn(fields, data, 0);
    }
  }
  return all;
});

function fieldIn(fields: Fields, name: string): StoredField {
  const known = fields.get(name) ?? { name, inner: new Map<string, StoredField>() };
  fields.set(name, known);
  return known;
}

function learn(fields: Fields, { shape }: Value, depth: number): void {
  if (depth > 5) return;
  if (shape.is === 'sequence') for (const item of [...shape.items, ...(shape.each ? [shape.each] : [])]) learn(fields, item, depth + 1);
  if (shape.is === 'either') for (const option of shape.options) learn(fields, option, depth + 1);
  if (shape.is !== 'record') return;
  for (const [name, value] of shape.entries) {
    if (/^[$]/.test(name)) learn(fields, value, depth + 1);
    else if (/^[A-Za-z_]\w*$/.test(name)) learn(fieldIn(fields, name).inner, value, depth + 1);
  }
}

/** Fields that other views answer by name. */
export function answeredElsewhere(resource: string, app: KnownApp): readonly string[] {
  return [...(answeredIn(app).get(resource) ?? [])];
}

const answeredIn = onceForEach((app: KnownApp): ReadonlyMap<string, ReadonlySet<string>> => {
  const all = new Map<string, Set<string>>();
  for (const run of app.runs) {
    for (const use of run.trace.uses) {
      const access = run.trace.accesses[use.access];
      if (use.kind !== 'response' || !access) continue;
      const names = all.get(access.resource) ?? new Set();
      all.set(access.resource, names);
      for (const { isWhole, fields } of exposureOf(use, access, run, app))
        if (!isWhole) for (const name of fields.filter(isOwnName)) names.add(name);
    }
  }
  return all;
});

/** Answers of DynamoDB hold more than the item. */
function isOwnName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(?:Count|Items?|ScannedCount|LastEvaluatedKey)$/.test(name);
}

/** The names that an answer may hold, top level only: nothing sensitive, and nothing that holds something sensitive. */
export function presentable(resource: string, app: KnownApp): readonly string[] {
  const fields = storedFields(resource, app);
  const known = [...fields.values()].filter((field) => !holdsSensitive(field)).map(({ name }) => name);
  const answered = answeredElsewhere(resource, app).filter((name) => !sensitiveField(name) && !fields.has(name));
  return [...new Set([...known, ...answered])].filter((name) => name !== '_id');
}

/** The same as paths, down into what is embedded: `members.name`. */
export function presentablePaths(fields: Fields, isAccount: boolean): readonly string[] {
  return [...fields.values()].flatMap((field): readonly string[] => {
    if (field.name === '_id' || isHidden(field.name, isAccount)) return [];
    if (!holdsSensitive(field)) return [field.name];
    // A copy of an account among other things is shown as people are shown to each other.
    return presentablePaths(field.inner, true).map((path) => `${field.name}.${path}`);
  });
}

function isHidden(name: string, isAccount: boolean): boolean {
  if (sensitiveField(name) !== undefined) return true;
  return isAccount && (isPrivateAccountField(name) || isPrivilegedProperty(name) || /_(?:at|id|on)$/.test(name));
}

function holdsSensitive({ name, inner }: StoredField): boolean {
  return sensitiveField(name) !== undefined || [...inner.values()].some(holdsSensitive);
}
