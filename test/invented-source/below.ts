import { answerOf, given, listOf, type Effect } from './effect.ts';
import type { Variable } from './frameworks/framework.ts';
import { guarded } from './guarded.ts';
import { block, type Lines } from './python.ts';
import { load, loadMany, memberships, parentField, unlessThere, type Scene } from './scene.ts';
import type { Where } from './stores/store.ts';
import { write } from './writes.ts';

/** The objects of a team. */
export function teamList(scene: Scene, shown: readonly string[]): Lines {
  const { plant, store, pick, me, voice, table, operation } = scene;
  const check =
    plant === 'open' || plant === 'anonymous'
      ? []
      : [
          ...store.one(
            memberships,
            [
              ['team_id', 'team_id'],
              ['member_id', me],
            ],
            'membership',
            pick,
            (line) => line,
          ),
          ...block(pick('if membership is None:', 'if not membership:'), [voice.refuse(operation.refusal, pick)]),
        ];
  return [
    ...check,
    ...loadMany(scene, table, [['team_id', 'team_id']], 'rows', 'all_of'),
    scene.mark(voice.answer(listOf(scene, 'rows', table, shown), 200, pick)),
  ];
}

/** A new object. */
export function creation(scene: Scene): Effect {
  const { resource, table, store, voice, pick, plant, me, workshop, operation, mark } = scene;
  const { title, text, owner, sharing } = resource;
  const path = [`/${table.name}`];
  const answer = voice.answer("{'created': True}", 201, pick);
  if (plant === 'mass-create') {
    return {
      method: 'POST',
      path,
      decorators: [],
      fields: undefined,
      body: ['data = request.get_json()', ...store.pourNew(table, 'data', [[owner, me]], pick, mark), answer],
    };
  }
  const isTeam = sharing === 'team';
  const isOpen = plant === 'owner-from-body' || (isTeam && plant === 'open');
  const held: Where = isTeam ? [['team_id', "data['team_id']"]] : [[owner, plant === 'owner-from-body' ? `data['${owner}']` : me]];
  const check =
    isTeam && !isOpen
      ? [
          ...store.one(
            memberships,
            [
              ['team_id', "data['team_id']"],
              ['member_id', me],
            ],
            'membership',
            pick,
            (line) => line,
          ),
          ...block('if not membership:', [voice.refuse(operation.refusal, pick)]),
        ]
      : [];
  const values: Where = [...held, ...given([title, text]), ['state', "'new'"]];
  const body = workshop.place(
    {
      layer: operation.layer,
      noun: table.model.toLowerCase(),
      name: 'add',
      given: values.slice(0, -1),
      into: undefined,
      body: (of) => store.add(table, [...values.slice(0, -1).map(([name]) => [name, of(name)] as const), ['state', "'new'"]], pick, mark),
    },
    pick,
    mark,
  );
  return {
    method: 'POST',
    path,
    decorators: [],
    fields: [title, text, ...(isTeam ? ['team_id'] : []), ...(plant === 'owner-from-body' ? [owner] : [])],
    body: [...check, ...body, answer],
  };
}

/** Operations on what stands below an object. */
export function below(scene: Scene): Effect {
  const { operation, resource, table, child, variable, voice, pick, plant, store, workshop, mark } = scene;
  if (!child) throw new Error(`${resource.noun} has nothing below it`);
  const field = parentField(resource);
  const path: readonly (string | Variable)[] = [`/${table.name}/`, variable, `/${child.name}`];
  const id: Variable = { name: `${child.model.toLowerCase()}_id`, isNumber: store.isNumbered };
  const { decorators, around } = guarded(scene, variable.name);
  const held = child.model.toLowerCase();
  const isLoose = plant === 'child-not-bound';
  const found =
    isLoose || pick(false, true)
      ? [
          ...load(scene, child, [['id', id.name]], held, 'find'),
          ...unlessThere(scene, held),
          ...(isLoose
            ? []
            : block(`if ${store.field(held, field, child)} != ${pick(variable.name, store.field(scene.object, 'id', table))}:`, [
                voice.refuse(404, pick),
              ])),
        ]
      : [
          ...load(
            scene,
            child,
            [
              ['id', id.name],
              [field, variable.name],
            ],
            held,
            'find_in',
          ),
          ...unlessThere(scene, held),
        ];
  switch (operation.kind) {
    case 'child-read':
      return {
        method: 'GET',
        path: [...path, '/', id],
        decorators,
        fields: undefined,
        body: around([...found, voice.answer(answerOf(scene, held, child, ['text']), 200, pick)]),
      };
    case 'child-delete':
      return {
        method: 'DELETE',
        path: [...path, '/', id],
        decorators,
        fields: undefined,
        body: around([...found, ...write(scene, 'remove', child, held, id.name, []), voice.answer("{'deleted': True}", 200, pick)]),
      };
    case 'child-create': {
      const values: Where = [
        [field, variable.name],
        ['text', "data['text']"],
      ];
      const add = workshop.place(
        {
          layer: operation.layer,
          noun: held,
          name: 'add',
          given: values,
          into: undefined,
          body: (of) =>
            store.add(
              child,
              values.map(([name]) => [name, of(name)] as const),
              pick,
              mark,
            ),
        },
        pick,
        mark,
      );
      return { method: 'POST', path, decorators, fields: ['text'], body: around([...add, voice.answer("{'created': True}", 201, pick)]) };
    }
    default: {
      const rows = loadMany(scene, child, [[field, variable.name]], 'rows', 'all_in');
      return {
        method: 'GET',
        path,
        decorators,
        fields: undefined,
        body: around([...rows, scene.mark(voice.answer(listOf(scene, 'rows', child, ['text']), 200, pick))]),
      };
    }
  }
}
