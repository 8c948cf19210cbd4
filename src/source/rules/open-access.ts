import { isPrivateAccountField } from '../../model/sensitive.ts';
import type { Confidence, Severity } from '../../model/check.ts';
import type { Run } from '../flask/run-route.ts';
import type { Access, Condition, Use } from '../flow/access.ts';
import { clientLabels, isScoped } from '../flow/facts.ts';
import type { Label } from '../flow/value.ts';
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
  // One finding for a place, however often it was passed.
  return [
    ...new Map(
      opens.map((open) => [
        JSON.stringify([siteOf(open.access.site, app).file, siteOf(open.access.site, app).place.start, open.does]),
        open,
      ]),
    ).values(),
  ];
}

function judge(access: Access, run: Run, app: App): Open | undefined {
  const { trace } = run;
  const { conditions, verb, facts } = access;
  const ids = clientLabels(conditions.filter((each) => !isCapability(each))).filter((label) => !facts.has(`pin:${label}`));
  if (ids.length === 0 || verb === 'create') return undefined;
  if (conditions.some(isCapability) || isScoped(access, facts, trace.accesses)) return undefined;
  const uses = trace.uses.filter((use) => use.access === access.id && !isOwnUse(use, access, run));
  const isWrite = verb === 'update' || verb === 'delete' || verb === 'put';
  if (!isWrite && uses.length === 0) return undefined;
  const kinds = uses.map((use) => use.kind);
  const does = verb === 'delete' || kinds.includes('delete') ? 'delete' : isWrite || kinds.includes('update') ? 'change' : 'read';
  return { access, resource: app.resources.get(access.resource), ids, uses, does, kind: kindOf(access, ids, run) };
}

function isOwnUse(use: Use, access: Access, { trace }: Run): boolean {
  return use.facts.has(`own:${access.id}`) || isScoped(access, use.facts, trace.accesses);
}

function isCapability(condition: Condition): boolean {
  return condition.is === 'field' && capability.test(condition.field) && clientLabels([condition]).length > 0;
}

function kindOf(access: Access, ids: readonly Label[], run: Run): Open['kind'] {
  if (
    access.index !== undefined ||
    (access.library === 'dynamodb' &&
      access.verb === 'list' &&
      access.conditions.every((each) => each.is === 'field' && !subject.test(`C:${each.field}`)))
  )
    return 'index';
  if (ids.every((label) => subject.test(label))) return 'subject';
  const pinned = [...access.facts].some(
    (fact) => fact.startsWith('pin:C:') && run.route.variables.some(({ name }) => fact === `pin:C:${name}`),
  );
  return pinned ? 'child' : 'lookup';
}

/** How bad it is, and how sure; `undefined` when it looks as if it is meant to be so. */
export function rank(open: Open, run: Run, app: App): Pick<Match, 'severity' | 'confidence'> | undefined {
  const { access, resource, does } = open;
  const { route } = run;
  const siblings = resource?.guarded[does === 'read' && isRead(access) ? 'read' : 'write'].filter((each) => each !== run) ?? [];
  const confidence: Confidence = siblings.length > 0 && !access.isGuess ? 'firm' : 'tentative';
  if (beforeSignIn.test(route.path) || beforeSignIn.test(route.code.name)) return { severity: 'low', confidence: 'tentative' };
  if (access.facts.has('role') || run.entry.has('role')) return { severity: 'low', confidence: 'tentative' };
  const isAnonymous = !run.isAuthenticated && !run.isKeyOnly;
  if (isAnonymous && app.hasCallers && does === 'read' && siblings.length === 0) return undefined;
  if (isAnonymous && app.hasCallers && does === 'read' && !readSiblingsByCaller(siblings)) return undefined;
  if (app.hasCallers && !isOwned(resource)) return { severity: 'low', confidence: 'tentative' };
  if (does === 'read' && isPublicProfile(open, run, app)) return { severity: 'low', confidence: 'tentative' };
  const severity: Severity = access.isGuess ? 'medium' : 'high';
  return { severity, confidence };
}

function readSiblingsByCaller(siblings: readonly Run[]): boolean {
  return siblings.some((run) => run.isAuthenticated && run.route.methods.includes('GET'));
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

/** The matches of one kind. */
export function matchesOf(run: Run, app: App, kind: Open['kind']): readonly Match[] {
  return openAccesses(run, app).flatMap((open) => {
    if (open.kind !== kind) return [];
    const ranked = rank(open, run, app);
    return ranked
      ? [{ ...ranked, site: siteOf(open.access.site, app), proof: describe(open, app), part: `${open.access.resource}:${open.does}` }]
      : [];
  });
}
