import type { Severity } from '../../model/check.ts';
import type { SourceEvidence } from '../../model/source.ts';
import type { Run } from '../flask/run-route.ts';
import type { Access, Condition, Site, Use } from '../flow/access.ts';
import { clientLabels, isScoped } from '../flow/facts.ts';
import type { Label, Value } from '../flow/value.ts';
import { valuesOf } from '../flow/accessing.ts';
import { onceForEach } from '../python/walk.ts';
import { founded } from './founded.ts';
import { siteOf, siteOfChange } from './site.ts';
import { isShown } from './exposure.ts';
import { isLinked, isRearranged, isTiedToEarlier, linkedUses } from './linked.ts';
import { rank, siblingsOf } from './open-rank.ts';
import { isRead, ownerField, type Resource } from './resources.ts';
import type { App, Match } from './rule.ts';

/** An access that takes an id from the client and reaches whatever has it. */
export interface Open {
  readonly access: Access;
  readonly resource: Resource | undefined;
  /** The ids: `C:loan_id`. */
  readonly ids: readonly Label[];
  /** What is done with the object where nothing says that it is the caller's. */
  readonly uses: readonly Use[];
  readonly does: NonNullable<SourceEvidence['does']>;
  /** `subject`: the id names a person. `child`: another id of the route is checked, and this one is not tied to it. `index`: an index or scan. */
  readonly kind: 'lookup' | 'subject' | 'child' | 'index';
}

const capability = /token|secret|nonce|digest|hash|signature|\bjti\b|\botp\b|api_?key|share_?key|invit\w*_?(?:code|key)/i;
const subject =
  /^C:(?:.*_)?(?:user|account|member|customer|owner|tenant|org|organi[sz]ation|merchant|person|employee|patient|student)(?:_?(?:id|uuid|name|email))?$|^C:(?:username|email|uid)$/i;
/** The accesses of a route that anybody may steer to anybody's objects. */
export function openAccesses(run: Run, app: App): readonly Open[] {
  return opensOf(app)(run);
}

/** Several rules ask for the same. */
const opensOf = onceForEach((app: App) => onceForEach((run: Run) => findOpens(run, app)));

function findOpens(given: Run, app: App): readonly Open[] {
  const run = founded(given, app);
  const opens = run.trace.accesses.flatMap((access): Open[] => {
    const open = judge(access, run, app);
    return open ? [open] : [];
  });
  // One finding for an id that nobody asks about, however much is done with it; a view of several methods is several operations.
  const isShared = run.route.methods.filter((method) => method !== 'HEAD' && method !== 'OPTIONS').length > 1;
  const worst = new Map<string, Open>();
  for (const open of opens) {
    const key = JSON.stringify([[...new Set(open.ids)].toSorted(), open.kind, isShared ? open.does : '']);
    const rival = worst.get(key);
    const more = rival ? weight(open, run, app) - weight(rival, run, app) : 1;
    // Of two that are as bad, the shorter way from the view.
    if (!rival || more > 0 || (more === 0 && wayTo(open, app) < wayTo(rival, app))) worst.set(key, open);
  }
  return [...worst.values()];
}

function wayTo({ access }: Open, app: App): number {
  return siteOf(access.site, app).callers.length;
}

const harm: readonly Open['does'][] = ['read', 'use', 'change', 'delete'];
const grades: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

function weight(open: Open, run: Run, app: App): number {
  const ranked = rank(open, run, app);
  if (!ranked) return -1;
  return grades.indexOf(ranked.severity ?? 'info') * 10 + (ranked.confidence === 'tentative' ? 0 : 5) + harm.indexOf(open.does);
}

function judge(access: Access, run: Run, app: App): Open | undefined {
  const { trace } = run;
  const { verb, facts } = access;
  const keys = keysWritten(access, run, app);
  const conditions = keys.length > 0 ? keys : [...access.conditions, ...ownersWritten(access, app)];
  const ids = clientLabels(conditions.filter((each) => !isCapability(each) && !isSearch(each))).filter(
    (label) => !facts.has(`pin:${label}`) && !facts.has(`listed:${label}`),
  );
  if (ids.length === 0 || (verb === 'create' && conditions.length === 0)) return undefined;
  if (conditions.some(isCapability) || isScoped({ ...access, conditions }, facts, trace.accesses)) return undefined;
  if (isLinked(access, run)) return undefined;
  const uses = [...trace.uses.filter((use) => use.access === access.id), ...linkedUses(access, run, app)].filter(
    (use) => !isOwnUse(use, access, run) && !isRearranged(use),
  );
  const isWrite = verb !== 'read' && verb !== 'list';
  if (!isWrite && (uses.length === 0 || app.isPublic(access.resource))) return undefined;
  return {
    access,
    resource: app.resources.get(access.resource),
    ids,
    uses,
    does: doneBy(access, uses, run, app),
    kind: kindOf(access, ids, run),
  };
}

function doneBy(access: Access, uses: readonly Use[], run: Run, app: App): Open['does'] {
  const kinds = new Set(uses.map(({ kind }) => kind));
  if (access.verb === 'delete' || kinds.has('delete')) return 'delete';
  if (!isRead(access) || kinds.has('update')) return 'change';
  // Of an answer that was only made with the help of the object it is not known what it tells.
  const isShownToo = uses.some((use) => isShown(use, access, run, app));
  return uses.some(({ as }) => as !== undefined) && !isShownToo ? 'use' : kinds.has('response') ? 'read' : 'use';
}
/** The owner of a new object, when it is what the client says: as good as a condition. */
function ownersWritten({ verb, data, resource }: Access, app: App): readonly Condition[] {
  const known = app.resources.get(resource);
  if ((verb !== 'create' && verb !== 'put') || data?.shape.is !== 'record' || !known || known.isAccount) return [];
  return [...data.shape.entries].flatMap(([name, value]): readonly Condition[] =>
    (known.owners.get(name) ?? 0) > 2 || known.parents.has(name)
      ? [{ is: 'field', entity: undefined, field: name, binds: true, value }]
      : [],
  );
}

/** The key of an item that is put, when the path names it: the item that has it is replaced, whosever it is. */
function keysWritten({ verb, library, data, resource, conditions: own }: Access, { route }: Run, app: App): readonly Condition[] {
  const entries = data?.shape.is === 'record' ? data.shape.entries : undefined;
  const keys = app.resources.get(resource)?.keys ?? new Set();
  if (verb !== 'put') return [];
  const isNamed = (values: readonly Value[]): boolean =>
    values.some(({ labels }) => route.variables.some(({ name }) => labels.has(`C:${name}`)));
  if (library === 'dictionary') return isNamed(valuesOf(own)) ? own : [];
  if (library !== 'dynamodb' || !entries || keys.size === 0) return [];
  const conditions = [...keys].flatMap((field): readonly Extract<Condition, { is: 'field' }>[] => {
    const value = entries.get(field);
    return value ? [{ is: 'field', entity: undefined, field, binds: true, value }] : [];
  });
  return isNamed(valuesOf(conditions)) && conditions.length === keys.size ? conditions : [];
}

function isOwnUse(use: Use, access: Access, { trace }: Run): boolean {
  return use.facts.has(`own:${access.id}`) || isScoped(access, use.facts, trace.accesses) || isTiedToEarlier(use, access);
}

function isCapability(condition: Condition): boolean {
  const labels = clientLabels([condition]);
  if (condition.is !== 'field' || labels.length === 0) return false;
  return capability.test(condition.field) || labels.every((label) => capability.test(label));
}

/** `LIKE`, `<` and the like look for rows, and name none. */
function isSearch(condition: Condition): boolean {
  return condition.is === 'field' && !condition.binds && condition.field !== '*';
}

function kindOf(access: Access, ids: readonly Label[], run: Run): Open['kind'] {
  if (access.index !== undefined) return 'index';
  if (ids.every((label) => subject.test(label))) return 'subject';
  const pinned = [...access.facts].some(
    (fact) => fact.startsWith('pin:C:') && run.route.variables.some(({ name }) => fact === `pin:C:${name}`),
  );
  return pinned ? 'child' : 'lookup';
}
/** The sentence of a finding. */
export function describe(open: Open, app: App): string {
  const { access, ids, does, resource } = open;
  const names = [...new Set(ids.map((label) => (label === 'R' || label === 'C:*' ? 'the request body' : `\`${label.slice(2)}\``)))].join(
    ' and ',
  );
  const verb = { read: 'reads from', use: 'uses what is stored in', change: 'changes', delete: 'deletes from' }[does];
  const owner = ownerField(resource);
  const [sibling] = siblingsOf(open, app);
  const missing = owner === undefined ? 'nothing ties the object to the caller' : `\`${owner}\` is not compared with the caller`;
  const better = sibling
    ? ` ${sibling.route.methods.join('/')} ${sibling.route.path} does it right (${sibling.route.code.file}:${sibling.route.place.line}).`
    : '';
  const settle = app.hasCallers ? '' : ' No route of this app knows its caller.';
  return `${names} comes from the client and ${verb} \`${access.resource}\` (${access.library}), and ${missing}.${better}${settle}`;
}

/** The line at which another route ties such an object to the caller: the query that does, or the comparison. */
function betterOf(open: Open, app: App): Match['better'] {
  const [run] = siblingsOf(open, app);
  if (!run) return undefined;
  const { trace, route } = run;
  const resources = new Set([open.access.resource, ...open.uses.flatMap(({ through }) => through?.resource ?? [])]);
  const own = trace.accesses.filter((each) => resources.has(each.resource));
  const scoped = own.find((each) => isScoped({ ...each, facts: new Set() }, new Set(), trace.accesses));
  const compared = trace.moments.find(
    (moment) =>
      moment.is === 'compare' &&
      own.some(({ id }) => [moment.test.left, moment.test.right].some(({ labels }) => labels.has(`O:${id}`))) &&
      [moment.test.left, moment.test.right].some(({ labels }) => labels.has('I')),
  );
  const site = scoped?.site ?? compared?.site ?? own[0]?.site;
  return site && { site, operation: `${route.methods.join('/')} ${route.path}` };
}

/** The access; or, where a helper loads an object that one view only shows and another changes, the change. */
function faultOf({ access, does, uses }: Open, { route }: Run, app: App): Site {
  const change = uses.find(({ kind }) => kind === 'update' || kind === 'delete');
  const isHelper = access.site.function !== route.code.name && isRead(access);
  return (does === 'change' || does === 'delete') && change && isHelper
    ? siteOfChange(access.site, change.site, app)
    : siteOf(access.site, app);
}

/** The matches of one kind. */
export function matchesOf(run: Run, app: App, kind: Open['kind']): readonly Match[] {
  return openAccesses(run, app).flatMap((open) => {
    if (open.kind !== kind) return [];
    const ranked = rank(open, run, app);
    return ranked
      ? [
          {
            ...ranked,
            site: faultOf(open, run, app),
            proof: describe(open, app),
            part: `${open.access.resource}:${open.does}`,
            does: open.does,
            better: betterOf(open, app),
          },
        ]
      : [];
  });
}
