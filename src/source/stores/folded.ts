import { elementsOf } from '../flow/members.ts';
import { constant, optionsOf, unknown, type Arguments, type Value } from '../flow/value.ts';

/** One operation of several that are handed over at once. */
export interface Folded {
  readonly name: string;
  readonly args: Arguments;
}

const names: Readonly<Record<string, string>> = {
  Get: 'get_item',
  Put: 'put_item',
  Update: 'update_item',
  Delete: 'delete_item',
  PutRequest: 'put_item',
  DeleteRequest: 'delete_item',
  InsertOne: 'insert_one',
  UpdateOne: 'update_one',
  UpdateMany: 'update_many',
  ReplaceOne: 'replace_one',
  DeleteOne: 'delete_one',
  DeleteMany: 'delete_many',
};

/** The operations in `[UpdateOne(filter, change)]`, `[{'Delete': {..}}]` and `{'table': {'Keys': [..]}}`, each as a call of its own. */
export function foldedIn(value: Value): readonly Folded[] {
  if (value.shape.is !== 'record') return membersOf(value).flatMap((member) => operationsIn(member, undefined));
  return [...value.shape.entries].flatMap(([table, requests]) => {
    const keys = requests.shape.is === 'record' ? requests.shape.entries.get('Keys') : undefined;
    if (!keys) return membersOf(requests).flatMap((member) => operationsIn(member, table));
    return membersOf(keys).map((key) => called('get_item', new Map([['Key', key]]), table));
  });
}

function membersOf(value: Value): readonly Value[] {
  const { shape } = value;
  if (shape.is === 'sequence') return [...shape.items, ...(shape.each ? [shape.each] : [])].flatMap(optionsOf);
  return value.labels.size === 0 ? [] : optionsOf(elementsOf(value));
}

function operationsIn({ shape }: Value, table: string | undefined): readonly Folded[] {
  if (shape.is === 'symbol') {
    const name = names[/(\w+)\(\)$/.exec(shape.path)?.[1] ?? ''];
    return name !== undefined && shape.call ? [{ name, args: shape.call }] : [];
  }
  if (shape.is !== 'record') return [];
  return [...shape.entries].flatMap(([written, request]) => {
    const name = names[written];
    return name !== undefined && request.shape.is === 'record' ? [called(name, request.shape.entries, table)] : [];
  });
}

function called(name: string, keywords: ReadonlyMap<string, Value>, table: string | undefined): Folded {
  const known = table === undefined ? keywords : new Map([['TableName', constant(table)], ...keywords]);
  return { name, args: { args: [], keywords: known.size === 0 ? new Map([['?', unknown]]) : known, rest: undefined } };
}
