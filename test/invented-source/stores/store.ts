import type { Pick } from '../picker.ts';
import type { Lines, Origin } from '../python.ts';

/** A table, collection or model. */
export interface Table {
  /** `letters`. */
  readonly name: string;
  /** `Letter`. */
  readonly model: string;
  /** Without the id. */
  readonly fields: readonly string[];
  /** What its objects can do, where they are objects of a class. */
  readonly methods?: Lines;
}

/** What the fields must be equal to: `['id', 'letter_id']`. */
export type Where = readonly (readonly [field: string, expression: string])[];

/** How a data store is talked to. `into` is the variable that gets the result; every line that reaches the store goes through `mark`. */
export interface Store {
  readonly origins: readonly (readonly [string, Origin])[];
  /** Ids in paths are integers. */
  readonly isNumbered: boolean;
  /** Objects are changed by setting their attributes. */
  readonly isMapped: boolean;
  /** Connections and models. `isBefore`: the app is defined in the same module, above. */
  readonly setup: (tables: readonly Table[], pick: Pick, isBefore: boolean) => Lines;
  /** What the app does with the connection. */
  readonly bind: (isBefore: boolean) => Lines;
  /** `into` is the object, or false. */
  readonly one: (table: Table, where: Where, into: string, pick: Pick, mark: Mark) => Lines;
  readonly many: (table: Table, where: Where, into: string, pick: Pick, mark: Mark) => Lines;
  readonly add: (table: Table, values: Where, pick: Pick, mark: Mark) => Lines;
  /** `into` is false when there is no such object. Absent where writes take no other conditions than the key. */
  readonly changeWhere: (table: Table, where: Where, values: Where, into: string, pick: Pick, mark: Mark) => Lines;
  readonly removeWhere: (table: Table, where: Where, into: string, pick: Pick, mark: Mark) => Lines;
  /** Changes an object that was loaded; `where` has its id. */
  readonly change: (table: Table, object: string, where: Where, values: Where, pick: Pick, mark: Mark) => Lines;
  readonly remove: (table: Table, object: string, where: Where, pick: Pick, mark: Mark) => Lines;
  /** Changes whatever fields a mapping names. */
  readonly pour: (table: Table, object: string, where: Where, data: string, pick: Pick, mark: Mark) => Lines;
  /** Adds an object with whatever fields a mapping names. */
  readonly pourNew: (table: Table, data: string, owner: Where, pick: Pick, mark: Mark) => Lines;
  readonly field: (object: string, name: string, table: Table) => string;
}

export type Mark = (line: string) => string;

export const unmarkedLine: Mark = (line) => line;

/** `a=x, b=y`. */
export function keywords(values: Where): string {
  return values.map(([name, value]) => `${name}=${value}`).join(', ');
}

/** `{'a': x, 'b': y}`. */
export function mapping(values: Where): string {
  return `{${values.map(([name, value]) => `'${name}': ${value}`).join(', ')}}`;
}
