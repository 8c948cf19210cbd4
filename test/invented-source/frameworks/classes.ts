import { apart, block, type Lines } from '../python.ts';
import {
  byPath,
  camel,
  decoratorsOf,
  flaskOrigins,
  plainVoice,
  ruleOf,
  signature,
  type Framework,
  type Surroundings,
  type View,
} from './framework.ts';

/** The methods of a class, and whether all of them have the decorator of the app. */
function methods(group: readonly View[], around: Surroundings, keyword: string): Lines {
  const { decorator } = around;
  const isShared = decorator !== undefined && group.every(({ isForCallers }) => isForCallers) && around.pick(false, true);
  const inner: Surroundings = isShared ? { ...around, decorator: undefined } : around;
  return [
    ...(isShared ? [`${keyword} = [${decorator}]`, ''] : []),
    ...group.flatMap((view, index) => [
      ...(index === 0 ? [] : ['']),
      ...decoratorsOf(view, inner),
      ...block(signature(view, around, true), view.body),
    ]),
  ];
}

function className(group: readonly View[]): string {
  return `${camel(group[0]?.name ?? 'view')}View`;
}

export const methodView: Framework = {
  origins: flaskOrigins,
  app: ['app = Flask(__name__)'],
  flask: 'app',
  needsApp: true,
  voice: plainVoice,
  render: (views, around) => {
    const groups = byPath(views);
    return {
      head: [],
      views: apart([
        ...groups.map((group) => block(`class ${className(group)}(MethodView):`, methods(group, around, 'decorators'))),
        groups.map((group) => {
          const [first] = group;
          return first ? `app.add_url_rule('${ruleOf(first, around.base)}', view_func=${className(group)}.as_view('${first.name}'))` : '';
        }),
      ]),
      tail: [],
      files: [],
    };
  },
};

export const restful: Framework = {
  origins: [
    ...flaskOrigins,
    ['Api', ['flask_restful', 'Api']],
    ['Resource', ['flask_restful', 'Resource']],
    ['reqparse', ['flask_restful', 'reqparse']],
  ],
  app: ['app = Flask(__name__)', 'api = Api(app)'],
  flask: 'app',
  needsApp: true,
  voice: {
    body: (pick) => pick('request.get_json()', 'request.json'),
    handsOver: false,
    answer: (expression, status) => `return ${expression}${status === 200 ? '' : `, ${status}`}`,
    refuse: (status, pick) => pick(`return {'message': 'refused'}, ${status}`, `abort(${status})`),
  },
  render: (views, around) => {
    const groups = byPath(views);
    return {
      head: [],
      views: apart([
        ...groups.map((group) => block(`class ${className(group)}(Resource):`, methods(group, around, 'method_decorators'))),
        groups.map((group) => {
          const [first] = group;
          return first ? `api.add_resource(${className(group)}, '${ruleOf(first, around.base)}', endpoint='${first.name}')` : '';
        }),
      ]),
      tail: [],
      files: [],
    };
  },
};

export const restx: Framework = {
  ...restful,
  origins: [
    ...flaskOrigins,
    ['Api', ['flask_restx', 'Api']],
    ['Resource', ['flask_restx', 'Resource']],
    ['Namespace', ['flask_restx', 'Namespace']],
  ],
  app: ['app = Flask(__name__)', 'api = Api(app)'],
  needsApp: false,
  voice: {
    ...restful.voice,
    body: (pick) => pick('request.get_json()', 'ns.payload'),
    refuse: (status, pick) => pick(`return {'message': 'refused'}, ${status}`, `ns.abort(${status})`, `abort(${status})`),
  },
  render: (views, around) => ({
    head: [`ns = Namespace('shop', path='${around.base === '' ? '/' : around.base}')`],
    views: apart(
      byPath(views).map((group) => {
        const [first] = group;
        return [
          `@ns.route('${first ? ruleOf(first, '') : '/'}')`,
          ...block(`class ${className(group)}(Resource):`, methods(group, around, 'method_decorators')),
        ];
      }),
    ),
    tail: ['api.add_namespace(ns)'],
    files: [],
  }),
};
