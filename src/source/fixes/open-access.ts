import type { Run } from '../flask/run-route.ts';
import type { Access, Condition } from '../flow/access.ts';
import { isClientLabel } from '../flow/value.ts';
import guardInverted from '../rules/guard-inverted.ts';
import { openAccesses, type Open } from '../rules/open-access.ts';
import type { KnownApp } from '../rules/rule.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import { comparedAfter, comparedBefore, comparedInStore, unitOf } from './compare.ts';
import { copyKeyCheck } from './copy-guard.ts';
import { basisOf, identityFor, isKey, ownerOf, type Owner, type Target } from './identity.ts';
import type { Problem } from './inspection.ts';
import { likeCondition } from './like-condition.ts';
import { likeSiblings } from './like-siblings.ts';
import { mendUse } from './missing.ts';
import { firstReading } from './place.ts';
import { freeNames } from '../python/walk.ts';
import { pairsOf, writtenAt, type Pair, type Written } from './pairs.ts';
import { parentOf } from './parent.ts';
import { invertGuard } from './refusals.ts';
import { asProposals, proposedOwner } from './propose.ts';
import { denyFor } from './refuse.ts';
import { isSql, scope } from './scope.ts';
import { conditionOnOwner } from './scope-items.ts';

/** What is open, and where it is to be mended. */
export interface Opening {
  readonly problem: Problem;
  readonly project: Project;
  readonly open: Open;
  readonly at: Written;
  readonly target: Target;
  /** True where the access itself stands, and not the call of a helper or what is done with its object. */
  readonly isAccess: boolean;
}

/** Repairs for an access that anybody may steer: as the app does it elsewhere, in the query, before it, or after it. */
export const fixOpenAccess: Fixer = (problem, project) => {
  const opening = openingOf(problem, project);
  if (!opening) return [];
  // Where the comparison is there and the wrong way round, another one would leave nobody in.
  const inverted = guardInverted.match(problem.run, project.app);
  if (inverted.length > 0) return inverted.flatMap((match) => invertGuard({ ...problem, match }, project));
  const candidates = [...likeOthers(opening), ...withOwners(opening, owners(opening))];
  const complete = problem.run.isAuthenticated ? candidates : knowingCaller(opening, candidates);
  const proposed = owners(opening).length === 0 ? proposedOwner(opening) : undefined;
  const all = proposed ? [...complete, ...asProposals(withOwners(opening, [proposed.owner]), proposed)] : complete;
  // What may be meant to be so, and what cannot be looked into, is not changed without a person.
  const { severity, confidence } = problem.finding;
  const isDoubtful = opening.open.access.isGuess || (severity === 'low' && confidence === 'tentative');
  return isDoubtful ? all.map((each) => ({ ...each, isProposal: true })) : all;
};

/** As other views do it. */
function likeOthers(opening: Opening): readonly Candidate[] {
  const { open } = opening;
  const guards = open.kind === 'subject' || subjectOf(opening) ? [...likeSiblings(opening), ...subjectGuards(opening)] : [];
  const shared = open.does === 'read' ? likeCondition(opening) : [];
  return [...guards, ...shared, ...parentOf(opening).flatMap((parent) => inQuery(opening, parent))];
}

/** By templates: in the query, else after it. */
function withOwners(opening: Opening, all: readonly Owner[]): readonly Candidate[] {
  const after = all.flatMap((owner) => afterFetch(opening, owner));
  const isSubject = opening.open.kind === 'subject' || subjectOf(opening) !== undefined;
  return [...all.flatMap((owner) => inQuery(opening, owner)), ...after, ...(isSubject ? [] : likeSiblings(opening))];
}

/** A view that does not ask who is calling needs the decorator of those that do, or the identity is not there. */
function knowingCaller({ problem, project, target }: Opening, candidates: readonly Candidate[]): readonly Candidate[] {
  if (target.functions.at(-1)?.name !== problem.run.route.code.name) return candidates;
  const checks = copyKeyCheck(problem, project).slice(0, 2);
  // Something that is not on the view lets the others know their caller: what, is for a person to say.
  const isAsked = project.app.runs.some(({ entry }) => entry.has('caller'));
  return checks.length === 0
    ? candidates.map((each) => (isAsked ? { ...each, isProposal: true } : each))
    : candidates
        .slice(0, 4)
        .flatMap((each) =>
          checks.map((check) => ({ ...each, edits: [...check.edits, ...each.edits], imports: [...check.imports, ...each.imports] })),
        );
}

function openingOf({ match, run, finding }: Problem, project: Project): Opening | undefined {
  const opens = openAccesses(run, project.app).filter(({ access, does }) => match.part === `${access.resource}:${does}`);
  const open = opens.find(({ access, kind }) => fits(kind, finding.check) && isAt(access, match)) ?? opens[0];
  const at = writtenAt(project.files, match.site.file, match.site.place);
  if (!open || !at) return undefined;
  const { site } = open.access;
  const isAccess = site.file === match.site.file && site.place.start === match.site.place.start && site.place.end === match.site.place.end;
  const target = { source: at.source, functions: at.spot.functions };
  const opening = { problem: { match, run, finding }, project, open, at, target, isAccess };
  return isAccess && !servesAllAlike(open.access, run, project.app) ? inView(opening) : opening;
}

/** False for a helper by which others, too, load objects: those who have a special role, or whom nobody asked who they are. */
function servesAllAlike({ site }: Access, run: Run, { runs }: KnownApp): boolean {
  const isHere = (each: Access): boolean => each.site.file === site.file && each.site.place.start === site.place.start;
  return runs.every((other) =>
    other.trace.accesses.every(
      (each) => !isHere(each) || (other.isAuthenticated === run.isAuthenticated && !each.facts.has('role') && !other.entry.has('role')),
    ),
  );
}

/** The call in the view by which the helper was reached. */
function inView(opening: Opening): Opening | undefined {
  const { open, problem, project } = opening;
  const { code } = problem.run.route;
  const call = open.access.site.callers.find(
    ({ file, function: name, place }) =>
      file === code.file && name === code.name && place.start > code.place.start && place.end <= code.place.end,
  );
  const at = call && writtenAt(project.files, call.file, call.place);
  return at && { ...opening, at, target: { source: at.source, functions: at.spot.functions }, isAccess: false };
}

function isAt(access: Access, { site }: Problem['match']): boolean {
  return [access.site, ...access.site.callers].some((each) => each.file === site.file && each.place.start === site.place.start);
}

function fits(kind: Open['kind'], check: string): boolean {
  return (
    { lookup: 'bola-open-lookup', subject: 'bola-subject-as-key', child: 'bola-child-not-bound', index: 'bola-gsi-or-scan' }[kind] === check
  );
}

function owners({ open, target, project }: Opening): readonly Owner[] {
  const owner = ownerOf(open.resource, open.access.resource, target, project);
  return owner ? [owner] : [];
}

/** The owner becomes a part of the query. */
function inQuery(
  opening: Opening,
  owner: Pick<Owner, 'field' | 'identity' | 'imports'> & { readonly tie?: Owner['tie']; readonly basis?: string },
): readonly Candidate[] {
  const { open, at, project, isAccess } = opening;
  const { access } = open;
  // Statements are often handed to a helper that runs them.
  if ((!isAccess && !isSql(access.library)) || at.node.kind !== 'Call') return [];
  const scoping = { at, call: at.node, access, owner, project };
  const scoped = scope(scoping);
  const conditional = access.library === 'dynamodb' ? conditionOnOwner(scoping) : undefined;
  const basis = owner.basis ?? (owner.tie ? basisOf(owner.tie) : `template for ${access.library}`);
  if (scoped) {
    const use = mendUse(opening);
    return [
      ...candidate(
        `Ask for \`${owner.field}\` in the query`,
        basis,
        [...scoped.edits, ...use.edits],
        [...(scoped.imports ?? []), ...owner.imports, ...use.imports],
      ),
      ...(use.edits.length === 0
        ? []
        : candidate(`Ask for \`${owner.field}\` in the query`, basis, scoped.edits, [...(scoped.imports ?? []), ...owner.imports])),
    ];
  }
  if (!conditional) return [];
  const refused = mendUse(opening, 'conditional');
  return candidate(
    `Make the change conditional on \`${owner.field}\``,
    basis,
    // What is added stands in the `try` then, like the lines around it.
    [
      ...conditional.edits.map((edit) => edit && { ...edit, text: edit.text.replaceAll('\n', `\n${unitOf(at.source.text)}`) }),
      ...refused.edits,
    ],
    [...(conditional.imports ?? []), ...owner.imports, ...refused.imports],
  );
}

/** The owner is compared when the object is there. */
function afterFetch(opening: Opening, owner: Owner): readonly Candidate[] {
  const { open, at, problem, target, project } = opening;
  if (open.access.library === 'dictionary' && open.access.verb !== 'read') {
    const deny = denyFor(open.access, problem.run, target, project);
    const edits = comparedInStore(at, owner, deny);
    return edits
      ? candidate(`Compare \`${owner.field}\` with the caller`, basisOf(owner.tie), edits, [...deny.imports, ...owner.imports])
      : [];
  }
  if (open.access.many || open.access.verb === 'list' || open.access.verb === 'put' || open.access.verb === 'create') return [];
  const deny = denyFor(open.access, problem.run, target, project);
  const place = opening.isAccess ? at : loadIn(at, opening);
  if (!place || (opening.isAccess && open.access.verb !== 'read')) return [];
  const edits = comparedAfter(place, open.access, owner, deny, project);
  // Where the function refuses by itself, nothing is needed for it.
  const imports = edits?.some(({ text }) => text.includes(deny.text)) === true ? deny.imports : [];
  return edits ? candidate(`Compare \`${owner.field}\` with the caller`, basisOf(owner.tie), edits, [...imports, ...owner.imports]) : [];
}

/** The call in this function by which the object was loaded, where what is done with it is at fault. */
function loadIn(at: Written, { open, project }: Opening): Written | undefined {
  const def = at.spot.functions.at(-1);
  const call = open.access.site.callers.findLast(
    ({ file, place }) => def && file === at.source.path && place.start > def.start && place.end <= def.end,
  );
  return call && writtenAt(project.files, call.file, call.place);
}

/** The client's word for whose it is has to be the caller. */
function subjectGuards(opening: Opening): readonly Candidate[] {
  const { open, at, problem, target, project } = opening;
  const pair = subjectOf(opening);
  if (!pair) return [];
  const owner = identityFor(open.access.resource, pair.field, target, project) ?? selfOf(opening, pair);
  if (!owner) return [];
  const deny = denyFor(open.access, problem.run, target, project);
  const first = firstReading(at, open, problem.run, freeNames(pair.value));
  const edits = comparedBefore(at, pair.value, owner, open.access, deny, first);
  return edits
    ? candidate('Compare whose it is with the caller before anything is read', basisOf(owner.tie), edits, [
        ...deny.imports,
        ...owner.imports,
      ])
    : [];
}

/** The condition by which the client says whose object it wants. */
function subjectOf(opening: Opening): Pair | undefined {
  const { open, at } = opening;
  const named = fieldsOf(open.access.conditions, new Set(open.ids));
  const pairs = pairsOf(at);
  const tied = named.filter((field) => open.kind === 'subject' || isOwnerField(field, opening));
  for (const field of tied) {
    const pair = pairs.find((each) => each.field === field && each.value.kind !== 'Constant');
    if (pair) return pair;
    const key = isKey(field) || open.access.entity ? keyArgument(at) : undefined;
    if (key && open.kind === 'subject') return { field, value: key, holder: key };
  }
  return undefined;
}

function isOwnerField(field: string, { open, target, project }: Opening): boolean {
  return !isKey(field) && ownerOf(open.resource, open.access.resource, target, project)?.field === field;
}

function fieldsOf(conditions: readonly Condition[], ids: ReadonlySet<string>): readonly string[] {
  return conditions.flatMap((each) => {
    if (each.is !== 'field') return fieldsOf(each.parts, ids);
    return [...each.value.labels].some((label) => isClientLabel(label) && ids.has(label)) ? [each.field] : [];
  });
}

/** `id` of `session.get(Model, id)`, `Model.query.get(id)` and `people[id]`. */
function keyArgument({ node }: Written): Pair['value'] | undefined {
  if (node.kind === 'Subscript') return node.index;
  if (node.kind !== 'Call' || node.args.length > 2) return undefined;
  return node.args.at(-1);
}

/** The caller's own row: what other tables call the owner is the key of this one. */
function selfOf({ open, target, project }: Opening, { field }: Pair): Owner | undefined {
  if (!isKey(field) || open.resource?.isAccount !== true) return undefined;
  const references = project.practice.ties.filter((tie) =>
    /^(?:user|owner|author|creator|created_by|member|customer|account)(?:_?id)?$/i.test(tie.field),
  );
  const texts = new Set(references.map(({ text }) => text));
  const [tie] = references;
  return tie && texts.size === 1 ? identityFor(tie.resource, tie.field, target, project) : undefined;
}
