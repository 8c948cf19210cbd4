import type { Design } from './design.ts';
import type { Framework, View } from './frameworks/framework.ts';
import { accounts, type Identity } from './identities.ts';
import { pickerOf } from './picker.ts';
import { block, type Lines } from './python.ts';
import { markOf } from './scene.ts';
import type { Store } from './stores/store.ts';

/** Sign-up, sign-in and the caller's own account. */
export function accountViews(
  design: Design,
  framework: Framework,
  store: Store,
  identity: Identity,
  last: number,
): readonly { readonly number: number; readonly index: number; readonly view: View }[] {
  const { voice } = framework;
  const pick = pickerOf(design.form + 29);
  const view = (
    name: string,
    method: View['method'],
    path: string,
    body: Lines,
    fields: readonly string[] | undefined,
    isForCallers: boolean,
  ): View => ({
    name,
    method,
    path: [path],
    body: [...(fields && !voice.handsOver ? [`data = ${voice.body(pick)}`] : []), ...body],
    decorators: [],
    takes: undefined,
    isForCallers,
    fields,
  });
  const isPlanted = (kind: string): boolean => design.plants.some((plant) => plant.kind === kind);
  const profile = view(
    'own_profile',
    'GET',
    '/me',
    profileLines(design, store, identity, voice, isPlanted('exposed'), last + 1),
    undefined,
    true,
  );
  const views = [
    profile,
    view('sign_up', 'POST', '/sign-up', signUp(store, voice, pick), ['name', 'email', 'password'], false),
    view('sign_in', 'POST', '/sign-in', signIn(store, voice, pick, isPlanted('operator'), last + 3), ['email', 'password'], false),
  ];
  return views.map((each, index) => ({ number: last + 1 + index, index, view: each }));
}

type Voice = Framework['voice'];

function profileLines(design: Design, store: Store, identity: Identity, voice: Voice, isExposed: boolean, number: number): Lines {
  const pick = pickerOf(design.form + 31);
  const mark = markOf(number);
  const find = store.one(accounts, [['id', identity.me]], 'profile', pick, mark);
  const fields = isExposed ? ['name', 'email', 'password_hash'] : ['name', 'email'];
  const named = `{${fields.map((name) => `'${name}': ${store.field('profile', name, accounts)}`).join(', ')}}`;
  const isWhole = isExposed && design.store.endsWith('mongo') && pick(true, false);
  const there = block('if not profile:', [voice.refuse(404, pick)]);
  return [...find, ...there, mark(voice.answer(isWhole ? 'profile' : named, 200, pick))];
}

function signUp(store: Store, voice: Voice, pick: ReturnType<typeof pickerOf>): Lines {
  return [
    'token = secrets.token_urlsafe(32)',
    ...store.add(
      accounts,
      [
        ['name', "data['name']"],
        ['email', "data['email']"],
        ['password_hash', "generate_password_hash(data['password'])"],
        ['token_hash', 'hashlib.sha256(token.encode()).hexdigest()'],
        ['role', "'user'"],
      ],
      pick,
      (line) => line,
    ),
    voice.answer("{'token': token}", 201, pick),
  ];
}

function signIn(store: Store, voice: Voice, pick: ReturnType<typeof pickerOf>, isPlanted: boolean, number: number): Lines {
  const email = isPlanted ? "data['email']" : "str(data['email'])";
  return [
    ...store.one(accounts, [['email', email]], 'known', pick, markOf(number)),
    ...block(`if not known or not check_password_hash(${store.field('known', 'password_hash', accounts)}, data['password']):`, [
      voice.refuse(403, pick),
    ]),
    voice.answer("{'ok': True}", 200, pick),
  ];
}
