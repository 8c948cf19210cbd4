import { isPrivateAccountField } from '../../model/sensitive.ts';
import type { Confidence, Severity } from '../../model/check.ts';
import type { Run } from '../flask/run-route.ts';
import type { Access, Condition, Site, Use } from '../flow/access.ts';
import { clientLabels, isScoped } from '../flow/facts.ts';
import { valuesOf } from '../flow/accessing.ts';
import { accessOf, isClientLabel, type Label } from '../flow/value.ts';
import { siteOf } from './site.ts';
import { exposureOf } from './exposure.ts';
import { isOwned, isRead, ownerField, type Resource } from './resources.ts';
import type { App, Match } from './rule.ts';

/** An access that takes an id from the client and reaches whatever has it. */
export interface Open {
  readonly access: Access;
  readonly resource: Resource | undefined;
  /** The ids: `C:loan_id`. */
  readonly ids: readonly Label[];
  /** What is done with the object where nothing says that it is the caller's. */
  readonly uses: readonly Use[];
  readonly does: 'read' | 'change' | 'delete';
  /** `subject`: the id names a person. `child`: another id of the route is checked, and this one is not tied to it. `index`: an index or scan. */
  readonly kind: 'lookup' | 'subject' | 'child' | 'index';
}

const capability = /token|secret|nonce|digest|hash|signature|\bjti\b|otp/i;
const subject =
  /^C:(?:.*_)?(?:user|account|member|customer|owner|tenant|org|organi[sz]ation|merchant|person|employee|patient|student)(?:_?(?:id|uuid|name|email))?$|^C:(?:username|email|uid)$/i;
const beforeSignIn =
  /log_?in|sign_?in|sign_?up|register|registration|reset|forgot|password|verify|confirm|activate|oauth|callback|authenticate|refresh|token|webhook|logout|log_?out/i;

/** The accesses of a route that anybody may steer to anybody's objects. */
export function openAccesses(run: Run, app: App): readonly Open[] {
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

const harm: readonly Open['does'][] = ['read', 'change', 'delete'];
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
    (label) => !facts.has(`pin:${label}`),
  );
  if (ids.length === 0 || (verb === 'create' && conditions.length === 0)) return undefined;
  if (conditions.some(isCapability) || isScoped({ ...access, conditions }, facts, trace.accesses)) return undefined;
  if (isLinked(access, run)) return undefined;
  const uses = [...trace.uses, ...linkedUses(access, run, app)].filter((use) => use.access === access.id && !isOwnUse(use, access, run));
  const isWrite = verb !== 'read' && verb !== 'list';
  if (!isWrite && (uses.length === 0 || app.isPublic(access.resource))) return undefined;
  const kinds = new Set(uses.map((use) => use.kind));
  const does = verb === 'delete' || kinds.has('delete') ? 'delete' : isWrite || kinds.has('update') ? 'change' : 'read';
  return { access, resource: app.resources.get(access.resource), ids, uses, does, kind: kindOf(access, ids, run) };
}

/** Looked up by a field of an object that was loaded before: as open as that one is. */
function isLinked(access: Access, { trace }: Run): boolean {
  return access.conditions.some(
    (condition) =>
      condition.is === 'field' &&
      condition.binds &&
      parentsOf(condition).some((number) => number < access.id && trace.accesses[number]?.verb === 'read'),
  );
}

function parentsOf(condition: Condition): readonly number[] {
  return valuesOf([condition]).flatMap(({ labels }) => {
    // A value that the client may also give binds nothing.
    const names = [...labels];
    return names.some(isClientLabel) ? [] : names.flatMap((label) => accessOf(label) ?? []);
  });
}

/** An object by which another one is found is used when that one is. */
function linkedUses(parent: Access, run: Run, app: App): readonly Use[] {
  const { trace } = run;
  const children = trace.accesses.filter(
    (child) => child.id > parent.id && child.conditions.some((condition) => parentsOf(condition).includes(parent.id)),
  );
  return children.flatMap((child) =>
    trace.uses
      .filter((use) => use.access === child.id)
      .map((use) => ({
        ...use,
        kind: 'response' as const,
        isThrough: exposureOf(use, child, run, app).length > 0,
        access: parent.id,
        facts: new Set([...child.facts, ...use.facts]),
      })),
  );
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
function keysWritten({ verb, library, data, resource }: Access, { route }: Run, app: App): readonly Condition[] {
  const entries = data?.shape.is === 'record' ? data.shape.entries : undefined;
  const keys = app.resources.get(resource)?.keys ?? new Set();
  if (verb !== 'put' || library !== 'dynamodb' || !entries || keys.size === 0) return [];
  const conditions = [...keys].flatMap((field): readonly Extract<Condition, { is: 'field' }>[] => {
    const value = entries.get(field);
    return value ? [{ is: 'field', entity: undefined, field, binds: true, value }] : [];
  });
  const isInPath = conditions.some(({ value }) => route.variables.some(({ name }) => value.labels.has(`C:${name}`)));
  return isInPath && conditions.length === keys.size ? conditions : [];
}

function isOwnUse(use: Use, access: Access, { trace }: Run): boolean {
  return use.facts.has(`own:${access.id}`) || isScoped(access, use.facts, trace.accesses) || isTiedToEarlier(use, access);
}

/** Compared with an object that was loaded before: as open as that one is. */
function isTiedToEarlier({ facts }: Use, { id }: Access): boolean {
  return [...facts].some((fact) => {
    if (!fact.startsWith('tie:')) return false;
    const numbers = fact.slice(4).split('~').map(accessOf);
    return numbers.includes(id) && numbers.some((number) => number !== undefined && number < id);
  });
}

function isCapability(condition: Condition): boolean {
  return condition.is === 'field' && capability.test(condition.field) && clientLabels([condition]).length > 0;
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

/** How bad it is, and how sure; `undefined` when it looks as if it is meant to be so. */
export function rank(open: Open, run: Run, app: App): Required<Pick<Match, 'severity' | 'confidence'>> | undefined {
  const { access, resource, does } = open;
  const { route } = run;
  const siblings = resource?.guarded[does === 'read' && isRead(access) ? 'read' : 'write'].filter((each) => each !== run) ?? [];
  const isSure = siblings.length > 0 && !access.isGuess && (does !== 'read' || open.uses.some((use) => isShown(use, open, run, app)));
  const confidence: Confidence = isSure ? 'firm' : 'tentative';
  if (beforeSignIn.test(route.path) || beforeSignIn.test(route.code.name)) return { severity: 'low', confidence: 'tentative' };
  if (access.facts.has('role') || run.entry.has('role')) return { severity: 'low', confidence: 'tentative' };
  if (open.uses.length > 0 && open.uses.every((use) => use.facts.has(`perhaps:${access.id}`)))
    return { severity: 'low', confidence: 'tentative' };
  const isAnonymous = !run.isAuthenticated && !run.isKeyOnly;
  if (
    isAnonymous &&
    app.hasCallers &&
    does === 'read' &&
    !siblings.some((each) => each.isAuthenticated && each.route.methods.includes('GET'))
  ) {
    // Open on purpose, by all that can be seen; a person in the path is worth a look.
    return open.kind === 'subject' ? { severity: 'low', confidence: 'tentative' } : undefined;
  }
  if (app.hasCallers && !isOwned(resource)) return { severity: 'low', confidence: 'tentative' };
  if (does === 'read' && isPublicProfile(open, run, app)) return { severity: 'low', confidence: 'tentative' };
  const severity: Severity = access.isGuess ? 'medium' : 'high';
  return { severity, confidence };
}

/** A field of the object, or all of it, is in the answer; not just something that was made with the help of it. */
function isShown(use: Use, { access }: Open, run: Run, app: App): boolean {
  return use.kind === 'response' && (use.isThrough ?? exposureOf(use, access, run, app).length > 0);
}

/** An account of which only what people show each other is returned. */
function isPublicProfile({ access, resource, uses }: Open, run: Run, app: App): boolean {
  if (!resource?.isAccount) return false;
  const exposures = uses.filter((use) => use.kind === 'response').flatMap((use) => exposureOf(use, access, run, app));
  if (exposures.length === 0) return false;
  return exposures.every(({ isWhole, fields }) => !isWhole && fields.length > 0 && fields.every((name) => !isPrivateAccountField(name)));
}

/** The sentence of a finding. */
export function describe({ access, ids, does, resource }: Open, app: App): string {
  const names = [...new Set(ids.map((label) => (label === 'R' || label === 'C:*' ? 'the request body' : `\`${label.slice(2)}\``)))].join(
    ' and ',
  );
  const verb = { read: 'reads from', change: 'changes', delete: 'deletes from' }[does];
  const owner = ownerField(resource);
  const [sibling] = resource?.guarded[isRead(access) ? 'read' : 'write'] ?? [];
  const missing = owner === undefined ? 'nothing ties the object to the caller' : `\`${owner}\` is not compared with the caller`;
  const better = sibling
    ? ` ${sibling.route.methods.join('/')} ${sibling.route.path} does it right (${sibling.route.code.file}:${sibling.route.place.line}).`
    : '';
  const settle = app.hasCallers ? '' : ' No route of this app knows its caller.';
  return `${names} comes from the client and ${verb} \`${access.resource}\` (${access.library}), and ${missing}.${better}${settle}`;
}

/** The line at which another route ties such an object to the caller: the query that does, or the comparison. */
function betterOf({ access, resource }: Open): Match['better'] {
  const [run] = resource?.guarded[isRead(access) ? 'read' : 'write'] ?? [];
  if (!run) return undefined;
  const { trace, route } = run;
  const own = trace.accesses.filter((each) => each.resource === access.resource);
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
  const change = uses.find((use) => use.kind !== 'response');
  const isHelper = access.site.function !== route.code.name && isRead(access);
  return does !== 'read' && change && isHelper ? siteOf(change.site, app) : siteOf(access.site, app);
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
            better: betterOf(open),
          },
        ]
      : [];
  });
}
