import { guarded, type Guarded } from './guarded.ts';
import { block, type Lines } from './python.ts';
import { load, parameterOf, unlessThere, type Scene } from './scene.ts';
import type { Table, Where } from './stores/store.ts';

const none: Guarded = { decorators: [], around: (inner) => inner };

/** Changes or removes through the layer of the operation. */
export function write(scene: Scene, kind: 'change' | 'remove', table: Table, object: string, id: string, values: Where): Lines {
  const { workshop, operation, store, mark, pick } = scene;
  const target: Where = store.isMapped ? [['row', object]] : [['key', id], ...(needsObject(scene) ? [['row', object] as const] : [])];
  return workshop.place(
    {
      layer: operation.layer,
      noun: table.model.toLowerCase(),
      name: kind === 'change' ? (operation.kind === 'action' ? 'close' : 'alter') : 'drop',
      given: [...target, ...values],
      into: undefined,
      body: (of) => {
        const where: Where = [['id', store.isMapped ? store.field(of('row'), 'id', table) : of('key')]];
        const written = values.map(([name]) => [name, of(name)] as const);
        return kind === 'change'
          ? store.change(table, of('row'), where, written, pick, mark)
          : store.remove(table, of('row'), where, pick, mark);
      },
    },
    pick,
    mark,
  );
}

function needsObject({ design }: Scene): boolean {
  return design.store === 'dictionary';
}

/** A write whose conditions name the owner, or not. */
function writeWhere(scene: Scene, kind: 'change' | 'remove', table: Table, where: Where, values: Where): Lines {
  const { workshop, operation, store, mark, pick } = scene;
  return [
    ...workshop.place(
      {
        layer: operation.layer,
        noun: table.model.toLowerCase(),
        name: `${kind === 'change' ? 'alter' : 'drop'}_where`,
        given: [...where, ...values].map(([name, value]) => [parameterOf(name), value]),
        into: 'done',
        body: (of, into) => {
          const conditions = where.map(([name]) => [name, of(parameterOf(name))] as const);
          const written = values.map(([name]) => [name, of(name)] as const);
          return kind === 'change'
            ? store.changeWhere(table, conditions, written, into, pick, mark)
            : store.removeWhere(table, conditions, into, pick, mark);
        },
      },
      pick,
      mark,
    ),
    ...block('if not done:', [scene.voice.refuse(404, pick)]),
  ];
}

/** Change, deletion and action of one object. */
export function onObject(
  scene: Scene,
  id: string,
  kind: 'change' | 'remove',
  values: Where,
  answer: Lines,
): Guarded & { readonly inner: Lines } {
  const { plant, resource, operation, table, object, store, pick, me } = scene;
  const isFiltered =
    operation.guard === 'query' &&
    resource.sharing === 'owned' &&
    (plant === undefined || plant === 'open' || plant === 'anonymous') &&
    pick(true, false);
  if (isFiltered) {
    const owner: Where = plant === undefined ? [[resource.owner, me]] : [];
    return { ...none, inner: [...writeWhere(scene, kind, table, [['id', id], ...owner], values), ...answer] };
  }
  if (plant === 'late-check') {
    const find = [...load(scene, table, [['id', id]], object, 'find'), ...unlessThere(scene, object)];
    const late = block(`if ${store.field(object, resource.owner, table)} != ${me}:`, [scene.voice.refuse(operation.refusal, pick)]);
    return { ...none, inner: [...find, ...write(scene, kind, table, object, id, values), ...late, ...answer] };
  }
  const sound = guarded(scene, id);
  if (plant === 'not-bound' && resource.sharing === 'owned' && sound.decorators.length === 0) {
    const cast = store.isNumbered ? 'int' : 'str';
    const other = kind === 'change' && values.length > 0 ? `${cast}(data['target'])` : "request.args.get('target')";
    const again = [`target = ${other}`, ...load(scene, table, [['id', 'target']], 'chosen', 'find'), ...unlessThere(scene, 'chosen')];
    return { ...sound, inner: [...again, ...write(scene, kind, table, 'chosen', 'target', values), ...answer] };
  }
  return { ...sound, inner: [...write(scene, kind, table, object, id, values), ...answer] };
}

/** Changes whatever the body names. */
export function pour(scene: Scene, id: string): Lines {
  const { store, table, object, pick, mark } = scene;
  return store.pour(table, object, [['id', id]], 'data', pick, mark);
}
