import { describe, expect, it } from 'vitest';
import type { View } from '../../model/source.ts';
import { createMatcher } from './match-operation.ts';
import { createRouter } from './router.ts';

function views(...rules: readonly string[]): readonly View[] {
  return rules.map((text) => {
    const [first = '', second] = text.split(' ');
    const [methods, rule] = second === undefined ? ['GET', first] : [first, second];
    return {
      methods: methods.split(','),
      rule,
      isPartial: false,
      isAuthenticated: true,
      view: { file: 'app.py', line: 1, column: 1, function: 'view' },
      inputs: [],
      suspects: [],
      keys: [],
      assignable: [],
    };
  });
}

describe('a router', () => {
  // Each row is what Werkzeug 3 answers.
  it.each([
    ['/users/me', ['/users/<name>', '/users/me'], '/users/me'],
    ['/users/7', ['/users/<name>', '/users/<int:id>'], '/users/<int:id>'],
    ['/users/ann', ['/users/<int:id>', '/users/<name>'], '/users/<name>'],
    ['/files/a/b', ['/files/<name>', '/files/<path:rest>'], '/files/<path:rest>'],
    ['/files/a', ['/files/<path:rest>', '/files/<name>'], '/files/<name>'],
    ['/a/b', ['/<x>/b', '/a/<y>'], '/a/<y>'],
    ['/a/c', ['/a/b', '/<x>/c'], '/<x>/c'],
    ['/r.json', ['/<name>', '/<name>.json'], '/<name>.json'],
    ['/zz', ['/<string(length=3):s>', '/<s>'], '/<s>'],
    ['/red', ['/<any(red,"blue"):colour>', '/<int:n>'], '/<any(red,"blue"):colour>'],
    ['/me', ['/<path:rest>/', '/<any(a,me):k>'], '/<any(a,me):k>'],
    ['/-7', ['/<int:n>', '/<int(signed=True):m>'], '/<int(signed=True):m>'],
    ['/3fa85f64-5717-4562-b3fc-2c963f66afa6', ['/<uuid:u>'], '/<uuid:u>'],
    ['/a%20b?x=1', ['/<x>'], '/<x>'],
    ['/list', ['/list/'], '/list/'],
    ['/', ['/'], '/'],
    ['/nobody', ['/users'], undefined],
    ['/users/', ['/users/<id>'], undefined],
  ])('sends %s among %j to %s', (path, rules, expected) => {
    expect(createRouter(views(...rules))('GET', path)?.view.rule).toBe(expected);
  });

  it('looks past a rule that does not take the method', () => {
    const router = createRouter(views('POST /users/<int:id>', 'GET /users/<name>'));
    expect([router('GET', '/users/7')?.view.rule, router('HEAD', '/users/7')?.view.rule]).toEqual(['/users/<name>', '/users/<name>']);
    expect(router('DELETE', '/users/7')).toBeUndefined();
  });

  it('leaves out rules that are not wholly known, and those that Werkzeug would refuse', () => {
    const [known, ...others] = views('/<x', '/a');
    expect(createRouter([...(known ? [known] : []), ...others.map((view) => ({ ...view, isPartial: true }))])('GET', '/a')).toBeUndefined();
  });
});

describe('a matcher', () => {
  const operations = (...paths: readonly string[]): { method: string; path: string }[] => paths.map((path) => ({ method: 'GET', path }));

  it.each([
    ['/users/{userId}', ['/users/<int:user_id>', '/users/me'], '/users/<int:user_id>'],
    ['/users/me', ['/users/<user_id>', '/users/me'], '/users/me'],
    ['/users/{name}', ['/users/<int:id>', '/users/<name>'], '/users/<name>'],
    ['/users/{user}/notes/{note}', ['/users/<a>/notes/<b>', '/users/<a>/<b>/<c>'], '/users/<a>/notes/<b>'],
    ['/users/', ['/users'], '/users'],
    ['/users', ['/users/'], '/users/'],
    ['/reports/{id}.csv', ['/reports/<id>', '/reports/<id>.csv'], '/reports/<id>.csv'],
    ['/files/{name}/raw', ['/files/<path:rest>'], '/files/<path:rest>'],
    ['/teams/4', ['/teams/<int:id>'], '/teams/<int:id>'],
    ['/users/{id}', ['/users/me'], undefined],
    ['/users/{id}/x', ['/users/<id>'], undefined],
  ])('finds for %s among %j the rule %s', (path, rules, expected) => {
    expect(createMatcher(views(...rules), operations(path)).ofOperation({ method: 'GET', path })?.view.rule).toBe(expected);
  });

  it('finds out under which prefix the app is mounted', () => {
    const matcher = createMatcher(views('/users', '/users/<id>', '/v1'), operations('/shop/v1/users', '/shop/v1/users/{id}'));
    expect(matcher.ofOperation({ method: 'GET', path: '/shop/v1/users/{id}' })?.view.rule).toBe('/users/<id>');
    expect(matcher.ofRequest('GET', '/shop/v1/users/9')?.view.rule).toBe('/users/<id>');
  });
});
