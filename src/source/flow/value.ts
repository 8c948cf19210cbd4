import type { ClassDef, Expression, FunctionDef, Parameter, Place, Statement } from '../python/syntax.ts';
import type { Query } from './access.ts';
import type { Bindings } from './bindings.ts';
import type { Test } from './test.ts';

/**
 * Where a value comes from:
 * `C:name` an id or field that the client chose, `R` the whole body of a request, `K` a raw credential, `I` the verified caller,
 * `O:3` an object that the third access of this route returned, `J` JSON of any type, not yet cast to a scalar,
 * `A` an id that was found to be allowed where it was put aside, `T` text in which the caller's identity is a part, `P` what a
 * predicate said, `@json` the part of a request that an `R` is, `@cookie:sid` the very cookie of this name.
 */
export type Label = string;
export type Labels = ReadonlySet<Label>;

export interface Code {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** A lambda has one expression. */
  readonly body: readonly Statement[] | Expression;
  readonly place: Place;
  readonly scope: Scope;
  readonly file: string;
}

/** Variables of a function or module, and those around it. */
export interface Scope {
  readonly vars: Bindings;
  readonly parent: Scope | undefined;
  /** Of a function, rather than of a class or module. */
  readonly isLocal?: boolean;
  /** What a class has, its methods must ask it for. */
  readonly isClass?: boolean;
  readonly file: string;
}

export interface PythonClass {
  readonly name: string;
  readonly def: ClassDef;
  readonly scope: Scope;
  readonly bases: readonly Value[];
  readonly members: Bindings;
  /** Names with a type annotation or an assignment, in order: columns, dataclass and schema fields. */
  readonly fields: readonly string[];
}

export interface Arguments {
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** What `**mapping` may add beyond `keywords`. */
  readonly rest: Value | undefined;
}

/** What is known of a value beyond its origin. */
export type Shape =
  | { readonly is: 'unknown' }
  /** `isPart`: text of which only this part is known. `isStart`: it is the part that it begins with. */
  | { readonly is: 'constant'; readonly value: string | number | boolean | null; readonly isPart?: boolean; readonly isStart?: boolean }
  /** `rest`: what else may be in it. `isClosed`: nothing else is, whatever was done with it. */
  | {
      readonly is: 'record';
      readonly entries: ReadonlyMap<string, Value>;
      readonly rest: Value | undefined;
      readonly isClosed?: boolean;
    }
  /** `each`: further members, of unknown number. */
  | { readonly is: 'sequence'; readonly items: readonly Value[]; readonly each: Value | undefined }
  /** `by`: facts that decorators establish which cannot be looked into. `given`: what decorators hand over first. */
  | {
      readonly is: 'function';
      readonly code: Code;
      readonly self: Value | undefined;
      readonly by?: readonly string[];
      readonly given?: readonly Value[];
      /** What they hand over by name. */
      readonly named?: ReadonlyMap<string, Value>;
      /** What a method gets first: its class, or nothing. */
      readonly binds?: 'class' | 'nothing';
      /** `@property`: who names it gets what it returns. */
      readonly isProperty?: boolean;
      /** It is given its class and a query of it, and is the query that it returns. */
      readonly isManager?: boolean;
      /** The function that decorators stand around. */
      readonly origin?: Code;
    }
  /** `after`: `super()`, which has the members of the classes behind this one. */
  | { readonly is: 'class'; readonly class: PythonClass; readonly after?: PythonClass; readonly by?: readonly string[] }
  /** `call`: what it was made with, where its class is derived from one of a library. */
  | {
      readonly is: 'instance';
      readonly class: PythonClass;
      readonly id: number;
      readonly after?: PythonClass;
      readonly call?: Arguments;
    }
  /** Something of a library: `flask.request.args`, `pymongo.MongoClient()`. `site` tells two constructions apart. */
  | {
      readonly is: 'symbol';
      readonly path: string;
      readonly call: Arguments | undefined;
      readonly receiver: Value | undefined;
      readonly site: number;
    }
  /** What an access returned: the object (`whole`), a list of them (`many`), or what one of its fields holds. */
  | {
      readonly is: 'stored';
      readonly access: number;
      readonly part: 'whole' | 'many' | 'field';
      readonly field: string;
      readonly entity: PythonClass | undefined;
      readonly after?: PythonClass;
    }
  /** How many rows an access found or changed, or whether any: it tells that of them, and nothing else. */
  | { readonly is: 'outcome'; readonly access: number }
  | { readonly is: 'query'; readonly query: Query }
  | { readonly is: 'column'; readonly entity: string; readonly field: string }
  | { readonly is: 'test'; readonly test: Test }
  /** What was sent: `status` when it is known. */
  | { readonly is: 'response'; readonly body: Value; readonly status: number | undefined; readonly place: Place }
  | { readonly is: 'either'; readonly options: readonly Value[] };

export interface Value {
  readonly labels: Labels;
  readonly shape: Shape;
  /** Facts that hold where the value is true, or false: what a helper found out before it returned. */
  readonly onTrue?: ReadonlySet<string>;
  readonly onFalse?: ReadonlySet<string>;
  /** Never `None` nor empty: a variable of the path. */
  readonly isPresent?: boolean;
  /** A constant that a parameter was given, or has without being given any: it says which way the call goes. */
  readonly isGiven?: boolean;
  /** Of text that is put together: its parts, in order. */
  readonly parts?: readonly Value[];
  /** One member of the tuples that a function may return. */
  readonly tuple?: { readonly rows: readonly TupleRow[]; readonly at: number };
}

/** One of the tuples that a function may return, with what holds where it returns this one. */
export interface TupleRow {
  readonly values: readonly Value[];
  readonly facts: ReadonlySet<string>;
}

export const noLabels: Labels = new Set();
export const unknown: Value = { labels: noLabels, shape: { is: 'unknown' } };
export const none: Value = { labels: noLabels, shape: { is: 'constant', value: null } };

export function constant(value: string | number | boolean | null): Value {
  return { labels: noLabels, shape: { is: 'constant', value } };
}

export function labelled(...labels: Label[]): Value {
  return { labels: new Set(labels), shape: { is: 'unknown' } };
}

export function opaque(labels: Labels): Value {
  return labels.size === 0 ? unknown : { labels, shape: { is: 'unknown' } };
}

export function symbol(path: string, labels: Labels = noLabels): Value {
  return { labels, shape: { is: 'symbol', path, call: undefined, receiver: undefined, site: 0 } };
}

export function record(entries: ReadonlyMap<string, Value>, rest?: Value): Value {
  return { labels: labelsOf([...entries.values(), ...(rest ? [rest] : [])]), shape: { is: 'record', entries, rest } };
}

export function sequence(items: readonly Value[], each?: Value): Value {
  return { labels: labelsOf([...items, ...(each ? [each] : [])]), shape: { is: 'sequence', items, each } };
}

export function testValue(test: Test): Value {
  return { labels: noLabels, shape: { is: 'test', test } };
}

export function labelsOf(values: readonly Value[]): Labels {
  const [first, ...others] = values.filter((value) => value.labels.size > 0);
  if (!first) return noLabels;
  if (others.length === 0) return first.labels;
  const union = new Set(first.labels);
  for (const value of others) for (const label of value.labels) union.add(label);
  return union;
}

export function withLabels(value: Value, labels: Labels): Value {
  return { ...value, labels };
}

/** The value without some of its labels. */
export function without(value: Value, isDropped: (label: Label) => boolean): Value {
  const kept = [...value.labels].filter((label) => !isDropped(label));
  return kept.length === value.labels.size ? value : { ...value, labels: new Set(kept) };
}

export function isClientLabel(label: Label): boolean {
  return label === 'R' || label.startsWith('C:');
}

/** True for a label that says in which part of a request something stands. */
export function isPlaceLabel(label: Label): boolean {
  return label.startsWith('@');
}

/** Of what a value is, not of which type or where it was sent. */
export function isOrigin(label: Label): boolean {
  return label !== 'J' && !isPlaceLabel(label);
}

export function hasClient(value: Value): boolean {
  return [...value.labels].some(isClientLabel);
}

/** The label of a cookie as it was sent. */
export function cookieLabel(name: string): Label {
  return `@cookie:${name}`;
}

/** Origins of what was made from a value: it is no longer the cookie itself. */
export function derivedFrom(labels: Labels): Labels {
  const kept = [...labels].filter((label) => !label.startsWith('@cookie:'));
  return kept.length === labels.size ? labels : new Set(kept);
}

/** Number of the access in an `O:` label. */
export function accessOf(label: Label): number | undefined {
  return label.startsWith('O:') ? Number(label.slice(2)) : undefined;
}

export function textOf(value: Value): string | undefined {
  return value.shape.is === 'constant' && typeof value.shape.value === 'string' ? value.shape.value : undefined;
}

/** The possibilities of a value: itself, unless it is one of several. */
export function optionsOf(value: Value): readonly Value[] {
  return value.shape.is === 'either' ? value.shape.options : [value];
}

const mostOptions = 6;

/** What is one of several values. What is known of one is kept beside what is unknown of another. */
export function join(values: readonly Value[]): Value {
  const [first, ...others] = values;
  if (!first) return unknown;
  if (others.every((other) => other === first)) return first;
  const labels = labelsOf(values);
  const options: Value[] = [];
  for (const option of values.flatMap(optionsOf)) {
    if (!isBare(option) && !options.some((other) => isSame(other.shape, option.shape))) options.push(option);
  }
  const [only, ...more] = options;
  if (!only) return { labels, shape: values.every((value) => value.shape.is === 'constant') ? first.shape : { is: 'unknown' } };
  if (more.length === 0) return { labels, shape: only.shape };
  return { labels, shape: { is: 'either', options: options.slice(0, mostOptions) } };
}

/** Nothing that would be missed: `None`, `{}`, or something without origin. */
function isBare({ shape, labels }: Value): boolean {
  if (shape.is === 'unknown') return labels.size === 0;
  if (shape.is === 'constant') return shape.value === null || shape.value === '';
  if (shape.is === 'record') return shape.entries.size === 0 && !shape.rest;
  return shape.is === 'sequence' && shape.items.length === 0 && !shape.each;
}

function isSame(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.is === 'constant' && b.is === 'constant') return a.value === b.value;
  if (a.is === 'unknown' && b.is === 'unknown') return true;
  if (a.is === 'symbol' && b.is === 'symbol') return a.path === b.path;
  if (a.is === 'outcome' && b.is === 'outcome') return a.access === b.access;
  if (a.is === 'stored' && b.is === 'stored') return a.access === b.access && a.part === b.part && a.field === b.field;
  return a.is === 'function' && b.is === 'function' && a.code === b.code;
}

/** A function of the source as a value. */
export function functionValue(def: FunctionDef, scope: Scope): Value {
  const { name, parameters, body } = def;
  return {
    labels: noLabels,
    shape: { is: 'function', code: { name, parameters, body, place: def, scope, file: scope.file }, self: undefined },
  };
}
