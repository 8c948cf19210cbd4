import type { Design, Operation, PlantKind, Resource } from './design.ts';
import type { Voice, Variable } from './frameworks/framework.ts';
import type { Identity } from './identities.ts';
import { pickerOf, type Pick } from './picker.ts';
import { block, marked, type Lines } from './python.ts';
import type { Mark, Store, Table, Where } from './stores/store.ts';
import type { Given, Workshop } from './workshop.ts';

/** Everything that one operation is written from. */
export interface Scene {
  readonly design: Design;
  readonly store: Store;
  readonly identity: Identity;
  readonly voice: Voice;
  readonly workshop: Workshop;
  readonly resource: Resource;
  readonly operation: Operation;
  /** The operation's number in the answer key. */
  readonly number: number;
  readonly plant: PlantKind | undefined;
  readonly table: Table;
  readonly child: Table | undefined;
  readonly pick: Pick;
  readonly mark: Mark;
  /** The path's variable for the object, and what is called what in the view. */
  readonly variable: Variable;
  readonly object: string;
  /** The caller's id. */
  readonly me: string;
}

/** The field of a child that says below what it stands. */
export function parentField({ noun }: Resource): string {
  return `${noun}_id`;
}

export const memberships: Table = { name: 'memberships', model: 'Membership', fields: ['team_id', 'member_id'] };

/** The field that says whose an object is. */
export function holderOf({ sharing, owner }: Resource): string {
  return sharing === 'team' ? 'team_id' : owner;
}

/** Loads into `into`, wherever the operation has its data access. */
export function load(scene: Scene, table: Table, where: Where, into: string, name: string): Lines {
  const { workshop, operation, store, mark, resource } = scene;
  const given: Given = where.map(([field, expression]) => [parameterOf(field), expression]);
  return workshop.place(
    {
      layer: operation.layer,
      noun: table.model.toLowerCase(),
      name,
      given,
      into,
      body: (of, row) =>
        store.one(
          table,
          where.map(([field]) => [field, of(parameterOf(field))]),
          row,
          pickerOf(resource.operations.length * 7 + resource.noun.length * scene.design.form),
          mark,
        ),
    },
    scene.pick,
    mark,
  );
}

export function loadMany(scene: Scene, table: Table, where: Where, into: string, name: string): Lines {
  const { workshop, operation, store, mark, pick } = scene;
  const given: Given = where.map(([field, expression]) => [parameterOf(field), expression]);
  return workshop.place(
    {
      layer: operation.layer,
      noun: table.model.toLowerCase(),
      name,
      given,
      into,
      body: (of, rows) =>
        store.many(
          table,
          where.map(([field]) => [field, of(parameterOf(field))]),
          rows,
          pick,
          mark,
        ),
    },
    pick,
    mark,
  );
}

/** What a helper calls what it is given: not always like the field. */
export function parameterOf(field: string): string {
  return field === 'id' ? 'key' : field;
}

/** Turns down whoever asks for what is not there. */
export function unlessThere(scene: Scene, object: string): Lines {
  const test = scene.pick(`${object} is None`, `not ${object}`);
  return block(`if ${test}:`, [scene.voice.refuse(404, scene.pick)]);
}

export function markOf(number: number): Mark {
  return (line) => marked(line, number);
}
