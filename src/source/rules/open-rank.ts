import { isPrivateAccountField, isPrivateField } from '../../model/sensitive.ts';
import type { Confidence } from '../../model/check.ts';
import type { Run } from '../flask/run-route.ts';
import type { Condition } from '../flow/access.ts';
import { clientLabels } from '../flow/facts.ts';
import { isClientLabel, unknown, type Value } from '../flow/value.ts';
import { exposureOf, isShown } from './exposure.ts';
import type { Open } from './open-access.ts';
import { isOwned, isRead } from './resources.ts';
import type { App, Match } from './rule.ts';

const beforeSignIn =
  /log_?in|sign_?in|sign_?up|register|registration|reset|forgot|password|verify|confirm|activate|oauth|callback|authenticate|refresh|token|webhook|logout|log_?out/i;

/** Whoever is signed in has only these to do with the entrance; a password that is set then is that of an account. */
const renews = /log_?in|sign_?in|logout|log_?out|sign_?out|refresh|oauth|callback|webhook/i;
const signsIn = /(?:^|_)(?:log|sign)_?in(?:_|$)|authenticate/i;

/** By which people are reached. */
const contact = /mail|phone|mobile|(?:^|_)tel(?:_|$)|address|street|zip|post_?code/i;

/** How bad it is, and how sure; `undefined` when it looks as if it is meant to be so. */
export function rank(open: Open, run: Run, app: App): Required<Pick<Match, 'severity' | 'confidence'>> | undefined {
  const { access, resource, does } = open;
  const { route } = run;
  const siblings = siblingsOf(open, app).filter(
    (each) => each.route !== run.route && (does !== 'read' || !isRead(access) || mayTellOfReading(each, run)),
  );
  const isSure = run.note === undefined && siblings.length > 0 && !access.isGuess && names(access.conditions) && isPlain(open, run, app);
  const confidence: Confidence = isSure ? 'firm' : 'tentative';
  const isEntrance = run.isAuthenticated ? renews : beforeSignIn;
  if (isEntrance.test(route.path) || isEntrance.test(route.code.name) || signsIn.test(access.site.function))
    return { severity: 'low', confidence: 'tentative' };
  if (access.facts.has('role') || run.entry.has('role') || isForStaff(open)) return { severity: 'low', confidence: 'tentative' };
  if (open.uses.length > 0 && open.uses.every((use) => use.facts.has(`perhaps:${access.id}`)))
    return { severity: 'low', confidence: 'tentative' };
  const isAnonymous = !run.isAuthenticated && !run.isKeyOnly;
  if (
    isAnonymous &&
    app.hasCallers &&
    (does === 'read' || does === 'use') &&
    !siblings.some((each) => each.isAuthenticated && each.route.methods.includes('GET'))
  ) {
    const shown = does === 'read' && resource?.isAccount ? privateShown(open, run, app) : [];
    // An address may be there to be written to; a balance is for nobody else, and needs no other view to say so.
    const isCertain = run.note === undefined && !access.isGuess && names(access.conditions) && shown.some((name) => !contact.test(name));
    if (shown.length > 0) return { severity: 'high', confidence: isCertain ? 'firm' : 'tentative' };
    // Open on purpose, by all that can be seen; a person in the path is worth a look.
    return open.kind === 'subject' ? { severity: 'low', confidence: 'tentative' } : undefined;
  }
  if (app.hasCallers && !isOwned(resource)) return { severity: 'low', confidence: 'tentative' };
  if (does === 'read' && isPublicProfile(open, run, app)) return { severity: 'low', confidence: 'tentative' };
  const isMild = access.isGuess || (does === 'use' && !open.uses.some(({ as }) => as !== undefined));
  return { severity: isMild ? 'medium' : 'high', confidence };
}

/**
 * True when it is known by which field the id of the client is looked for, and that the client says it; `filter_by(**filters)` may
 * narrow a list by anything.
 */
function names(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) =>
    condition.is === 'field'
      ? condition.field !== '*' && clientLabels([condition]).length > 0 && !isFoundOut(condition.value)
      : names(condition.parts),
  );
}

/** Who asks before a change has said nothing of who may read; in an app that reads by POST, one of these views is like another. */
function mayTellOfReading({ route: { methods } }: Run, { route }: Run): boolean {
  return methods.includes('GET') || methods.some((method) => route.methods.includes(method));
}

/** Loaded for everybody, and used for those alone who have a special role. */
function isForStaff({ access, uses }: Open): boolean {
  return isRead(access) && uses.length > 0 && uses.every(({ facts }) => facts.has('role'));
}

/** What came of a question of the client's and of stored objects together, as the hits of a search do, is no id of the client's. */
function isFoundOut({ shape, labels }: Value): boolean {
  const isMade = shape.is === 'unknown' || shape.is === 'symbol' || shape.is === 'sequence';
  return isMade && [...labels].filter(isClientLabel).length > 1 && [...labels].some((label) => label === 'I' || label.startsWith('O:'));
}

/** Routes that do such a thing only to what is the caller's: to the object itself, or to what is found by it. */
export function siblingsOf(open: Open, app: App): readonly Run[] {
  const { access, resource, does, uses } = open;
  const own = resource?.guarded;
  if (access.verb === 'create') return creatorsLike(open, app);
  if (access.verb === 'put') return [...(own?.write ?? []), ...creatorsLike(open, app)];
  if (does === 'use') return [...(own?.read ?? []), ...(own?.write ?? [])];
  if (does === 'read' && isRead(access)) return own?.read ?? [];
  // What is shown to nobody else is not for others to change; accounts are found by their own id everywhere.
  const shown = resource?.isAccount === false ? (own?.read ?? []) : [];
  const changed = uses.flatMap(({ kind, through }) => (through && (kind === 'update' || kind === 'delete') ? [through.resource] : []));
  return [...(own?.write ?? []), ...changed.flatMap((name) => app.resources.get(name)?.guarded.write ?? []), ...shown];
}

/** Routes that make such an object for nobody but the caller, or under nothing but what is the caller's. */
function creatorsLike({ access, ids }: Open, app: App): readonly Run[] {
  const { shape } = access.data ?? unknown;
  const fields = [...(shape.is === 'record' ? shape.entries : [])].flatMap(([name, { labels }]) =>
    ids.some((label) => labels.has(label)) ? [name] : [],
  );
  const settled = app.resources.get(access.resource)?.settled;
  return [...new Set(fields.flatMap((name) => settled?.get(name) ?? []))];
}

/** What is done is seen, and not only guessed from something that was made with the help of the object. */
function isPlain({ access, resource, does, uses }: Open, run: Run, app: App): boolean {
  // Accounts are signed in with their secrets.
  if (does === 'use') return uses.some(({ as }) => as !== undefined) && resource?.isAccount === false;
  return does !== 'read' || uses.some((use) => isShown(use, access, run, app));
}
/** What is known of a person by name, and is not for everybody. */
function privateShown({ access, uses }: Open, run: Run, app: App): readonly string[] {
  const exposures = uses.filter((use) => use.kind === 'response').flatMap((use) => exposureOf(use, access, run, app));
  return exposures.flatMap(({ fields }) => fields.filter((name) => isPrivateAccountField(name) || isPrivateField(name)));
}

/** An account of which only what people show each other is returned. */
function isPublicProfile({ access, resource, uses }: Open, run: Run, app: App): boolean {
  if (!resource?.isAccount) return false;
  const exposures = uses.filter((use) => use.kind === 'response').flatMap((use) => exposureOf(use, access, run, app));
  if (exposures.length === 0) return false;
  return exposures.every(({ isWhole, fields }) => !isWhole && fields.length > 0 && fields.every((name) => !isPrivateAccountField(name)));
}
