import type { IdentityName } from './design.ts';
import type { Pick } from './picker.ts';
import { block, type Lines, type Origin } from './python.ts';
import { unmarkedLine, type Mark, type Store, type Table } from './stores/store.ts';

/** How the views of an app know their caller. */
export interface Identity {
  /** Decorators and what they need. */
  readonly setup: Lines;
  /** What the app registers. */
  readonly bind: Lines;
  /** Without the `@`; `undefined` where a hook sees to it. */
  readonly decorator: string | undefined;
  /** What the decorator hands to the view. */
  readonly parameter: string | undefined;
  /** The caller's id, an account where there is one, and a test for administrators. */
  readonly me: string;
  readonly user: string | undefined;
  readonly isAdmin: string;
}

/** What about an identity is planted. */
export type Flaw = 'unverified' | 'presence' | undefined;

export const accounts: Table = {
  name: 'accounts',
  model: 'Account',
  fields: ['name', 'email', 'password_hash', 'token_hash', 'role'],
};

export const identityOrigins: readonly (readonly [string, Origin])[] = [
  ['LoginManager', ['flask_login', 'LoginManager']],
  ['UserMixin', ['flask_login', 'UserMixin']],
  ['current_user', ['flask_login', 'current_user']],
  ['login_required', ['flask_login', 'login_required']],
  ['JWTManager', ['flask_jwt_extended', 'JWTManager']],
  ['jwt_required', ['flask_jwt_extended', 'jwt_required']],
  ['get_jwt_identity', ['flask_jwt_extended', 'get_jwt_identity']],
  ['get_jwt', ['flask_jwt_extended', 'get_jwt']],
  ['jwt', ['jwt', null]],
  ['wraps', ['functools', 'wraps']],
  ['hashlib', ['hashlib', null]],
];

/** A function that hands on what it is given, after `before`. */
function wrapper(name: string, before: Lines, call: string): Lines {
  return block(`def ${name}(view):`, [
    '@wraps(view)',
    ...block('def inner(*args, **kwargs):', [...before, `return ${call}`]),
    'return inner',
  ]);
}

interface Asked {
  readonly store: Store;
  readonly pick: Pick;
  readonly flaw: Flaw;
  readonly mark: Mark;
  readonly refuse: (status: number) => string;
}

/** `into` is the account whose token came with the request. */
function byToken({ store, pick }: Asked, into: string, refusal: string): Lines {
  const header = pick("request.headers.get('Authorization', '')", "request.headers.get('X-Api-Key', '')");
  return [
    `token = ${header}`,
    'digest = hashlib.sha256(token.encode()).hexdigest()',
    ...store.one(accounts, [['token_hash', 'digest']], into, pick, unmarkedLine),
    ...block(`if ${into} is None:`, [refusal]),
  ];
}

const builders: Readonly<Record<IdentityName, (asked: Asked) => Identity>> = {
  hook: (asked) => {
    const { store, pick, refuse } = asked;
    const isId = pick(false, true);
    const held = isId
      ? [`g.account_id = ${store.field('account', 'id', accounts)}`, `g.role = ${store.field('account', 'role', accounts)}`]
      : ['g.user = account'];
    return {
      setup: block('def load_caller():', [
        ...pick(
          block("if request.path.endswith('/sign-up') or request.path.endswith('/sign-in'):", ['return']),
          block("if request.endpoint is None or request.endpoint.endswith(('sign_up', 'sign_in')):", ['return']),
          block(
            "if request.endpoint in ('sign_up', 'sign_in', 'shop.sign_up', 'shop.sign_in', 'outer.inner.sign_up', 'outer.inner.sign_in'):",
            ['return'],
          ),
        ),
        ...byToken(asked, 'account', refuse(401)),
        ...held,
      ]),
      bind: ['app.before_request(load_caller)'],
      decorator: undefined,
      parameter: undefined,
      me: isId ? 'g.account_id' : store.field('g.user', 'id', accounts),
      user: isId ? undefined : 'g.user',
      isAdmin: isId ? "g.role == 'admin'" : `${store.field('g.user', 'role', accounts)} == 'admin'`,
    };
  },
  login: ({ store, pick }) => ({
    setup: [
      'login_manager = LoginManager()',
      '',
      '',
      ...block(
        'class Visitor(UserMixin):',
        block('def __init__(self, account):', [
          `self.id = ${store.field('account', 'id', accounts)}`,
          `self.role = ${store.field('account', 'role', accounts)}`,
        ]),
      ),
      '',
      '',
      '@login_manager.user_loader',
      ...block('def load_visitor(visitor_id):', [
        ...store.one(accounts, [['id', 'visitor_id']], 'account', pick, unmarkedLine),
        'return Visitor(account) if account else None',
      ]),
    ],
    bind: ["app.secret_key = os.environ['SECRET']", 'login_manager.init_app(app)'],
    decorator: 'login_required',
    parameter: undefined,
    me: 'current_user.id',
    user: 'current_user',
    isAdmin: "current_user.role == 'admin'",
  }),
  jwt: () => ({
    setup: [],
    bind: ["app.config['JWT_SECRET_KEY'] = os.environ['SECRET']", 'JWTManager(app)'],
    decorator: 'jwt_required()',
    parameter: undefined,
    me: 'get_jwt_identity()',
    user: undefined,
    isAdmin: "get_jwt().get('role') == 'admin'",
  }),
  session: ({ pick, refuse }) => ({
    setup: wrapper(
      'signed_in',
      pick(block("if 'account_id' not in session:", [refuse(401)]), block("if not session.get('account_id'):", [refuse(401)])),
      'view(*args, **kwargs)',
    ),
    bind: ["app.secret_key = os.environ['SECRET']"],
    decorator: 'signed_in',
    parameter: undefined,
    me: pick("session['account_id']", "session.get('account_id')"),
    user: undefined,
    isAdmin: "session.get('role') == 'admin'",
  }),
  key: (asked) => {
    const { store, pick, refuse, flaw, mark } = asked;
    if (flaw === 'presence') {
      return {
        setup: wrapper(
          'key_required',
          ["key = request.headers.get('X-Api-Key')", mark('if not key:'), `    ${refuse(401)}`],
          'view(*args, **kwargs)',
        ),
        bind: [],
        decorator: 'key_required',
        parameter: undefined,
        me: "request.headers.get('X-Account')",
        user: undefined,
        isAdmin: 'False',
      };
    }
    const name = pick('principal', 'account', 'customer');
    return {
      setup: wrapper('key_required', [...byToken(asked, name, refuse(401)), `g.${name} = ${name}`], 'view(*args, **kwargs)'),
      bind: [],
      decorator: 'key_required',
      parameter: undefined,
      me: store.field(`g.${name}`, 'id', accounts),
      user: `g.${name}`,
      isAdmin: `${store.field(`g.${name}`, 'role', accounts)} == 'admin'`,
    };
  },
  injected: ({ store, pick, refuse, flaw, mark }) => {
    const name = pick('account', 'user', 'current_account');
    const decode =
      flaw === 'unverified'
        ? pick(
            "jwt.decode(token, options={'verify_signature': False})",
            "jwt.decode(token, key=None, algorithms=['HS256'], options={'verify_signature': False})",
          )
        : pick(
            "jwt.decode(token, os.environ['SECRET'], algorithms=['HS256'])",
            "jwt.decode(token, key=os.environ['SECRET'], algorithms=['HS256'])",
          );
    return {
      setup: wrapper(
        'with_account',
        [
          "token = request.headers.get('Authorization', '').removeprefix('Bearer ')",
          'try:',
          mark(`    claims = ${decode}`),
          'except jwt.InvalidTokenError:',
          `    ${refuse(401)}`,
          ...store.one(accounts, [['id', "claims['sub']"]], 'found_account', pick, unmarkedLine),
          ...block('if not found_account:', [refuse(401)]),
          `kwargs['${name}'] = found_account`,
        ],
        'view(*args, **kwargs)',
      ),
      bind: [],
      decorator: 'with_account',
      parameter: name,
      me: store.field(name, 'id', accounts),
      user: name,
      isAdmin: `${store.field(name, 'role', accounts)} == 'admin'`,
    };
  },
};

export function identityOf(name: IdentityName, asked: Asked): Identity {
  return builders[name](asked);
}
