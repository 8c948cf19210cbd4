import type { Condition, Verb } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Callee, Frame, Machine } from '../flow/machine.ts';
import { join, textOf, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { argumentAt } from './arguments.ts';
import { conditionsOf } from './conditions.ts';
import { isOneOf } from './load-stores.ts';
import type { Links, Store } from './schema.ts';

/** One call of a chain: `.where('owner', '==', me)`. */
interface Link {
  readonly name: string;
  readonly call: Arguments;
}

/** What is put together call by call, and done by the last: `db.collection('trails').document(id).get()`. */
export function callChain(
  machine: Machine,
  store: Store,
  { name, receiver }: Callee,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const { links: kinds, chains } = store;
  if (!kinds || receiver?.shape.is !== 'symbol') return undefined;
  const { path } = receiver.shape;
  const chain = chains.find(({ names, receivers }) => names.includes(name) && isOneOf(receivers, path));
  if (!chain) return undefined;
  const links = linksOf(receiver);
  const named = links.find((link) => kinds.resource.includes(link.name))?.call.args[0];
  if (!named) return undefined;
  const given = chain.data && argumentAt(args, chain.data);
  const begun = links.find((link) => kinds.verbs[link.name] !== undefined);
  const data = given ?? begun?.call.args[0];
  const verb = chain.verb ?? (begun && kinds.verbs[begun.name]) ?? 'list';
  const access = {
    library: store.library,
    resource: textOf(named) ?? '?',
    entity: undefined,
    verb,
    conditions: links.flatMap((link) => conditionsOfLink(link, kinds)),
    projection: undefined,
    data: verb === 'list' || verb === 'read' ? undefined : data && join([data]),
    index: undefined,
    joined: [],
    isGuess: false,
  };
  return recordAccess(machine, access, isChange(verb) ? 'outcome' : chain.answers, undefined, at, frame);
}

function isChange(verb: Verb): boolean {
  return verb !== 'list' && verb !== 'read';
}

/** The calls that led here, the last one first. */
function linksOf(value: Value): readonly Link[] {
  const links: Link[] = [];
  for (let each: Value | undefined = value; each?.shape.is === 'symbol' && links.length < 20;) {
    const { path, call, receiver }: Extract<Value['shape'], { is: 'symbol' }> = each.shape;
    const name = /(\w+)\(\)$/.exec(path)?.[1];
    if (name !== undefined && call) links.push({ name, call });
    each = receiver;
  }
  return links;
}

function conditionsOfLink({ name, call }: Link, kinds: Links): readonly Condition[] {
  if (kinds.keys.includes(name)) return call.args.flatMap((arg) => conditionsOf(arg, 'key'));
  if (kinds.records.includes(name)) return call.args.flatMap((arg) => conditionsOf(arg, 'record'));
  if (!kinds.compares.includes(name)) return [];
  // `where(filter=FieldFilter('owner', '==', me))`
  const filter = call.keywords.get('filter')?.shape;
  const args = filter?.is === 'symbol' && filter.call ? filter.call.args : call.args;
  const [field, operator, value] = args.length > 2 ? args : [args[0], undefined, args[1]];
  if (!field || !value) return [];
  const binds = !/neq|gt|lt|like/.test(name) && (operator === undefined || /^(?:==|in|array_contains)$/.test(textOf(operator) ?? ''));
  return [{ is: 'field', entity: undefined, field: textOf(field) ?? '*', binds, value }];
}
