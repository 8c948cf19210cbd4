import type { Design, Operation, PlantKind, Resource } from './design.ts';
import { effectOf } from './effects.ts';
import { camel, type Framework, type Surroundings, type View } from './frameworks/framework.ts';
import { frameworkOf } from './frameworks/index.ts';
import { accounts, identityOf, identityOrigins, type Identity } from './identities.ts';
import { accountViews } from './account-views.ts';
import { filesOf, type Module } from './modules.ts';
import { noisy } from './noise.ts';
import { pickerOf } from './picker.ts';
import { block, type Lines, type Origin } from './python.ts';
import { markOf, memberships, parentField, type Scene } from './scene.ts';
import { storeOf } from './stores/index.ts';
import type { Store, Table } from './stores/store.ts';
import { Workshop } from './workshop.ts';

/** An app as text, and where in it each operation stands. */
export interface Written {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Operation → `app.py:12`. */
  readonly marks: ReadonlyMap<number, readonly string[]>;
  readonly operations: readonly WrittenOperation[];
}

export interface WrittenOperation {
  readonly number: number;
  readonly resource: number;
  readonly index: number;
  readonly view: View;
}

/** What is planted about the identity stands at this number. */
export const identityNumber = 900;

export function writeApp(design: Design): Written {
  const framework = frameworkOf[design.framework];
  const store = storeOf[design.store];
  const pick = pickerOf(design.form);
  const flaw = design.plants.find(({ kind }) => kind === 'unverified' || kind === 'presence')?.kind;
  const identity = identityOf(design.identity, {
    store,
    pick,
    flaw: flaw === 'unverified' || flaw === 'presence' ? flaw : undefined,
    mark: markOf(identityNumber),
    refuse: (status) => `abort(${status})`,
  });
  const workshop = new Workshop(design.style.hints);
  const operations = viewsOf(design, framework, store, identity, workshop);
  const views = operations.map(({ view }) => view);
  const around: Surroundings = {
    decorator: identity.decorator,
    parameter: identity.parameter,
    pick: pickerOf(design.form + 17),
    hints: design.style.hints,
    base: design.style.base,
  };
  const { head, views: lines, tail, files } = framework.render(views, around);
  const isSingle = design.style.modules === 1;
  const origins = new Map<string, Origin>([...store.origins, ...identityOrigins, ...framework.origins, ...more]);
  const needsRefused = [...lines, ...workshop.lines()].some((line) => line.includes('Refused('));
  const handler = needsRefused
    ? ['', '', '@app.errorhandler(Refused)', ...block('def on_refused(problem):', ["return {'error': str(problem)}, 404"])]
    : [];
  const modules: readonly Module[] = [
    { part: 'app', lines: [...framework.app, ...(isSingle ? [] : store.bind(false))] },
    { part: 'store', lines: store.setup(tablesOf(design, store), pickerOf(design.form + 1), isSingle) },
    { part: 'auth', lines: [...(needsRefused ? ['class Refused(Exception):', '    pass', '', ''] : []), ...identity.setup] },
    { part: 'work', lines: workshop.lines() },
    { part: 'views', lines: [...head, ...(head.length > 0 ? ['', ''] : []), ...lines] },
    { part: 'end', lines: [...identity.bind, ...tail, ...handler] },
  ];
  const written = filesOf(modules, origins, design, framework, files);
  return { ...written, operations };
}

const more: readonly (readonly [string, Origin])[] = [
  ['generate_password_hash', ['werkzeug.security', 'generate_password_hash']],
  ['check_password_hash', ['werkzeug.security', 'check_password_hash']],
  ['secrets', ['secrets', null]],
  ['logger', ['logging', 'root']],
];

/** Every table of an app. */
function tablesOf(design: Design, store: Store): readonly Table[] {
  const isTeam = design.resources.some(({ sharing }) => sharing === 'team');
  return [
    accounts,
    ...(isTeam ? [memberships] : []),
    ...design.resources.flatMap((resource) => {
      const child = childOf(resource, store);
      return [tableOf(resource, store), ...(child ? [child] : [])];
    }),
  ];
}

function tableOf({ noun, owner, sharing, title, text }: Resource, store: Store): Table {
  const holder = sharing === 'team' ? ['team_id'] : sharing === 'open' ? [] : [owner];
  return withMethods(
    { name: `${noun}s`, model: camel(noun), fields: [...holder, title, text, 'state', 'approved'] },
    [title, text],
    sharing === 'owned' ? owner : undefined,
    store,
  );
}

function childOf(resource: Resource, store: Store): Table | undefined {
  if (resource.child === null) return undefined;
  return withMethods(
    { name: `${resource.child}s`, model: camel(resource.child), fields: [parentField(resource), 'text'] },
    ['text'],
    undefined,
    store,
  );
}

function withMethods(table: Table, shown: readonly string[], owner: string | undefined, store: Store): Table {
  if (!store.isMapped) return table;
  const entries = ['id', ...shown].map((name) => `'${name}': ${store.field('self', name, table)}`);
  const asked = owner === undefined ? [] : ['', ...block('def belongs_to_caller(self, user_id):', [`return self.${owner} == user_id`])];
  return { ...table, methods: ['', ...block('def to_dict(self):', [`return {${entries.join(', ')}}`]), ...asked] };
}

function viewsOf(design: Design, framework: Framework, store: Store, identity: Identity, workshop: Workshop): readonly WrittenOperation[] {
  let number = 0;
  const names = new Set<string>();
  const own = design.resources.flatMap((resource, position) =>
    resource.operations.map((operation, index): WrittenOperation => {
      number += 1;
      const plant = design.plants.find((each) => each.resource === position && each.operation === index)?.kind;
      const scene = sceneOf(design, framework, store, identity, workshop, resource, operation, number, plant);
      const view = viewOf(scene);
      const name = names.has(view.name) ? `${view.name}_${number}` : view.name;
      names.add(name);
      return { number, resource: position, index, view: { ...view, name } };
    }),
  );
  return [...own, ...accountViews(design, framework, store, identity, number).map((each) => ({ ...each, resource: -1 }))];
}

function sceneOf(
  design: Design,
  framework: Framework,
  store: Store,
  identity: Identity,
  workshop: Workshop,
  resource: Resource,
  operation: Operation,
  number: number,
  plant: PlantKind | undefined,
): Scene {
  const pick = pickerOf(operation.form);
  const { noun } = resource;
  const names = { 'noun-id': `${noun}_id`, id: 'id', key: 'key', noun: `${noun}_number` };
  const isEarly = pick(false, true);
  return {
    design,
    store,
    identity,
    voice: framework.voice,
    workshop,
    resource,
    operation,
    number,
    plant,
    table: tableOf(resource, store),
    child: childOf(resource, store),
    pick,
    mark: markOf(number),
    variable: { name: names[resource.parameter], isNumber: store.isNumbered },
    object: pick(noun, 'found', 'item', 'it'),
    me: isEarly && plant !== 'anonymous' ? pick('caller_id', 'me', 'uid') : identity.me,
  };
}

function viewOf(scene: Scene): View {
  const { operation, resource, identity, voice, plant, me, pick, design } = scene;
  const effect = effectOf(scene);
  const { fields } = effect;
  const isOpen = resource.sharing === 'open' || plant === 'anonymous';
  const data: Lines = fields && !voice.handsOver ? [`data = ${voice.body(pick)}`] : [];
  const early: Lines =
    me !== identity.me && effect.body.some((line) => new RegExp(`\\b${me}\\b`).test(line)) ? [`${me} = ${identity.me}`] : [];
  const name = `${operation.kind.replace('-', '_')}_${resource.noun}`;
  return {
    name,
    method: effect.method,
    path: effect.path,
    body: noisy([...early, ...data, ...effect.body], scene, design.style),
    decorators: effect.decorators,
    takes: undefined,
    isForCallers: !isOpen,
    fields,
  };
}
