import { expressionsOf, statementsIn, within } from '../python/walk.ts';
import type { ClassDef, Expression, FunctionDef, Place, Statement } from '../python/syntax.ts';
import type { ParsedFile } from './parse-files.ts';

type Lambda = Extract<Expression, { readonly kind: 'Lambda' }>;
export type ImportLine = Extract<Statement, { readonly kind: 'Import' | 'ImportFrom' }>;

/** How a file has changed, where nothing has but what its functions do, and what it imports beside. */
export interface Change {
  readonly file: ParsedFile;
  /** What has become of functions and lambdas, by the node that they were. */
  readonly functions: ReadonlyMap<Place, FunctionDef | Lambda>;
  /** Functions, as they were, that do something else now. */
  readonly altered: ReadonlySet<Place>;
  /** Names that were not in the file before, with the line that brings them. */
  readonly names: ReadonlyMap<string, ImportLine>;
  /** Where the same text stands now; `undefined` for text that is gone. */
  readonly moved: (place: Place) => Place | undefined;
}

/** Text that is as it was, and by how much it has moved. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly by: number;
  readonly lines: number;
}

/** The change of a file; `undefined` where it is of another kind: its classes, decorators or top level are not what they were. */
export function changeOf(before: ParsedFile, file: ParsedFile): Change | undefined {
  const functions = new Map<Place, FunctionDef | Lambda>();
  const altered = new Set<Place>();
  const names = new Map<string, ImportLine>();
  const spans: Span[] = [];
  const textOf = ({ text }: ParsedFile, { start, end }: Pick<Place, 'start' | 'end'>): string => text.slice(start, end);
  const isAlike = (old: Place, now: Place): boolean => old.column === now.column && textOf(before, old) === textOf(file, now);

  function keep(old: Place, now: Place): void {
    spans.push({ start: old.start, end: old.end, by: now.start - old.start, lines: now.line - old.line });
  }

  function pair(old: readonly (FunctionDef | Lambda)[], now: readonly (FunctionDef | Lambda)[]): void {
    for (const [index, each] of old.entries()) {
      const next = now[index];
      if (next) functions.set(each, next);
    }
  }

  function keepExpressions(old: readonly Expression[], now: readonly Expression[]): boolean {
    if (old.length !== now.length || !old.every((each, index) => isAlike(each, now[index] ?? each))) return false;
    for (const [index, each] of old.entries()) keep(each, now[index] ?? each);
    pair(old.flatMap(lambdasIn), now.flatMap(lambdasIn));
    return true;
  }

  /** A function or class whose text has changed: `true` when that is all inside of functions. */
  function keepDefinition(old: FunctionDef | ClassDef, now: Statement): boolean {
    const [head, nextHead] = [headOf(old), now.kind === old.kind ? headOf(now) : undefined];
    if (now.kind !== old.kind || old.column !== now.column || !head || !nextHead) return false;
    if (textOf(before, head) !== textOf(file, nextHead) || !keepExpressions(old.decorators, now.decorators)) return false;
    keep({ ...old, ...head }, now);
    pair(headLambdas(old), headLambdas(now));
    if (old.kind === 'FunctionDef' && now.kind === 'FunctionDef') functions.set(old, now);
    if (keepBlock(old.body, now.body)) return true;
    if (old.kind === 'ClassDef') return false;
    altered.add(old);
    return true;
  }

  function keepStatement(old: Statement, now: Statement): boolean {
    const isDefinition = old.kind === 'FunctionDef' || old.kind === 'ClassDef';
    if (isDefinition && !isSame(old, now)) return keepDefinition(old, now);
    if (!isSame(old, now)) return false;
    keep(old, now);
    if (isDefinition && now.kind === old.kind && !keepExpressions(old.decorators, now.decorators)) return false;
    if (/\bdef\b|\blambda\b/.test(textOf(before, old))) pair(functionsIn(old), functionsIn(now));
    return true;
  }

  function isSame(old: Statement, now: Statement): boolean {
    return old.kind === now.kind && isAlike(old, now);
  }

  function keepBlock(old: readonly Statement[], now: readonly Statement[]): boolean {
    return old.length === now.length && old.every((each, index) => keepStatement(each, now[index] ?? each));
  }

  /** The top of a file, where imports may be new, or longer than they were. */
  function keepTop(old: readonly Statement[], now: readonly Statement[]): boolean {
    let at = 0;
    for (const next of now) {
      const last = old[at];
      if (last && keepStatement(last, next)) {
        at += 1;
      } else if (next.kind === 'Import' || next.kind === 'ImportFrom') {
        const had = last && (last.kind === 'Import' || last.kind === 'ImportFrom') && isLonger(last, next) ? boundBy(last) : undefined;
        if (had) at += 1;
        for (const name of boundBy(next)) if (had?.includes(name) !== true) names.set(name, next);
      } else {
        return false;
      }
    }
    return at === old.length;
  }

  if (!keepTop(before.module.body, file.module.body)) return undefined;
  // A name that was there in any sense would mean something else from now on.
  if ([...names.keys()].some((name) => name === '*' || new RegExp(`\\b${name}\\b`).test(before.text))) return undefined;
  return { file, functions, altered, names, moved: mover(spans, functions) };
}

/** From the name of a definition to its first statement. */
function headOf(def: Statement): Pick<Place, 'start' | 'end'> | undefined {
  const [first] = def.kind === 'FunctionDef' || def.kind === 'ClassDef' ? def.body : [];
  return first && { start: def.start, end: startOf(first) };
}

/** Where a statement begins, with its decorators. */
function startOf(statement: Statement): number {
  const isDefinition = statement.kind === 'FunctionDef' || statement.kind === 'ClassDef';
  return isDefinition ? Math.min(statement.start, ...statement.decorators.map(({ start }) => start - 1)) : statement.start;
}

function isLonger(old: ImportLine, now: ImportLine): boolean {
  if (old.kind !== 'ImportFrom' || now.kind !== 'ImportFrom' || old.module !== now.module || old.level !== now.level) return false;
  return old.names.every(({ name, as }) => now.names.some((each) => each.name === name && each.as === as));
}

function boundBy({ kind, names }: ImportLine): readonly string[] {
  return names.map(({ name, as }) => as ?? (kind === 'Import' ? (name.split('.')[0] ?? name) : name));
}

function headLambdas(def: Statement): readonly Lambda[] {
  if (def.kind !== 'FunctionDef') return [];
  return def.parameters.flatMap(({ fallback }) => (fallback ? lambdasIn(fallback) : []));
}

function lambdasIn(expression: Expression): readonly Lambda[] {
  return within(expression).flatMap((each) => (each.kind === 'Lambda' ? [each] : []));
}

/** Functions and lambdas of a statement, in the order of the tree. */
function functionsIn(statement: Statement): readonly (FunctionDef | Lambda)[] {
  return statementsIn([statement]).flatMap((each): readonly (FunctionDef | Lambda)[] => [
    ...(each.kind === 'FunctionDef' ? [each] : []),
    ...headLambdas(each),
    ...expressionsOf(each).flatMap(lambdasIn),
  ]);
}

function mover(spans: readonly Span[], functions: Change['functions']): Change['moved'] {
  const sorted = spans.toSorted((a, b) => a.start - b.start);
  return (place) => {
    const now = functions.get(place);
    if (now) return isAt(place, now) ? place : now;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.start ?? Infinity) <= place.start) low = middle + 1;
      else high = middle;
    }
    const span = sorted[low - 1];
    if (!span || place.start >= span.end) return undefined;
    if (span.by === 0 && span.lines === 0) return place;
    const { start, end, line, column } = place;
    return { start: start + span.by, end: end + span.by, line: line + span.lines, column };
  };
}

/** True for the same stretch of text. */
export function isAt(place: Place, other: Place): boolean {
  return place.start === other.start && place.end === other.end && place.line === other.line;
}
