import type { Access, Condition } from './access.ts';
import { askedAbout, asksRole } from './allowed.ts';
import { decided } from './decided.ts';
import { intersection } from './intersection.ts';
import type { Test } from './test.ts';
import { accessOf, isClientLabel, isOrigin, type Label, type Value } from './value.ts';

/**
 * Facts are strings: `pin:C:id` (this id is the caller's own, or was found to be allowed), `own:3` (the object of the third
 * access is the caller's), `gone:3` (it has no object), `gone:C:id` (no id was sent), `tie:O:3~C:id` (they belong together,
 * whoever they belong to), `or:pin:C:a|pin:C:b` (one of these), `role` (the caller has a special role), `caller` (the
 * caller is somebody), `typed` (the types of the body were tested), `pruned` (fields were taken out of the body, or it was held
 * against a schema), `checked:C:id` (the shape of an id was tested), `listed:C:kind` (it is one of the app's own words).
 */
export type Facts = ReadonlySet<string>;

const privileged = /admin|operator|staff|super_?user|\broot\b|moderator|\brole|permission|privilege/i;
const proves = /check_?password|verify|compare_digest|checkpw|authenticate/i;
const negative = /(?:^|_)(?:cannot|denied|forbidden|not|lacks|missing|invalid|un\w+)(?:_|$)/i;

/** True for a label that ties to the caller, given what holds. */
export function isTrusted(label: Label, facts: Facts, accesses: readonly Access[]): boolean {
  if (label === 'I' || label === 'T' || label === 'A') return true;
  if (label.startsWith('C:')) return facts.has(`pin:${label}`);
  const access = accessOf(label);
  return access !== undefined && (facts.has(`own:${access}`) || isScoped(accesses[access], facts, accesses));
}

/** True when a value can only be what the caller may name: the caller's identity, or an id that was compared with it. */
export function binds(value: Value, facts: Facts, accesses: readonly Access[]): boolean {
  if (value.shape.is === 'query') return value.shape.query.conditions.some((condition) => isBound(condition, facts, accesses));
  if (value.labels.has('T')) return true;
  let isBinding = false;
  for (const label of value.labels) {
    if (isTrusted(label, facts, accesses)) isBinding = true;
    else if (isClientLabel(label)) return false;
  }
  return isBinding;
}

export function isBound(condition: Condition, facts: Facts, accesses: readonly Access[]): boolean {
  switch (condition.is) {
    case 'field':
      return condition.binds && binds(condition.value, facts, accesses);
    case 'all':
      return condition.parts.some((part) => isBound(part, facts, accesses));
    case 'any':
      return isBoundEither(condition.parts, facts, accesses);
  }
}

function isBoundEither(parts: readonly Condition[], facts: Facts, accesses: readonly Access[]): boolean {
  const possible = parts.filter((part) => !isNever(part));
  return possible.length > 0 && possible.every((part) => isBound(part, facts, accesses));
}

/** `owner.in_([])`: nothing is a member of nothing. */
function isNever(condition: Condition): boolean {
  if (condition.is !== 'field') return condition.is === 'all' && condition.parts.some(isNever);
  const { shape } = condition.value;
  return condition.binds && shape.is === 'sequence' && shape.items.length === 0 && !shape.each;
}

/** True when an access can only reach what is the caller's: by one of its conditions, then or now. */
export function isScoped(access: Access | undefined, facts: Facts, accesses: readonly Access[]): boolean {
  if (!access) return false;
  if (access.facts.has(`own:${access.id}`)) return true;
  const earlier = accesses.slice(0, access.id);
  const isBoundWith = (known: Facts): boolean => access.conditions.some((part) => isBound(part, known, earlier));
  if (isBoundWith(access.facts) || isBoundWith(facts)) return true;
  // `if me not in (sender, receiver): abort(403)`: it is one of them, and the query has both.
  return alternativesIn(facts).some((parts) => parts.every((part) => isBoundWith(new Set([...facts, part]))));
}

const alternatives = new WeakMap<Facts, readonly (readonly string[])[]>();

function alternativesIn(facts: Facts): readonly (readonly string[])[] {
  const known = alternatives.get(facts);
  if (known) return known;
  const found = [...facts].flatMap((fact) => (fact.startsWith('or:') ? [fact.slice(3).split('|')] : []));
  alternatives.set(facts, found);
  return found;
}

/** Labels of the ids that a client chose for an access. */
export function clientLabels(conditions: readonly Condition[]): readonly Label[] {
  return conditions.flatMap((condition) =>
    condition.is === 'field' ? [...condition.value.labels].filter(isClientLabel) : clientLabels(condition.parts),
  );
}

/** What is known where a test came out as `truth`. */
export function factsOf(test: Test, truth: boolean, facts: Facts, accesses: readonly Access[]): string[] {
  const of = (each: Test, outcome: boolean): string[] => factsOf(each, outcome, facts, accesses);
  switch (test.is) {
    case 'not':
      return of(test.test, !truth);
    case 'all':
    case 'any':
      if ((test.is === 'all') === truth) return test.tests.flatMap((each) => of(each, truth));
      // One of them is so in any case: nothing is said of the others.
      if (test.tests.some((each) => decided(each) === truth)) return [];
      return factsOfAlternatives(
        test.tests
          .filter((each) => decided(each) !== !truth && !(isNobody(each, truth) && facts.has('caller')))
          .map((each) => of(each, truth)),
      );
    case 'truth':
      return factsOfTruth(test.value, truth, facts, accesses);
    case 'predicate': {
      if (negative.test(test.name) === truth) return [];
      const learnt = [...relate(test.args, facts, accesses, proves.test(test.name)), ...factsOfAllowed(test.name, test.args, accesses)];
      const isRole = test.args.some((arg) => arg.labels.has('I')) && privileged.test(test.name);
      return isRole ? [...learnt, 'role'] : learnt;
    }
    case 'compare':
      return factsOfCompare(test, truth, facts, accesses);
  }
}

/** `not user_id`: once the caller is somebody, the caller is not nobody. */
function isNobody(test: Test, truth: boolean): boolean {
  if (test.is === 'not') return isNobody(test.test, !truth);
  return (
    test.is === 'truth' &&
    !truth &&
    test.value.labels.has('I') &&
    [...test.value.labels].filter(isOrigin).length === 1 &&
    test.value.shape.is !== 'test'
  );
}

/**
 * What is known when one of several things holds. `row.owner == me or me.is_admin`: who has a special role may do as the owner.
 * What only some of them say is kept as `perhaps:`.
 */
function factsOfAlternatives(alternatives: readonly (readonly string[])[]): string[] {
  const isRole = (facts: readonly string[]): boolean => facts.length > 0 && facts.every((fact) => fact === 'caller' || fact === 'role');
  const telling = alternatives.filter((facts) => !isRole(facts));
  const certain = intersection(telling.length > 0 ? telling : alternatives);
  const perhaps = telling.flatMap((facts) =>
    facts.filter((fact) => fact.startsWith('own:') && !certain.includes(fact)).map((fact) => `perhaps:${fact.slice(4)}`),
  );
  const pins = telling.flatMap((facts) => facts.find((fact) => fact.startsWith('pin:C:') && !certain.includes(fact)) ?? []);
  const either = telling.length > 1 && pins.length === telling.length ? [`or:${pins.join('|')}`] : [];
  return [...certain, ...perhaps, ...either];
}

function factsOfCompare(
  test: Extract<Test, { readonly is: 'compare' }>,
  truth: boolean,
  facts: Facts,
  accesses: readonly Access[],
): string[] {
  const { left, right, operator } = test;
  if (operator === 'other') return [];
  const isEqual = (operator === '==' || operator === 'in') === truth;
  if (right.shape.is === 'constant' && (right.shape.value === null || right.shape.value === ''))
    return factsOfTruth(left, !isEqual, facts, accesses);
  const isPrivileged = privileged.test(test.text) && [left, right].some((side) => side.labels.has('I'));
  // `if id in items: abort(409)`: nothing is there that whoever goes on could take from somebody.
  if (!isEqual && isStoreOfNames(right)) return [...left.labels].filter(isClientLabel).map((label) => `pin:${label}`);
  if (!isEqual) return [];
  if (operator.endsWith('in') && isListOfWords(right)) return [...left.labels].filter(isClientLabel).map((label) => `listed:${label}`);
  return isPrivileged && !relatesObject(left, right) ? ['role', 'caller'] : relate([left, right], facts, accesses, false);
}

/** `kind in ('day', 'week')`. */
function isListOfWords({ shape }: Value): boolean {
  return shape.is === 'sequence' && !shape.each && shape.items.length > 0 && shape.items.every((item) => item.shape.is === 'constant');
}

function isStoreOfNames({ shape }: Value): boolean {
  return shape.is === 'symbol' && shape.path.startsWith('dictionary:');
}

function relatesObject(left: Value, right: Value): boolean {
  return [left, right].some((side) =>
    [...side.labels].some((label) => isClientLabel(label) || (label.startsWith('O:') && !side.labels.has('I'))),
  );
}

function factsOfTruth(value: Value, truth: boolean, facts: Facts, accesses: readonly Access[]): string[] {
  const { shape } = value;
  const learnt = [...((truth ? value.onTrue : value.onFalse) ?? [])];
  if (shape.is === 'test') return [...learnt, ...factsOf(shape.test, truth, facts, accesses)];
  if (!truth) return [...learnt, ...emptied(value)];
  if (shape.is === 'symbol' && shape.call)
    learnt.push(...factsOfAllowed(nameOf(value), [...shape.call.args, ...shape.call.keywords.values()], accesses));
  if (value.labels.has('I')) learnt.push(...(privileged.test(nameOf(value)) ? ['role', 'caller'] : ['caller']));
  const access = shape.is === 'stored' || shape.is === 'outcome' ? accesses[shape.access] : undefined;
  // A row that holds this id and the caller exists: the caller may name the id, and has what else the row was found by.
  if (access && (facts.has(`own:${access.id}`) || isScoped(access, facts, accesses))) learnt.push(...foundBy(access, accesses));
  return learnt;
}

/** `is_admin` of `current_user.is_admin`. */
function nameOf({ shape }: Value): string {
  if (shape.is === 'stored') return shape.field;
  return shape.is === 'symbol' ? shape.path.slice(shape.path.lastIndexOf('.') + 1).replace(/\(\)$/, '') : '';
}

function factsOfAllowed(name: string, args: readonly Value[], accesses: readonly Access[]): readonly string[] {
  const about = askedAbout(name, args).flatMap((label) => {
    const number = accessOf(label);
    return number === undefined ? [`pin:${label}`] : ownedWith(number, accesses);
  });
  return [...(asksRole(name, args) ? ['role', 'caller'] : []), ...(about.length > 0 ? ['caller', ...about] : [])];
}

/** There is no object, or no id: `gone:3`, `gone:C:id`. */
function emptied({ shape, labels }: Value): readonly string[] {
  if (shape.is === 'stored') return shape.part === 'field' ? [] : [`gone:${shape.access}`];
  const [only, ...others] = [...labels].filter(isOrigin);
  return shape.is === 'unknown' && only?.startsWith('C:') && others.length === 0 ? [`gone:${only}`] : [];
}

/** What is known of the ids and objects that an object of the caller's was found by: they are the caller's, too. */
function foundBy(access: Access, accesses: readonly Access[]): readonly string[] {
  const parts = access.conditions.flatMap(certainParts).flatMap(({ value }) => [...value.labels].flatMap((label) => accessOf(label) ?? []));
  const earlier = [...new Set(parts)].filter((number) => number < access.id);
  return [...clientLabels(access.conditions).map((label) => `pin:${label}`), ...earlier.flatMap((number) => ownedWith(number, accesses))];
}

/** `document → folder → owner`: when the folder is the caller's, so is the document by which it was found. */
function ownedWith(number: number, accesses: readonly Access[]): readonly string[] {
  const access = accesses[number];
  return [`own:${number}`, ...(access ? foundBy(access, accesses) : [])];
}

function certainParts(condition: Condition): readonly Extract<Condition, { readonly is: 'field' }>[] {
  if (condition.is === 'field') return condition.binds ? [condition] : [];
  return condition.is === 'all' ? condition.parts.flatMap(certainParts) : [];
}

/**
 * What it means that some values belong together: if one of them is the caller's, the others are, too. A raw credential, or
 * (with `isProof`) anything from the client, proves an object that holds it.
 */
export function relate(values: readonly Value[], facts: Facts, accesses: readonly Access[], isProof: boolean): string[] {
  const isCaller = (value: Value): boolean => value.labels.has('K') || binds(value, facts, accesses);
  const hasObject = (value: Value): boolean => [...value.labels].some((label) => label.startsWith('O:'));
  const learnt: string[] = [];
  for (const [position, value] of values.entries()) {
    const others = values.filter((_, index) => index !== position);
    const proof = others.some(isCaller) || (isProof && hasObject(value) && others.some((other) => [...other.labels].some(isClientLabel)));
    if (!proof) continue;
    learnt.push('caller');
    for (const label of value.labels) {
      if (isClientLabel(label)) learnt.push(`pin:${label}`);
      const number = accessOf(label);
      if (number === undefined) continue;
      learnt.push(...ownedWith(number, accesses));
    }
  }
  return learnt.length > 0 ? learnt : tied(values);
}

/** Two things of which neither is known to be the caller's: what is found out of one of them later holds for the other. */
function tied(values: readonly Value[]): string[] {
  const names = values.map(({ labels }) => [...labels].filter(isOrigin));
  const [a, b] = names.flatMap((labels) => (labels.length === 1 ? labels : []));
  const canBeTied = (label: string | undefined): label is string => label !== undefined && /^[CO]:/.test(label);
  return values.length === 2 && canBeTied(a) && canBeTied(b) && a !== b ? [`tie:${a}~${b}`] : [];
}

/** All that follows from facts, now that what belongs together is known. */
export function withTies(facts: Facts, accesses: readonly Access[]): Facts {
  const ties = [...facts].flatMap((fact) => (fact.startsWith('tie:') ? [fact.slice(4).split('~')] : []));
  if (ties.length === 0) return facts;
  const all = new Set(facts);
  for (let size = 0; size < all.size;) {
    size = all.size;
    for (const [a = '', b = ''] of [...ties, ...ties.map((tie) => tie.toReversed())]) {
      if (!isTrusted(a, all, accesses)) continue;
      const number = accessOf(b);
      for (const fact of number === undefined ? [`pin:${b}`] : ownedWith(number, accesses)) all.add(fact);
    }
  }
  return all;
}
