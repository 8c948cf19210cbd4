import { block, type Lines } from './python.ts';
import { pickerOf } from './picker.ts';
import { holderOf, load, loadMany, memberships, unlessThere, type Scene } from './scene.ts';

/** Where an object stands whose caller may use it. */
export interface Guarded {
  /** Decorators for the view. */
  readonly decorators: Lines;
  /** The whole of it, with what is done with the object inside. */
  readonly around: (inner: Lines) => Lines;
}

/** Loads the object of an operation into its variable, and lets nobody through whose it is not. */
export function guarded(scene: Scene, id: string): Guarded {
  const { resource, plant, operation } = scene;
  if (resource.sharing === 'open')
    return inLine([...load(scene, scene.table, [['id', id]], scene.object, 'find'), ...unlessThere(scene, scene.object)]);
  if (plant === 'wrong-entity') return inLine([...wrongEntity(scene, id), ...unlessThere(scene, scene.object)]);
  if (resource.sharing === 'team') return inLine(asMember(scene, id));
  switch (operation.guard) {
    case 'query': {
      if (plant === 'wrong-field' || plant === 'inverted') return compared(scene, id);
      const owner = plant === 'open' || plant === 'anonymous' ? [] : [[resource.owner, scene.me] as const];
      return inLine([
        ...load(scene, scene.table, [['id', id], ...owner], scene.object, owner.length > 0 ? 'find_own' : 'find'),
        ...unlessThere(scene, scene.object),
      ]);
    }
    case 'decorator':
      return byDecorator(scene, id);
    case 'inside':
      return inside(scene, id);
    case 'own-list':
      return plant === undefined || plant.startsWith('mass') || plant === 'child-not-bound' || plant === 'not-bound'
        ? inLine(outOfOwn(scene, id))
        : compared(scene, id);
    case 'pair':
      return inLine(asPair(scene, id));
    case 'method':
    case 'compare':
    case 'joined':
    case 'else':
    case 'predicate':
    case 'raising':
    case 'role':
      return compared(scene, id);
  }
}

function inLine(before: Lines): Guarded {
  return { decorators: [], around: (inner) => [...before, ...inner] };
}

/** The value that is held against the caller's id. */
function holder({ store, table, resource, plant, pick, variable }: Scene, object: string): readonly [string, string | undefined] {
  if (plant === 'wrong-field') return [store.field(object, 'id', table), pick(undefined, variable.name)];
  return [store.field(object, resource.owner, table), undefined];
}

function compared(scene: Scene, id: string): Guarded {
  const { plant, operation, voice, pick, object, table } = scene;
  const find = load(scene, scene.table, [['id', id]], object, 'find');
  if (plant === 'open' || plant === 'anonymous') return inLine([...find, ...unlessThere(scene, object)]);
  const [theirs, other] = holder(scene, object);
  const mine = other ?? scene.me;
  const isSame = pick(`${theirs} == ${mine}`, `${mine} == ${theirs}`);
  const isOther = pick(`${theirs} != ${mine}`, `${mine} != ${theirs}`, `not (${isSame})`, `${theirs} not in (${mine},)`);
  const refuse = voice.refuse(operation.refusal, pick);
  const there = unlessThere(scene, object);
  if (plant === 'inverted') return inLine([...find, ...there, ...block(`if ${isSame}:`, [refuse])]);
  switch (plant === 'wrong-field' && operation.guard === 'role' ? 'compare' : operation.guard) {
    case 'joined':
      return inLine([
        ...find,
        ...block(pick(`if ${object} is None or ${isOther}:`, `if not ${object} or ${isOther}:`, `if not (${object} and ${isSame}):`), [
          refuse,
        ]),
      ]);
    case 'else':
      return {
        decorators: [],
        around: (inner) =>
          pick(
            [...find, ...block(`if ${object} and ${isSame}:`, inner), refuse],
            [...find, ...there, ...block(`if ${isSame}:`, inner), ...block('else:', [refuse])],
          ),
      };
    case 'method':
      if (table.methods && other === undefined && plant !== 'wrong-field')
        return inLine([...find, ...there, ...block(`if not ${object}.belongs_to_caller(${mine}):`, [refuse])]);
      return inLine([...find, ...there, ...block(`if str(${theirs}) != str(${mine}):`, [refuse])]);
    case 'predicate':
      return inLine([...find, ...there, ...block(`if not ${asked(scene, theirs)}:`, [refuse])]);
    case 'raising':
      return inLine([...find, ...there, required(scene, theirs)]);
    case 'role':
      return inLine([
        ...find,
        ...there,
        ...pick(
          block(`if ${isOther} and not (${scene.identity.isAdmin}):`, [refuse]),
          [`is_mine = ${isSame}`, ...block(`if not is_mine and not (${scene.identity.isAdmin}):`, [refuse])],
          block(`if not (${isSame} or ${scene.identity.isAdmin}):`, [refuse]),
        ),
      ]);
    default:
      return inLine([
        ...find,
        ...there,
        ...pick(
          block(`if ${isOther}:`, [refuse]),
          [`is_mine = ${isSame}`, ...block('if not is_mine:', [refuse])],
          [`holder = ${theirs}`, ...block(`if holder != ${mine}:`, [refuse])],
        ),
      ]);
  }
}

/** `next((each for each in own if each.id == key), None)` */
function outOfOwn(scene: Scene, id: string): Lines {
  const { store, table, resource, object, pick } = scene;
  const own = loadMany(scene, table, [[resource.owner, scene.me]], 'own', 'all_of');
  const isIt = (row: string): string => `${store.field(row, 'id', table)} == ${id}`;
  return [
    ...own,
    ...pick(
      [`${object} = next((each for each in own if ${isIt('each')}), None)`],
      [`matching = [each for each in own if ${isIt('each')}]`, `${object} = matching[0] if matching else None`],
      [`by_id = {${store.field('each', 'id', table)}: each for each in own}`, `${object} = by_id.get(${id})`],
      [`${object} = None`, ...block('for each in own:', block(`if ${isIt('each')}:`, [`${object} = each`, 'break']))],
    ),
    ...unlessThere(scene, object),
  ];
}

/** A helper that returns the object and nothing, or nothing and a status. */
function asPair(scene: Scene, id: string): Lines {
  const { workshop, operation, store, table, resource, plant, object, mark, design } = scene;
  const pick = pickerOf(design.form + resource.noun.length + 2);
  const [theirs, other] = holder(scene, 'row');
  const isOpen = plant === 'open' || plant === 'anonymous';
  const test = other === undefined ? `${theirs} ${plant === 'inverted' ? '==' : '!='} owner` : `${theirs} != key`;
  const lines = workshop.place(
    {
      layer: operation.layer === 'view' ? 'function' : operation.layer,
      noun: resource.noun,
      name: 'check',
      given: [['key', id], ...(isOpen ? [] : [['owner', scene.me] as const])],
      into: `${object}, problem`,
      body: (of) => [
        ...store.one(table, [['id', of('key')]], 'row', pick, mark),
        ...block('if not row:', ['return None, 404']),
        ...(isOpen ? [] : block(`if ${test}:`, [`return None, ${operation.refusal}`])),
        'return row, None',
      ],
    },
    scene.pick,
    mark,
  );
  const refuse = scene.voice.refuse(operation.refusal, scene.pick);
  return [...lines, ...block(scene.pick('if problem:', 'if problem is not None:'), [refuse])];
}

/** A question to a function that knows the answer. */
function asked(scene: Scene, theirs: string): string {
  const { workshop, resource, object, identity, design } = scene;
  const pick = pickerOf(design.form + 3);
  const noun = resource.noun;
  const field = theirs.slice(object.length);
  const isByUser = identity.user !== undefined && pick(true, false);
  const [who, theirId] = isByUser ? ['user', `user${identity.me.slice((identity.user ?? '').length)}`] : ['user_id', 'user_id'];
  const test = `${noun}${field} == ${theirId}`;
  const name = workshop.helper(`may_use_${noun}`, (chosen) =>
    block(
      `def ${chosen}(${who}, ${noun}):`,
      pick(
        [`return ${test}`],
        [...block(`if ${test}:`, ['return True']), 'return False'],
        [...block(`if ${noun} is None:`, ['return False']), `return ${test}`],
        [`is_mine = ${test}`, 'return is_mine'],
      ),
    ),
  );
  return `${name}(${isByUser ? identity.user : scene.me}, ${object})`;
}

/** A call that does not come back for strangers. */
function required(scene: Scene, theirs: string): string {
  const { workshop, resource, object, design, operation } = scene;
  const pick = pickerOf(design.form + 5);
  const noun = resource.noun;
  const test = `${noun}${theirs.slice(object.length)} != user_id`;
  const name = workshop.helper(`require_${noun}_of`, (chosen) =>
    block(
      `def ${chosen}(${noun}, user_id):`,
      block(`if ${test}:`, [pick(`abort(${operation.refusal})`, 'raise Forbidden()', `raise Refused('${noun}')`)]),
    ),
  );
  return `${name}(${object}, ${scene.me})`;
}

/** The object is loaded and compared in one place, away from the view. */
function inside(scene: Scene, id: string): Guarded {
  const { workshop, operation, store, table, resource, plant, object, mark, design } = scene;
  const pick = pickerOf(design.form + resource.noun.length);
  const [theirs, other] = holder(scene, 'row');
  const isOpen = plant === 'open' || plant === 'anonymous';
  const refusal = pick('abort(404)', 'return None', "raise Refused('not yours')", 'raise LookupError(key)');
  const test = other === undefined ? `${theirs} ${plant === 'inverted' ? '==' : '!='} owner` : `${theirs} != key`;
  const lines = workshop.place(
    {
      layer: operation.layer === 'view' ? 'function' : operation.layer,
      noun: resource.noun,
      name: 'take',
      given: [['key', id], ...(isOpen ? [] : [['owner', scene.me] as const])],
      into: object,
      body: (of) => [
        ...store.one(table, [['id', of('key')]], 'row', pick, mark),
        ...(isOpen
          ? []
          : pick(block(`if row is None or ${test}:`, [refusal]), [...block('if not row:', [refusal]), ...block(`if ${test}:`, [refusal])])),
      ],
    },
    scene.pick,
    mark,
  );
  if (refusal.startsWith('raise LookupError')) {
    const refuse = scene.voice.refuse(404, scene.pick);
    return inLine([...block('try:', lines), ...block('except LookupError:', [refuse])]);
  }
  return inLine([...lines, ...unlessThere(scene, object)]);
}

/** A decorator of its own, which may hand over the object. */
function byDecorator(scene: Scene, id: string): Guarded {
  const { workshop, store, table, resource, plant, variable, identity, mark, operation } = scene;
  const isOpen = plant === 'open' || plant === 'anonymous';
  const pick = pickerOf(scene.design.form + 11);
  const [theirs] = holder(scene, 'row');
  const { parameter } = identity;
  const me = parameter === undefined ? identity.me : identity.me.replace(parameter, `kwargs['${parameter}']`);
  const isOther = `${theirs} ${plant === 'inverted' ? '==' : '!='} ${me}`;
  const name = variable.name;
  // Another variable than the route has: nothing is ever checked.
  const read =
    plant === 'not-bound'
      ? [`key = kwargs.get('${resource.noun}_number')`]
      : [pick(`key = kwargs['${name}']`, `key = kwargs.get('${name}')`)];
  const find = [...load(scene, table, [['id', id]], scene.object, 'find'), ...unlessThere(scene, scene.object)];
  if (isOpen) return inLine(find);
  const inner = [
    ...read,
    ...store.one(table, [['id', 'key']], 'row', pick, plant === 'inverted' || plant === 'wrong-field' ? mark : (line) => line),
    ...block(plant === 'not-bound' ? `if row is not None and ${isOther}:` : `if row is None or ${isOther}:`, [
      `abort(${operation.refusal})`,
    ]),
    'return view(*args, **kwargs)',
  ];
  const decorator = workshop.helper(`own_${resource.noun}`, (chosen) =>
    block(`def ${chosen}(view):`, ['@wraps(view)', ...block('def checked(*args, **kwargs):', inner), 'return checked']),
  );
  return { decorators: [decorator], around: (rest) => [...find, ...rest] };
}

/** Those of the object's team may use it. */
function asMember(scene: Scene, id: string): Lines {
  const { store, table, object, plant, resource, pick, voice, operation, mark } = scene;
  const find = [...load(scene, table, [['id', id]], object, 'find'), ...unlessThere(scene, object)];
  if (plant === 'open' || plant === 'anonymous') return find;
  const team = plant === 'not-bound' ? "request.args.get('team_id')" : store.field(object, holderOf(resource), table);
  const membership = store.one(
    memberships,
    [
      ['team_id', team],
      ['member_id', scene.me],
    ],
    'membership',
    pick,
    plant === 'not-bound' ? mark : (line) => line,
  );
  return [...find, ...membership, ...block(pick('if membership is None:', 'if not membership:'), [voice.refuse(operation.refusal, pick)])];
}

/** The owner is asked of the accounts, which the query does not join. */
function wrongEntity({ table, object, me, mark, design }: Scene, id: string): Lines {
  const session = design.store === 'flask-sqlalchemy' ? 'db.session' : 'db_session';
  return design.store === 'sqlalchemy-2'
    ? [mark(`${object} = ${session}.scalars(select(${table.model}).where(${table.model}.id == ${id}, Account.id == ${me})).first()`)]
    : [mark(`${object} = ${session}.query(${table.model}).filter(${table.model}.id == ${id}, Account.id == ${me}).first()`)];
}
