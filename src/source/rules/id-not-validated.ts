import { isClientLabel } from '../flow/value.ts';
import { defineRule, type Match } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'id-not-validated',
  category: 'inputValidation',
  severity: 'low',
  docs: {
    title: 'An id is converted without regard to ids that have not its shape',
    risk: 'A malformed id ends in a 500, with what a stack trace tells.',
    remedy: 'Catch the error of the conversion, and answer 400 or 404.',
    cwe: [20, 754],
    owasp: 'API8:2023',
  },
  match: (run, app) =>
    run.trace.moments.flatMap((moment): Match[] => {
      if (moment.is === 'type-test') {
        if (moment.site.function !== run.route.code.name || moment.value.labels.size !== 1) return [];
        const isString = run.route.variables.some(({ name, converter }) => converter === undefined && moment.value.labels.has(`C:${name}`));
        if (moment.type !== 'int' || !isString) return [];
        return [
          {
            site: moment.site,
            confidence: 'firm',
            severity: 'medium',
            proof: 'A variable of the path is text, so that this test for `int` never passes.',
            part: 'isinstance',
          },
        ];
      }
      if (moment.is !== 'cast' || moment.isTried || moment.isChecked || ![...moment.value.labels].some(isClientLabel)) return [];
      return [
        {
          site: siteOf(moment.site, app),
          confidence: 'firm',
          proof: `\`${moment.to}\` raises for an id that has not its shape, and nothing catches that.`,
          part: moment.to,
        },
      ];
    }),
  examples: [
    `
import uuid
from bson import ObjectId
from flask import Flask, abort, jsonify
app = Flask(__name__)

@app.get('/plain/<thing_id>')
def read_plain(thing_id):
    thing = ObjectId(thing_id)  # finding
    return jsonify(id=str(thing))

@app.get('/tried/<thing_id>')
def read_tried(thing_id):
    try:
        thing = uuid.UUID(thing_id)  # ok
    except ValueError:
        abort(400)
    return jsonify(id=str(thing))

@app.get('/typed/<thing_id>')
def read_typed(thing_id):
    if not isinstance(thing_id, int):  # finding
        abort(400)
    return jsonify(id=thing_id)

@app.get('/converted/<int:thing_id>')
def read_converted(thing_id):
    if not isinstance(thing_id, int):  # ok
        abort(400)
    return jsonify(id=thing_id)
`,
  ],
});
