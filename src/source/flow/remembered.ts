import type { Bindings } from './bindings.ts';
import { labelsOf, type Arguments, type Code, type Scope, type Value } from './value.ts';

/** What a call did: what it returned, and what holds since. */
export interface Remembered {
  readonly value: Value;
  readonly before: ReadonlySet<string>;
  readonly learnt: readonly string[];
  readonly isDead: boolean;
  /** How deep it stood: deeper, less of it is looked into. */
  readonly depth: number;
  readonly version: number;
  readonly ofInstances: number;
}

/**
 * Calls of one route that were gone through already. A wrapper that calls its view in two places, or a helper that is asked for the
 * same thing again, does the same again: its accesses are known, and would only be known twice.
 */
export class Memory {
  readonly #calls = new Map<string, Remembered[]>();

  clear(): void {
    this.#calls.clear();
  }

  /** A call like this one, made where no more was known than is now. */
  recall(key: string, facts: ReadonlySet<string>, attributes: Bindings, depth: number): Remembered | undefined {
    const seesInstances = key.includes('#');
    return this.#calls
      .get(key)
      ?.find(
        (each) =>
          each.version === attributes.version &&
          (!seesInstances || each.ofInstances === attributes.ofInstances) &&
          each.depth <= depth &&
          [...each.before].every((fact) => facts.has(fact)),
      );
  }

  keep(key: string, call: Remembered): void {
    const known = this.#calls.get(key);
    if (known) known.push(call);
    else this.#calls.set(key, [call]);
  }
}

/** True when a function sees nothing that changes between two calls of it: only its arguments, its class and its module. */
export function isSelfContained({ scope }: Code): boolean {
  for (let each: Scope | undefined = scope; each; each = each.parent) if (each.isLocal) return false;
  return true;
}

const numbers = new WeakMap<object, number>();
let last = 0;

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(object, last);
  return last;
}

/** Two calls with the same key are given the same. */
export function keyOfCall(code: Code, { args, keywords, rest }: Arguments, self: Value | undefined, isTried: boolean): string {
  const named = [...keywords].map(([name, value]) => `${name}=${keyOf(value, 3)}`);
  const all = [self ? keyOf(self, 1) : '', ...args.map((arg) => keyOf(arg, 3)), ...named, rest ? `**${keyOf(rest, 3)}` : ''];
  return `${numberOf(code)}${isTried ? 't' : ''}(${all.join(';')})`;
}

/** True for what is, or holds, an instance of a class: what it has may be taken back. */
export function holdsInstance(value: Value): boolean {
  return keyOf(value, 4).includes('#');
}

/** Two values with the same key are the same, as far as `depth` looks into them. */
export function keyOf(value: Value, depth: number): string {
  const told = value.onTrue || value.onFalse ? `?${numberOf(value)}` : '';
  return `${shapeKey(value, depth)}[${[...value.labels].join(',')}]${told}`;
}

function shapeKey({ shape }: Value, depth: number): string {
  switch (shape.is) {
    case 'unknown':
      return '';
    case 'constant':
      return JSON.stringify(shape.value) + (shape.isPart ? '~' : '');
    case 'class':
      return `class ${numberOf(shape.class)}`;
    case 'instance':
      return `#${shape.id}`;
    case 'function':
      return `def ${numberOf(shape.code)}.${shape.self ? keyOf(shape.self, 1) : ''}`;
    case 'symbol':
      return shape.call ? `${shape.path}(${argumentsKey(shape.call, depth - 1)})` : shape.path;
    case 'stored':
      return `${shape.access}.${shape.part}.${shape.field}`;
    case 'column':
      return `${shape.entity}:${shape.field}`;
    case 'either':
      return depth > 0 ? `(${shape.options.map((option) => keyOf(option, depth - 1)).join('|')})` : `|${numberOf(shape.options)}`;
    case 'record': {
      if (depth <= 0 || shape.entries.size > 24) return `{${numberOf(shape)}}`;
      const entries = [...shape.entries].map(([name, entry]) => `${name}:${keyOf(entry, depth - 1)}`);
      return `{${entries.join(',')}${shape.rest ? `,**${keyOf(shape.rest, depth - 1)}` : ''}}`;
    }
    case 'sequence':
      if (depth <= 0 || shape.items.length > 24) return `<${numberOf(shape)}>`;
      return `<${shape.items.map((item) => keyOf(item, depth - 1)).join(',')}${shape.each ? `,*${keyOf(shape.each, depth - 1)}` : ''}>`;
    default:
      return `${shape.is} ${numberOf(shape)}`;
  }
}

function argumentsKey({ args, keywords, rest }: Arguments, depth: number): string {
  const values = [...args, ...keywords.values(), ...(rest ? [rest] : [])];
  if (depth <= 0) return [...labelsOf(values)].join(',');
  return [...args.map((arg) => keyOf(arg, depth)), ...[...keywords].map(([name, value]) => `${name}=${keyOf(value, depth)}`)].join(',');
}
