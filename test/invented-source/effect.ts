import type { Variable, View } from './frameworks/framework.ts';
import { block, type Lines } from './python.ts';
import type { Scene } from './scene.ts';
import type { Table, Where } from './stores/store.ts';

/** What a view does, and how it is reached. */
export interface Effect {
  readonly method: View['method'];
  readonly path: readonly (string | Variable)[];
  readonly decorators: Lines;
  readonly body: Lines;
  readonly fields: readonly string[] | undefined;
}

/** Fields of a body, as `data` has them. */
export function given(names: readonly string[]): Where {
  return names.map((name) => [name, `data['${name}']`]);
}

/** What is shown of an object. */
export function answerOf(scene: Scene, object: string, table: Table, fields: readonly string[]): string {
  const { operation, store, workshop } = scene;
  const named = (row: string): string => `{${['id', ...fields].map((name) => `'${name}': ${store.field(row, name, table)}`).join(', ')}}`;
  if (operation.answer === 'method' && table.methods) return `${object}.to_dict()`;
  if (operation.answer === 'function') {
    const name = workshop.helper(`show_${table.model.toLowerCase()}`, (chosen) => block(`def ${chosen}(row):`, [`return ${named('row')}`]));
    return `${name}(${object})`;
  }
  return named(object);
}

export function listOf(scene: Scene, rows: string, table: Table, fields: readonly string[]): string {
  return `[${answerOf(scene, 'each', table, fields)} for each in ${rows}]`;
}
