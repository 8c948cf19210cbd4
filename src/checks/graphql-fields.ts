import { isServed } from '../model/answer.ts';
import type { Answer } from '../model/http.ts';
import { jsonOf } from '../model/http.ts';
import { atPointer, isObject } from '../model/json.ts';
import type { OperationId } from '../model/operation.ts';
import type { World } from '../model/world.ts';
import { exposures, type Exposure } from './exposures.ts';

/**
 * Of a GraphQL field such as `User.passwordHash`, the operation that is to tell of it: the field is one flaw, wherever its type turns
 * up. It is the one whose answer has it nearest to the top, queries first. `undefined` where answers do not name their types.
 */
export function teller(world: World, answer: Answer, exposure: Exposure): OperationId | undefined {
  const field = fieldAt(answer, exposure);
  return field === undefined ? undefined : tellersOf(world).get(field);
}

const memo = new WeakMap<World, ReadonlyMap<string, OperationId>>();

function tellersOf(world: World): ReadonlyMap<string, OperationId> {
  const known = memo.get(world);
  if (known) return known;
  const best = new Map<string, { operation: OperationId; rank: number }>();
  for (const { operation, as, answer } of answersIn(world)) {
    for (const exposure of exposures(world, answer, as)) {
      const field = fieldAt(answer, exposure);
      const rank = exposure.pointer.split('/').length + (operation.graphql?.kind === 'mutation' ? 100 : 0);
      const rival = field === undefined ? undefined : best.get(field);
      if (field !== undefined && (!rival || rank < rival.rank)) best.set(field, { operation: operation.id, rank });
    }
  }
  const tellers = new Map([...best].map(([field, { operation }]) => [field, operation]));
  memo.set(world, tellers);
  return tellers;
}

function answersIn(world: World): { operation: World['surface']['operations'][number]; as: string | null; answer: Answer }[] {
  const operations = world.surface.operations.filter(({ graphql, id }) => graphql !== undefined && !world.authOperations.has(id));
  const shown = [
    ...world.looks.map(({ operation, as, baseline }) => ({ operation, as, answer: baseline.answers[0] })),
    ...world.accesses.map(({ operation, object, baseline }) => ({ operation, as: object.owner, answer: baseline?.answers[0] })),
    ...world.makers.flatMap((maker) =>
      world.objects
        .filter(({ type }) => type === maker.type)
        .map(({ owner, madeBy }) => ({ operation: maker.operation, as: owner, answer: madeBy })),
    ),
  ];
  // In the order of the schema, whatever order the answers came in.
  return operations.flatMap((operation) =>
    shown.flatMap(({ operation: { id }, as, answer }) =>
      id === operation.id && answer && isServed(answer) ? [{ operation, as, answer }] : [],
    ),
  );
}

function fieldAt(answer: Answer, { pointer, name, kind }: Exposure): string | undefined {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  const parent = json === undefined ? undefined : atPointer(json, pointer.replace(/\/[^/]*$/, ''));
  const type = isObject(parent) ? parent['__typename'] : undefined;
  return typeof type === 'string' ? `${type}.${name} ${kind}` : undefined;
}
