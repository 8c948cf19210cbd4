import type { Candidate } from './candidate.ts';
import type { Edit } from './edit.ts';
import type { Owner } from './identity.ts';
import type { Opening } from './open-access.ts';
import type { Tie } from './practice.ts';
import { ownerField } from '../rules/resources.ts';
import { bodyAround, globalsOf, indentOf } from './source.ts';
import { unitOf } from './compare.ts';
import { isUnderstood } from './practice.ts';
import { freeNames } from '../python/walk.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { FunctionDef } from '../python/syntax.ts';

/** An owner of which something is guessed, with the function that a person is to write where the caller is not known. */
export interface ProposedOwner {
  readonly owner: Owner;
  readonly edits: readonly Edit[];
}

/** An owner for a proposal: the field by its name, else `owner_id`; the identity that the app uses, else a function to be written. */
export function proposedOwner({ open, target, project, problem, at }: Opening): ProposedOwner | undefined {
  const field = ownerField(open.resource) ?? 'owner_id';
  const usable = project.practice.ties.find((tie) => isUnderstood(freeNames(tie.identity), tie, target));
  const tie: Tie | undefined = usable ?? project.practice.ties[0];
  const stub = usable ? undefined : stubFor(target.source, target.functions);
  if (!usable && !stub) return undefined;
  const identity = usable?.text ?? 'caller_id()';
  const basis: Tie = tie ?? {
    resource: open.access.resource,
    field,
    identity: at.node,
    text: identity,
    source: target.source,
    functions: target.functions,
    run: problem.run,
    how: 'asks',
    locals: [],
  };
  return { owner: { field, identity, imports: [], tie: basis, isOwn: false }, edits: stub ? [stub] : [] };
}

/** The function that says who is calling. */
function stubFor(source: ParsedFile, functions: readonly FunctionDef[]): Edit | undefined {
  const says = 'Who is calling, as the rows name their owner. To be written: this app does not say how it knows its callers.';
  return stubAbove(source, functions, 'caller_id', '', says);
}

/** A function that a person is to write, right above the one that is mended. */
export function stubAbove(
  source: ParsedFile,
  functions: readonly FunctionDef[],
  name: string,
  parameters: string,
  says: string,
): Edit | undefined {
  const [outer] = functions;
  if (!outer || globalsOf(source).has(name)) return undefined;
  const [first = outer] = [...outer.decorators].toSorted((a, b) => a.start - b.start);
  const at = first === outer ? outer.start : source.text.lastIndexOf('@', first.start);
  if (indentOf(source, { ...outer, start: at }) !== '' || bodyAround(source, functions).length === 0) return undefined;
  const unit = unitOf(source.text);
  const text = [`def ${name}(${parameters}):`, `${unit}"""${says}"""`, `${unit}raise NotImplementedError`, '', '', ''].join('\n');
  return { file: source.path, start: at, end: at, text };
}

/** The candidates as proposals, with what they need beside themselves. */
export function asProposals(candidates: readonly Candidate[], { edits }: ProposedOwner): readonly Candidate[] {
  return candidates.map((each) => ({
    ...each,
    basis: 'a guess: who owns these objects, or who is calling, does not show in the source',
    edits: [...edits, ...each.edits],
    isProposal: true,
  }));
}
