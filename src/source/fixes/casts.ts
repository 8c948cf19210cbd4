import type { Expression } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import { isStraight, unitOf } from './compare.ts';
import { freshName } from './names.ts';
import type { Import } from './imports.ts';
import type { Problem } from './inspection.ts';
import { functionAt } from './like-siblings.ts';
import { writtenAt, type Written } from './pairs.ts';
import { denyFor } from './refuse.ts';
import { nameOf } from './scope-documents.ts';
import { indentOf, linesBefore, replaced, written } from './source.ts';

/** An id of the wrong shape is answered like one that does not exist. */
export const checkShape: Fixer = (problem, project) => {
  const { match } = problem;
  const at = writtenAt(project.files, match.site.file, match.site.place);
  if (!at) return [];
  return match.part === 'isinstance' ? withConverter(problem, project) : tried(at, problem, project);
};

/** The conversion in a `try`: of the whole statement where it does nothing else, else in a statement of its own before. */
function tried(at: Written, { run }: Problem, project: Project): readonly Candidate[] {
  const { source, statement, node, spot } = at;
  const indent = indentOf(source, statement);
  if (node.kind !== 'Call' || indent === undefined || !isStraight(at) || spot.functions.length === 0) return [];
  const [argument] = node.args;
  if (!argument) return [];
  const unit = unitOf(source.text);
  const deny = denyFor(undefined, run, { source, functions: spot.functions }, project);
  const { text: errors, imports } = errorsOf(nameOf(node), source.path);
  const ending = [`${indent}except ${errors}:`, `${indent}${unit}${deny.text}`];
  const title = 'Catch what the conversion raises, and answer as for an id that does not exist';
  const whole =
    (statement.kind === 'Return' || statement.kind === 'Assign') && statement.value === node && !written(source, statement).includes('\n');
  if (whole) {
    const text = [`try:`, `${indent}${unit}${written(source, statement)}`, ...ending].join('\n');
    return candidate(title, 'template', [replaced(source, statement, text)], [...imports, ...deny.imports]);
  }
  const name = freshName(variableFor(argument, at), at);
  const lines = ['try:', `${unit}${name} = ${written(source, node)}`, ...ending.map((line) => line.slice(indent.length))];
  return candidate(title, 'template', [linesBefore(source, statement, lines), replaced(source, node, name)], [...imports, ...deny.imports]);
}

/** `ObjectId` raises an error of its own for text, and `TypeError` for what is none. */
function errorsOf(to: string, file: string): { readonly text: string; readonly imports: readonly Import[] } {
  if (to === 'ObjectId') return { text: '(InvalidId, TypeError)', imports: [{ file, module: 'bson.errors', name: 'InvalidId' }] };
  return { text: to === 'UUID' ? '(AttributeError, TypeError, ValueError)' : '(TypeError, ValueError)', imports: [] };
}

function variableFor(argument: Expression, { source }: Written): string {
  const text = written(source, argument);
  const [last = 'parsed'] = text.match(/[A-Za-z_]\w*(?=\W*$)/) ?? [];
  return `parsed_${last.toLowerCase()}`;
}

/** The rule converts the variable, so that the test for a number means something. */
function withConverter({ run, match }: Problem, { files }: Project): readonly Candidate[] {
  const { code, variables } = run.route;
  const source = files.get(code.file);
  const def = source && functionAt(source.module.body, code.place.start);
  if (!source || !def || code.file !== match.site.file) return [];
  const text = source.text.slice(match.site.place.start, match.site.place.end);
  const variable = variables.find(({ name, converter }) => converter === undefined && new RegExp(`\\b${name}\\b`).test(text));
  if (!variable) return [];
  const edits = def.decorators.flatMap((decorator) => {
    const at = written(source, decorator).indexOf(`<${variable.name}>`);
    return at === -1
      ? []
      : [
          replaced(
            source,
            { ...decorator, start: decorator.start + at, end: decorator.start + at + variable.name.length + 2 },
            `<int:${variable.name}>`,
          ),
        ];
  });
  return edits.length === 0 ? [] : candidate(`Let the rule make \`${variable.name}\` a number`, 'template', edits);
}
