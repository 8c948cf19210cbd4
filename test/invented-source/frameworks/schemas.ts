import { apart, block, type Lines } from '../python.ts';
import { byPath, camel, decoratorsOf, flaskOrigins, ruleOf, signature, type Framework, type View } from './framework.ts';

const marshmallow =
  (kind: string) =>
  (view: View): Lines =>
    view.fields
      ? block(
          `class ${camel(view.name)}In(Schema):`,
          view.fields.map((field) => `${field} = fields.${kind}(required=True)`),
        )
      : [];

export const smorest: Framework = {
  origins: [
    ...flaskOrigins.filter(([name]) => name !== 'Blueprint'),
    ['Blueprint', ['flask_smorest', 'Blueprint']],
    ['Api', ['flask_smorest', 'Api']],
    ['Schema', ['marshmallow', 'Schema']],
    ['fields', ['marshmallow', 'fields']],
  ],
  app: ['app = Flask(__name__)', "app.config.update(API_TITLE='shop', API_VERSION='v1', OPENAPI_VERSION='3.0.2')", 'api = Api(app)'],
  flask: 'app',
  needsApp: false,
  voice: {
    body: () => 'request.get_json()',
    handsOver: true,
    answer: (expression, status) => `return ${expression}${status === 200 ? '' : `, ${status}`}`,
    refuse: (status, pick) => pick(`abort(${status})`, `return {'message': 'refused'}, ${status}`),
  },
  render: (views, around) => ({
    head: [`blp = Blueprint('shop', __name__${around.base === '' ? '' : `, url_prefix='${around.base}'`})`],
    views: apart([
      ...views.map(marshmallow('String')),
      ...byPath(views).map((group) => {
        const [first] = group;
        return [
          `@blp.route('${first ? ruleOf(first, '') : '/'}')`,
          ...block(
            `class ${camel(first?.name ?? 'view')}View(MethodView):`,
            group.flatMap((view, index) => [
              ...(index === 0 ? [] : ['']),
              ...decoratorsOf(view, around),
              ...(view.fields ? [`@blp.arguments(${camel(view.name)}In)`] : []),
              ...block(signature(view, around, true, view.fields && 'data'), view.body),
            ]),
          ),
        ];
      }),
    ]),
    tail: ['api.register_blueprint(blp)'],
    files: [],
  }),
};

export const apiflask: Framework = {
  origins: [
    ...flaskOrigins.filter(([name]) => name !== 'abort'),
    ['abort', ['apiflask', 'abort']],
    ['APIFlask', ['apiflask', 'APIFlask']],
    ['Schema', ['apiflask', 'Schema']],
    ['fields', ['apiflask', 'fields']],
  ],
  app: ['app = APIFlask(__name__)'],
  flask: 'app',
  needsApp: true,
  voice: { ...smorest.voice, refuse: (status, pick) => pick(`abort(${status})`, `return {'message': 'refused'}, ${status}`) },
  render: (views, around) => ({
    head: [],
    views: apart([
      ...views.map(marshmallow('String')),
      ...views.map((view) => [
        `@app.${view.method.toLowerCase()}('${ruleOf(view, around.base)}')`,
        ...(view.fields ? [`@app.input(${camel(view.name)}In, arg_name='data')`] : []),
        ...decoratorsOf(view, around),
        ...block(
          signature(view, around, false, undefined).replace(
            /\):$/,
            view.fields ? `${signature(view, around, false).endsWith('():') ? '' : ', '}data):` : '):',
          ),
          view.body,
        ),
      ]),
    ]),
    tail: [],
    files: [],
  }),
};

/** The routes stand in a description; the views are plain functions. */
export const connexion: Framework = {
  origins: [...flaskOrigins, ['connexion', ['connexion', null]]],
  app: ["connexion_app = connexion.FlaskApp(__name__, specification_dir='.')", 'app = connexion_app.app'],
  flask: 'app',
  needsApp: false,
  voice: {
    body: () => 'request.get_json()',
    handsOver: true,
    answer: (expression, status) => `return ${expression}${status === 200 ? '' : `, ${status}`}`,
    refuse: (status, pick) => pick(`return {'message': 'refused'}, ${status}`, `abort(${status})`),
  },
  render: (views, around) => ({
    head: [],
    views: apart(
      views.map((view) => {
        const name = view.name;
        const data = view.fields ? ['data = body'] : [];
        const head = signature(view, around, false).replace(
          /\):$/,
          view.fields ? `${signature(view, around, false).endsWith('():') ? '' : ', '}body):` : '):',
        );
        return [...decoratorsOf(view, around), ...block(head.replace(/^def \w+/, `def ${name}`), [...data, ...view.body])];
      }),
    ),
    tail: ["connexion_app.add_api('openapi.yaml')"],
    files: [{ path: 'openapi.yaml', text: descriptionOf(views, around.base) }],
  }),
};

function descriptionOf(views: readonly View[], base: string): string {
  const paths = new Map<string, Record<string, unknown>>();
  for (const view of views) {
    const path = `${base}${view.path.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join('')}`;
    const item = paths.get(path) ?? {};
    paths.set(path, item);
    const properties = Object.fromEntries((view.fields ?? []).map((field) => [field, { type: 'string' }]));
    item[view.method.toLowerCase()] = {
      operationId: `{views}.${view.name}`,
      parameters: view.path.flatMap((part) =>
        typeof part === 'string'
          ? []
          : [{ name: part.name, in: 'path', required: true, schema: { type: part.isNumber ? 'integer' : 'string' } }],
      ),
      ...(view.fields ? { requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } } } : {}),
      responses: { 200: { description: 'fine' } },
    };
  }
  return `${JSON.stringify({ openapi: '3.0.2', info: { title: 'shop', version: '1' }, paths: Object.fromEntries(paths) }, undefined, 2)}\n`;
}
