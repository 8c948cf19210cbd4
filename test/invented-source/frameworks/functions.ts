import { apart, block, type Lines } from '../python.ts';
import { decoratorsOf, flaskOrigins, plainVoice, ruleOf, signature, type Framework, type Surroundings, type View } from './framework.ts';

const app = ['app = Flask(__name__)'];

function routed(target: string, base: string, isShort: boolean): (view: View, around: Surroundings) => Lines {
  return (view, around) => {
    const rule = ruleOf(view, base);
    const route = isShort
      ? `@${target}.${view.method.toLowerCase()}('${rule}')`
      : `@${target}.route('${rule}'${view.method === 'GET' && around.pick(true, false) ? '' : `, methods=['${view.method}']`})`;
    return [route, ...decoratorsOf(view, around), ...block(signature(view, around, false), view.body)];
  };
}

function ofApp(isShort: boolean): Framework {
  return {
    origins: flaskOrigins,
    app,
    flask: 'app',
    needsApp: true,
    voice: plainVoice,
    render: (views, around) => ({
      head: [],
      views: apart(views.map((view) => routed('app', around.base, isShort)(view, around))),
      tail: [],
      files: [],
    }),
  };
}

export const plain = ofApp(false);
export const shortcut = ofApp(true);

/** Functions that are registered below. */
export const rules: Framework = {
  ...plain,
  render: (views, around) => ({
    head: [],
    views: [
      ...apart(views.map((view) => [...decoratorsOf(view, around), ...block(signature(view, around, false), view.body)])),
      '',
      '',
      ...views.map(
        (view) =>
          `app.add_url_rule('${ruleOf(view, around.base)}', ${around.pick(`'${view.name}'`, `endpoint='${view.name}'`)}, view_func=${view.name}, methods=['${view.method}'])`,
      ),
    ],
    tail: [],
    files: [],
  }),
};

export const blueprint: Framework = {
  ...plain,
  needsApp: false,
  render: (views, around) => {
    const isAtOnce = around.pick(true, false);
    const prefix = around.base === '' ? '' : `, url_prefix='${around.base}'`;
    return {
      head: [`bp = Blueprint('shop', __name__${isAtOnce ? prefix : ''})`],
      views: apart(views.map((view) => routed('bp', '', around.pick(false, true))(view, around))),
      tail: [`app.register_blueprint(bp${isAtOnce ? '' : prefix})`],
      files: [],
    };
  },
};

/** Two blueprints, one within the other. */
export const nested: Framework = {
  ...plain,
  needsApp: false,
  render: (views, around) => ({
    head: [
      `outer_bp = Blueprint('outer', __name__, url_prefix='${around.base === '' ? '/api' : around.base}')`,
      "inner_bp = Blueprint('inner', __name__, url_prefix='/v1')",
    ],
    views: apart(views.map((view) => routed('inner_bp', '', around.pick(true, false))(view, around))),
    tail: ['outer_bp.register_blueprint(inner_bp)', 'app.register_blueprint(outer_bp)'],
    files: [],
  }),
};
