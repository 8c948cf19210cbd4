import type { Place } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import { accessOf, noLabels, type Value } from './value.ts';

/** The status of what a view returns, when it says one. */
export function statusOf({ shape }: Value): number | undefined {
  switch (shape.is) {
    case 'response':
      return shape.status;
    case 'sequence': {
      const codes = shape.items
        .slice(1)
        .flatMap((item) => (item.shape.is === 'constant' && typeof item.shape.value === 'number' ? [item.shape.value] : []));
      return codes[0];
    }
    case 'either':
      return undefined;
    case 'symbol':
      return statusOfException(shape.path, shape.call?.args[0]);
    default:
      return undefined;
  }
}

const exceptions: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  UnprocessableEntity: 422,
};

function statusOfException(path: string, first: Value | undefined): number | undefined {
  const name = /(\w+)(?:\(\))?$/.exec(path)?.[1] ?? '';
  const given = first?.shape.is === 'constant' && typeof first.shape.value === 'number' ? first.shape.value : undefined;
  return exceptions[name] ?? (name === 'abort' ? given : undefined);
}

/** The body of an answer: what `jsonify` was given, or what the view returned. */
export function bodyOf(value: Value): Value {
  if (value.shape.is === 'response') return value.shape.body;
  const [first] = value.shape.is === 'sequence' ? value.shape.items : [];
  // `return body, 201`
  return first && statusOf(value) !== undefined ? bodyOf(first) : value;
}

/** Notes which objects leave with an answer. The callers of the view get something that is sent already. */
export function respond(machine: Machine, value: Value, at: Place, frame: Frame): Value {
  if (value.shape.is === 'either') {
    for (const option of value.shape.options) respond(machine, option, at, frame);
  }
  const status = statusOf(value);
  if (status === undefined || status < 400) {
    const body = bodyOf(value);
    const numbers = new Set([...body.labels].flatMap((label) => accessOf(label) ?? []));
    for (const access of numbers) {
      machine.trace.uses.push({
        kind: 'response',
        access,
        field: undefined,
        value: body,
        site: machine.site(at, frame),
        facts: machine.state.facts,
      });
    }
    if (numbers.size === 0 && body.labels.has('I')) {
      machine.trace.uses.push({
        kind: 'response',
        access: -1,
        field: undefined,
        value: body,
        site: machine.site(at, frame),
        facts: machine.state.facts,
      });
    }
  }
  return { labels: noLabels, shape: { is: 'response', body: { ...value, labels: noLabels }, status, place: at } };
}
