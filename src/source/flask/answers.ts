import type { Library } from '../flow/machine.ts';
import { record, unknown, type Arguments, type Value } from '../flow/value.ts';
import { flaskPath } from './request-data.ts';

/** What Flask makes of what a view returns, and how a view refuses. */
export const answers: Library = {
  call(machine, { path: whole, name }, args, at, frame) {
    const path = flaskPath(whole);
    if (name === 'abort' && (path === 'abort' || /(?:^|\.)abort$/.test(whole))) {
      const how: Value = { labels: new Set(), shape: { is: 'symbol', path: 'abort()', call: args, receiver: undefined, site: 0 } };
      machine.refuse(how, at, frame);
      return unknown;
    }
    if (path === 'jsonify' || /^(?:flask\.)?json\.jsonify$/.test(whole)) {
      return { labels: bodyOf(args).labels, shape: { is: 'response', body: bodyOf(args), status: undefined, place: at } };
    }
    if (path === 'make_response' || path === 'Response') {
      const [body = unknown, status] = args.args;
      const given = status ?? args.keywords.get('status');
      const code = given?.shape.is === 'constant' && typeof given.shape.value === 'number' ? given.shape.value : undefined;
      const inner = body.shape.is === 'response' ? body.shape : undefined;
      return { labels: body.labels, shape: { is: 'response', body: inner?.body ?? body, status: code ?? inner?.status, place: at } };
    }
    if (path === 'redirect') {
      const [target] = args.args;
      // A link that was signed for whoever has it is as good as the file.
      const body = target?.shape.is === 'stored' && machine.trace.accesses[target.shape.access]?.resource === 'file' ? target : unknown;
      return { labels: body.labels, shape: { is: 'response', body, status: 302, place: at } };
    }
    if (path === 'render_template' || path === 'render_template_string') {
      const body = record(args.keywords, args.rest);
      // A template shows what it likes of what it gets: that is not seen here.
      return {
        labels: body.labels,
        shape: { is: 'response', body: { labels: body.labels, shape: { is: 'unknown' } }, status: undefined, place: at },
      };
    }
    return undefined;
  },
};

function bodyOf({ args, keywords, rest }: Arguments): Value {
  const [only, ...others] = args;
  if (only && others.length === 0) return only;
  if (only) return { labels: new Set(args.flatMap((arg) => [...arg.labels])), shape: { is: 'sequence', items: args, each: undefined } };
  return record(keywords, rest);
}
