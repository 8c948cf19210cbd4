import { below, creation, teamList } from './below.ts';
import { answerOf, given, listOf, type Effect } from './effect.ts';
import type { Variable, View } from './frameworks/framework.ts';
import { guarded } from './guarded.ts';
import { block, type Lines } from './python.ts';
import { loadMany, type Scene } from './scene.ts';
import type { Where } from './stores/store.ts';
import { onObject, pour } from './writes.ts';

/** The effect of an operation on objects that stand on their own. */
export function effectOf(scene: Scene): Effect {
  const { operation, resource, table, variable, voice, pick, plant, store, me, object } = scene;
  const { noun, title, text } = resource;
  const all = `/${table.name}`;
  const one = [`${all}/`, variable];
  const shown = [title, text];
  const effect = (
    method: View['method'],
    path: Effect['path'],
    body: Lines,
    fields?: readonly string[],
    decorators: Lines = [],
  ): Effect => ({ method, path, body, fields, decorators });
  switch (operation.kind) {
    case 'read': {
      const { decorators, around } = guarded(scene, variable.name);
      const answer = around([voice.answer(answerOf(scene, object, table, shown), 200, pick)]);
      return effect('GET', one, answer, undefined, decorators);
    }
    case 'list': {
      if (resource.sharing === 'team')
        return effect('GET', [`/teams/`, { name: 'team_id', isNumber: store.isNumbered }, all], teamList(scene, shown));
      const where: Where = resource.sharing === 'open' || plant === 'anonymous' ? [] : [[resource.owner, me]];
      return effect(
        'GET',
        [all],
        [
          ...loadMany(scene, table, where, 'rows', where.length > 0 ? 'all_of' : 'all'),
          scene.mark(voice.answer(listOf(scene, 'rows', table, shown), 200, pick)),
        ],
      );
    }
    case 'of-user': {
      const whose: Variable = { name: pick('user_id', 'account_id', 'member_id'), isNumber: store.isNumbered };
      const check =
        plant === 'open' || plant === 'anonymous'
          ? []
          : block(pick(`if ${whose.name} != ${me}:`, `if not ${whose.name} == ${me}:`), [voice.refuse(operation.refusal, pick)]);
      return effect(
        'GET',
        ['/accounts/', whose, all],
        [
          ...check,
          ...loadMany(scene, table, [[resource.owner, whose.name]], 'rows', 'all_of'),
          scene.mark(voice.answer(listOf(scene, 'rows', table, shown), 200, pick)),
        ],
      );
    }
    case 'create':
      return creation(scene);
    case 'change': {
      const answer = [voice.answer("{'changed': True}", 200, pick)];
      if (plant === 'mass-change') {
        const { decorators, around } = guarded(scene, variable.name);
        return effect(
          'PATCH',
          one,
          ['data = request.get_json()', ...around([...pour(scene, variable.name), ...answer])],
          undefined,
          decorators,
        );
      }
      const { decorators, around, inner } = onObject(scene, variable.name, 'change', given(shown), answer);
      return effect(pick('PUT', 'PATCH'), one, around(inner), [...shown, ...(plant === 'not-bound' ? ['target'] : [])], decorators);
    }
    case 'delete': {
      const { decorators, around, inner } = onObject(scene, variable.name, 'remove', [], [voice.answer("{'deleted': True}", 200, pick)]);
      return effect('DELETE', one, around(inner), undefined, decorators);
    }
    case 'action': {
      const key = `${noun}_id`;
      const answer = [voice.answer("{'closed': True}", 200, pick)];
      const id = operation.isIdInBody ? pick(key, 'chosen_id') : variable.name;
      const { decorators, around, inner } = onObject(scene, id, 'change', [['state', "'closed'"]], answer);
      if (!operation.isIdInBody) return effect('POST', [...one, '/close'], around(inner), undefined, decorators);
      const cast = store.isNumbered ? 'int' : 'str';
      return effect('POST', [`${all}/close`], [`${id} = ${cast}(data['${key}'])`, ...around(inner)], [key], decorators);
    }
    case 'child-read':
    case 'child-list':
    case 'child-create':
    case 'child-delete':
      return below(scene);
  }
}
