import type { Pick } from '../picker.ts';
import type { Lines, Origin } from '../python.ts';

export interface Variable {
  readonly name: string;
  readonly isNumber: boolean;
}

/** One operation as a function. */
export interface View {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: readonly (string | Variable)[];
  readonly body: Lines;
  /** Decorators of its own, the outermost first, without `@`. */
  readonly decorators: readonly string[];
  /** What its own decorators hand to it, in place of a variable of the path. */
  readonly takes: { readonly name: string; readonly instead: string } | undefined;
  /** Does it ask who is calling? */
  readonly isForCallers: boolean;
  /** Fields that the framework reads into `data`. */
  readonly fields: readonly string[] | undefined;
}

/** How views of a framework speak. */
export interface Voice {
  /** Reads the body where the framework does not hand it over. */
  readonly body: (pick: Pick) => string;
  readonly handsOver: boolean;
  readonly answer: (expression: string, status: number, pick: Pick) => string;
  /** One statement that refuses. */
  readonly refuse: (status: number, pick: Pick) => string;
}

/** What surrounds the views. */
export interface Surroundings {
  readonly decorator: string | undefined;
  /** What that decorator hands to each view. */
  readonly parameter: string | undefined;
  readonly pick: Pick;
  readonly hints: boolean;
  readonly base: string;
}

export interface Rendered {
  /** Before everything else that a module of views has. */
  readonly head: Lines;
  readonly views: Lines;
  /** In the module of the app, after the views are known. */
  readonly tail: Lines;
  /** Other files: a description. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export interface Framework {
  readonly origins: readonly (readonly [string, Origin])[];
  /** How the app is made. */
  readonly app: Lines;
  /** The Flask app, where that is another thing. */
  readonly flask: string;
  /** Views stand in the module of the app. */
  readonly needsApp: boolean;
  readonly voice: Voice;
  readonly render: (views: readonly View[], around: Surroundings) => Rendered;
}

export function camel(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_all, first: string) => first.toUpperCase());
}

/** `/letters/<int:letter_id>`. */
export function ruleOf({ path }: View, base: string): string {
  return `${base}${path.map((part) => (typeof part === 'string' ? part : `<${part.isNumber ? 'int:' : ''}${part.name}>`)).join('')}`;
}

/** `def read_letter(letter_id, account):`. */
export function signature(view: View, around: Surroundings, isMethod: boolean, data?: string): string {
  const { parameter, hints } = around;
  const { takes } = view;
  const variables = view.path.flatMap((part) => (typeof part === 'string' || part.name === takes?.instead ? [] : [part]));
  const names = [
    ...(isMethod ? ['self'] : []),
    ...(data === undefined ? [] : [data]),
    ...variables.map(({ name, isNumber }) => (hints ? `${name}: ${isNumber ? 'int' : 'str'}` : name)),
    ...(takes ? [takes.name] : []),
    ...(parameter !== undefined && view.isForCallers ? [parameter] : []),
  ];
  return `def ${isMethod ? view.method.toLowerCase() : view.name}(${names.join(', ')}):`;
}

/** The decorators below that of the route. */
export function decoratorsOf(view: View, { decorator }: Surroundings): Lines {
  return [...(view.isForCallers && decorator !== undefined ? [decorator] : []), ...view.decorators].map((each) => `@${each}`);
}

/** Views by their path, for frameworks that have a class for each. */
export function byPath(views: readonly View[]): readonly (readonly View[])[] {
  const groups = new Map<string, View[]>();
  for (const view of views) {
    const rule = ruleOf(view, '');
    const taken = (groups.get(rule) ?? []).some(({ method }) => method === view.method);
    const key = taken ? `${rule} ${view.name}` : rule;
    groups.set(key, [...(groups.get(key) ?? []), view]);
  }
  return [...groups.values()];
}

export const plainVoice: Voice = {
  body: (pick) => pick('request.get_json()', 'request.json', 'request.get_json(force=True)'),
  handsOver: false,
  answer: (expression, status, pick) =>
    status === 200
      ? pick(`return jsonify(${expression})`, `return jsonify(${expression}), 200`)
      : `return jsonify(${expression}), ${status}`,
  refuse: (status, pick) =>
    pick(
      `return jsonify(error='refused'), ${status}`,
      `abort(${status})`,
      `return {'error': 'refused'}, ${status}`,
      status === 404 ? 'raise NotFound()' : 'raise Forbidden()',
      `return make_response(jsonify(error='refused'), ${status})`,
    ),
};

export const flaskOrigins: readonly (readonly [string, Origin])[] = [
  ...['Flask', 'Blueprint', 'request', 'jsonify', 'g', 'session', 'abort', 'make_response'].map((name) => [name, ['flask', name]] as const),
  ['MethodView', ['flask.views', 'MethodView']],
  ['NotFound', ['werkzeug.exceptions', 'NotFound']],
  ['Forbidden', ['werkzeug.exceptions', 'Forbidden']],
  ['os', ['os', null]],
  ['logging', ['logging', null]],
];
