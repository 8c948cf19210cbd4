import { libraryBases, memberOf } from '../flow/classes.ts';
import type { Machine } from '../flow/machine.ts';
import { instance } from '../flow/members.ts';
import type { Code, PythonClass, Value } from '../flow/value.ts';
import type { Expression, Parameter, Statement } from '../python/syntax.ts';

/** The methods of a resource that its library answers, each with what of the app it calls on the way, in order. */
const calledBy: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ResourceList: {
    GET: ['before_get', 'query', 'after_get'],
    POST: ['before_post', 'before_create_object', 'create_object', 'after_create_object', 'after_post'],
  },
  ResourceDetail: {
    GET: ['before_get', 'before_get_object', 'after_get_object', 'after_get'],
    PATCH: ['before_patch', 'before_get_object', 'before_update_object', 'after_update_object', 'after_patch'],
    DELETE: ['before_delete', 'before_get_object', 'before_delete_object', 'after_delete_object', 'after_delete'],
  },
  ResourceRelationship: { GET: [], POST: [], PATCH: [], DELETE: [] },
};

/**
 * The views of a class of flask-rest-jsonapi. The library finds and stores the objects; what is of the app are the hooks of the class,
 * which see the variables of the rule and the body of the request. None for any other class.
 */
export function resourceView(type: PythonClass, machine: Machine): readonly { readonly method: string; readonly view: Value }[] {
  const kind = libraryBases(type)
    .map((path) => /(?:^|\.)(Resource(?:List|Detail|Relationship))$/.exec(path)?.[1])
    .find((each) => each !== undefined);
  const self = instance(type, machine.next());
  return Object.entries(calledBy[kind ?? ''] ?? {}).map(([method, hooks]) => {
    const own = memberOf(type, method.toLowerCase(), self);
    return { method, view: own?.shape.is === 'function' ? own : calling(type, self, hooks) };
  });
}

/** `def view(self, **view_kwargs)` with a call of each of the hooks that the class has. */
function calling(type: PythonClass, self: Value, hooks: readonly string[]): Value {
  const { def } = type;
  const at = { line: def.line, column: def.column, start: def.start, end: def.end };
  const named = (name: string): Expression => ({ ...at, kind: 'Name', name });
  const body = hooks.flatMap((name): Statement[] => {
    const hook = memberOf(type, name, self);
    if (hook?.shape.is !== 'function') return [];
    const callee: Expression = { ...at, kind: 'Attribute', value: named('self'), name };
    const args = hook.shape.code.parameters.filter(({ form }, index) => form === 'plain' && index > 0).map((each) => argumentFor(each, at));
    return [{ ...at, kind: 'Expr', value: { ...at, kind: 'Call', callee, args, keywords: [] } }];
  });
  const parameters: readonly Parameter[] = [
    { ...at, name: 'self', form: 'plain', fallback: undefined, annotation: undefined },
    { ...at, name: 'view_kwargs', form: 'keywords', fallback: undefined, annotation: undefined },
  ];
  const code: Code = { name: type.name, parameters, body, place: def, scope: type.scope, file: type.scope.file };
  return { labels: new Set(), shape: { is: 'function', code, self } };
}

/** The variables of the rule, the body, or something of the library. */
function argumentFor({ name }: Parameter, at: Pick<Expression, 'line' | 'column' | 'start' | 'end'>): Expression {
  // A resource has several rules, and its hooks ask which of them it is: what such a rule has not is not missing.
  if (/kwargs/.test(name)) {
    const rest = { key: undefined, value: { ...at, kind: 'Name', name: 'view_kwargs' } } as const;
    const none = { key: { ...at, kind: 'Constant', value: '' }, value: { ...at, kind: 'Constant', value: null } } as const;
    return { ...at, kind: 'Dict', items: [rest, none] };
  }
  if (name !== 'data') return { ...at, kind: 'Constant', value: null };
  const request: Expression = { ...at, kind: 'Attribute', value: { ...at, kind: 'Name', name: 'flask' }, name: 'request' };
  return { ...at, kind: 'Attribute', value: request, name: 'json' };
}
