import { memberOf, orderOf } from '../flow/classes.ts';
import type { Code, PythonClass, Value } from '../flow/value.ts';
import type { Registered } from './registration.ts';

/** The code that answers some of the methods of a route. */
export interface Handler {
  readonly methods: readonly string[];
  readonly view: Value;
  readonly code: Code;
  /** The class of a class-based view. */
  readonly type: PythonClass | undefined;
}

const classVerbs = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** What answers a route: a function, the methods of a class, or those of a class that a function was made for. */
export function handlersOf({ view, methods, type }: Registered): readonly Handler[] {
  const { shape } = view;
  if (shape.is === 'function') return ofFunction(view, methods ?? ['GET'], type);
  if (shape.is !== 'class') return [];
  const dispatch = memberOf(shape.class, 'dispatch_request', undefined);
  const members = classVerbs.flatMap((verb): Handler[] => {
    const member = memberOf(shape.class, verb, undefined);
    if (member?.shape.is !== 'function' || (methods && !methods.includes(verb.toUpperCase()))) return [];
    return [
      { methods: [verb.toUpperCase()], view: heldBy(member, shape.by), code: member.shape.origin ?? member.shape.code, type: shape.class },
    ];
  });
  if (members.length > 0 || dispatch?.shape.is !== 'function') return members;
  return [
    {
      methods: methods ?? ['GET'],
      view: heldBy(dispatch, shape.by),
      code: dispatch.shape.origin ?? dispatch.shape.code,
      type: shape.class,
    },
  ];
}

/** A method of a class that a decorator stands around: `login_required(View.as_view('view'))`. */
function heldBy(member: Value, by: readonly string[] | undefined): Value {
  if (!by || member.shape.is !== 'function') return member;
  return { ...member, shape: { ...member.shape, by: [...(member.shape.by ?? []), ...by] } };
}

function ofFunction(view: Value, methods: readonly string[], around: PythonClass | undefined): readonly Handler[] {
  const { shape } = view;
  if (shape.is !== 'function') return [];
  const code = shape.origin ?? shape.code;
  const type = classBehind(code);
  if (!type) return [{ methods, view, code, type: around }];
  const byCode = new Map<Code, string[]>();
  for (const method of methods) {
    const answering = answeringMethod(type, method) ?? code;
    byCode.set(answering, [...(byCode.get(answering) ?? []), method]);
  }
  return [...byCode].map(([each, own]) => ({ methods: own, view, code: each, type: undefined }));
}

/** `def view(**kwargs): return handler().run()`: the class is what the function around it was called with. */
function classBehind({ scope, body, parameters }: Code): PythonClass | undefined {
  const isGeneric = parameters.every(({ form }) => form !== 'plain') && Array.isArray(body);
  if (!isGeneric || scope.isLocal !== true) return undefined;
  const types = [...scope.vars].flatMap(([, { shape }]) => (shape.is === 'class' ? [shape.class] : []));
  return types.length === 1 ? types[0] : undefined;
}

const answers = /^_?(?:process|handle|dispatch|run|execute|perform)(?:_request)?(?:_([a-z]+))?$/i;

/** The method of a class that does what was asked for; that of the class itself before those of the classes that it is derived from. */
function answeringMethod(type: PythonClass, method: string): Code | undefined {
  for (const { members } of orderOf(type)) {
    const found = [...members].flatMap(([name, { shape }]) => {
      const verb = answers.exec(name);
      if (!verb || shape.is !== 'function') return [];
      const isOfMethod = verb[1]?.toUpperCase() === method;
      return verb[1] === undefined || isOfMethod ? [{ code: shape.origin ?? shape.code, isOfMethod }] : [];
    });
    const best = found.find(({ isOfMethod }) => isOfMethod) ?? found.at(-1);
    if (best) return best.code;
  }
  return undefined;
}
