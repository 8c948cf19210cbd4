import type { Run } from '../flask/run-route.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression, FunctionDef, Statement } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import type { Edit } from './edit.ts';
import { importOf } from './identity.ts';
import type { Import } from './imports.ts';
import { functionAt, isGuard } from './like-siblings.ts';
import { isUnderstood } from './practice.ts';
import { factsOfName } from '../flow/decorators.ts';
import { unitOf } from './compare.ts';
import { stubAbove } from './propose.ts';
import { globalsOf, indentOf, linesAfter, linesBefore, without, written } from './source.ts';
import { expressionsOf, freeNames, locate, namesIn, statementsIn } from '../python/walk.ts';

interface View {
  readonly run: Run;
  readonly source: ParsedFile;
  readonly def: FunctionDef;
}

const describesRoute =
  /\.(?:route|get|post|put|patch|delete|arguments|response|alt_response|doc|expect|marshal_with|input|output|errorhandler)\b|^(?:static|class)method\b|^wraps\b/;

/** The role that the views beside this one ask for. */
export const copyRole: Fixer = ({ run }, project) => {
  const own = viewOf(run, project);
  if (!own) return [];
  const others = siblingsOf(own, project).filter((each) => asksForRole(each.run));
  return distinctBy([
    ...others.flatMap((other) => decorated(own, other, project)),
    ...others.flatMap((other) => begun(own, other, project)),
  ]);
};

/** The decorator by which the other views know their caller, the most used first. */
export const copyDecorator: Fixer = ({ run }, project) => {
  const own = viewOf(run, project);
  if (!own) return [];
  const all = byUse(siblingsOf(own, project).filter((each) => each.run.isAuthenticated)).flatMap((other) => decorated(own, other, project));
  // To be somebody is the least that can be asked. Who is to be let in, and what other decorators hand over, a person has to say.
  const demands = ({ title }: Candidate): boolean => factsOfName(title).join() !== 'caller' || title.includes('(');
  const distinct = distinctBy(all);
  return [...distinct.filter((each) => !demands(each)), ...distinct.filter(demands).map((each) => ({ ...each, isProposal: true }))];
};

/** The same, in place of a test that only asks whether a key was sent. */
export const copyKeyCheck: Fixer = (problem, project) => {
  const own = viewOf(problem.run, project);
  if (!own) return [];
  const tested = locate(own.source.module, problem.match.site.place)?.statements.at(-1);
  const isOnlyTest = tested?.kind === 'If' && tested.otherwise.length === 0 && tested.body.length === 1 && own.def.body.includes(tested);
  const removal = isOnlyTest && own.def.body.length > 1 ? without(own.source, tested) : undefined;
  const others = siblingsOf(own, project).filter((each) => each.run.isAuthenticated);
  const candidates = [...alike(own.run, others), ...byUse(others)].flatMap((other) => decorated(own, other, project));
  const replacing = removal ? candidates.map((each) => ({ ...each, edits: [...each.edits, removal] })) : [];
  return distinctBy(replacing.flatMap((each, index) => [each, ...candidates.slice(index, index + 1)]).concat(removal ? [] : candidates));
};

/** The same; where no view looks a key up, the look-up as a function that a person is to write. */
export const checkKey: Fixer = (problem, project) => {
  const copied = copyKeyCheck(problem, project);
  const own = viewOf(problem.run, project);
  const tested = own && locate(own.source.module, problem.match.site.place)?.statements.at(-1);
  if (copied.length > 0 || !own || tested?.kind !== 'If' || tested.test.kind !== 'UnaryOp') return copied;
  const says = 'The account that a key was issued to, found by the hash that is stored; None for any other. To be written.';
  const stub = stubAbove(own.source, [own.def], 'account_of_key', 'key', says);
  const refusal = tested.body[0];
  if (!stub || !refusal) return [];
  const lines = [
    `account = account_of_key(${written(own.source, tested.test.operand)})`,
    'if account is None:',
    `${unitOf(own.source.text)}${written(own.source, refusal)}`,
  ];
  const basis = 'a guess: where keys are stored does not show in the source';
  return candidate('Look the key up', basis, [stub, linesAfter(own.source, tested, lines)]).map((each) => ({ ...each, isProposal: true }));
};

function distinctBy(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return !seen.has(key) && seen.add(key);
  });
}

function viewOf(run: Run, { files }: Project): View | undefined {
  const { code } = run.route;
  const source = files.get(code.file);
  const def = source && functionAt(source.module.body, code.place.start);
  return source && def ? { run, source, def } : undefined;
}

/** Views of the same file first. */
function siblingsOf(own: View, project: Project): readonly View[] {
  const others = project.app.runs.flatMap((run) => {
    const view = run === own.run ? undefined : viewOf(run, project);
    return view && view.def !== own.def ? [view] : [];
  });
  return [...others.filter(({ source }) => source === own.source), ...others.filter(({ source }) => source !== own.source)];
}

/** Those that read the same resource with the same verb first. */
function alike(run: Run, views: readonly View[]): readonly View[] {
  const resources = new Set(run.trace.accesses.map(({ resource }) => resource));
  const same = views.filter((view) => view.run.trace.accesses.some(({ resource }) => resources.has(resource)));
  const [method] = run.route.methods;
  return [...same.filter((view) => method !== undefined && view.run.route.methods.includes(method)), ...same];
}

function byUse(views: readonly View[]): readonly View[] {
  const counts = new Map<string, number>();
  const key = ({ source, def }: View): string =>
    guardsOn(source, def)
      .map((each) => written(source, each))
      .join(' ');
  for (const view of views) counts.set(key(view), (counts.get(key(view)) ?? 0) + 1);
  return views.toSorted((a, b) => (counts.get(key(b)) ?? 0) - (counts.get(key(a)) ?? 0));
}

function asksForRole({ trace, entry }: Run): boolean {
  return (
    entry.has('role') ||
    [...trace.accesses, ...trace.uses].some(({ facts }) => facts.has('role')) ||
    trace.moments.some((moment) => moment.is === 'refusal' && moment.why.role)
  );
}

function guardsOn(source: ParsedFile, { decorators }: FunctionDef): readonly Expression[] {
  return decorators.filter((each) => !describesRoute.test(written(source, each)));
}

/** A decorator of another view on this one, right above its `def`. */
function decorated(own: View, other: View, project: Project): readonly Candidate[] {
  const has = new Set(own.def.decorators.map((each) => written(own.source, each)));
  const indent = indentOf(own.source, own.def);
  return guardsOn(other.source, other.def).flatMap((decorator) => {
    const text = written(other.source, decorator);
    const imports = namesFor([...freeNames(decorator)], other, own, project);
    if (has.has(text) || text.includes('\n') || indent === undefined || !imports) return [];
    const edit: Edit = { file: own.source.path, start: own.def.start, end: own.def.start, text: `@${text}\n${indent}` };
    return candidate(`Put @${text} on the view`, `like ${other.def.name} (${other.source.path}:${other.def.line})`, [edit], imports);
  });
}

/** What the other view does first, here too. */
function begun(own: View, other: View, project: Project): readonly Candidate[] {
  const first = own.def.body.find((each) => !isDocstring(each));
  if (!first) return [];
  return other.def.body.slice(0, 5).flatMap((statement) => {
    const names = [...new Set(statementsIn([statement]).flatMap((each) => expressionsOf(each).flatMap(namesIn)))];
    const imports =
      isGuard(statement, project) &&
      isUnderstood(names, { source: other.source, functions: [other.def] }, { source: own.source, functions: [own.def] })
        ? namesFor(names, other, own, project)
        : undefined;
    if (!imports) return [];
    const indent = indentOf(other.source, statement) ?? '';
    const lines = written(other.source, statement)
      .split('\n')
      .map((line, index) => (index > 0 && line.startsWith(indent) ? line.slice(indent.length) : line));
    return candidate(
      'Ask for the role in the view',
      `like ${other.def.name} (${other.source.path}:${statement.line})`,
      [linesBefore(own.source, first, lines)],
      imports,
    );
  });
}

function isDocstring(statement: Statement): boolean {
  return statement.kind === 'Expr' && statement.value?.kind === 'Constant';
}

/** The imports by which the names of one file are known in another; nothing where that cannot be. */
function namesFor(names: readonly string[], from: View, to: View, { files }: Project): readonly Import[] | undefined {
  if (from.source === to.source) return [];
  const known = globalsOf(to.source);
  const missing = names.filter((name) => !known.has(name) && globalsOf(from.source).has(name));
  const imports = missing.flatMap((name) => importOf(name, from.source, to.source, files) ?? []);
  return imports.length === missing.length ? imports : undefined;
}
