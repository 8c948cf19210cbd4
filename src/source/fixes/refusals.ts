import type { Moment } from '../flow/machine.ts';
import { candidate, type Fixer } from './candidate.ts';
import { abortImports } from './imports.ts';
import { isPortable } from './refuse.ts';
import { replaced, written } from './source.ts';
import { locate, within } from '../python/walk.ts';

type Refused = Extract<Moment, { readonly is: 'refusal' }>;

/** The refusal of what is somebody else's becomes that of what is missing. */
export const unifyRefusals: Fixer = ({ match, run }, project) => {
  const source = project.files.get(match.site.file);
  const spot = source && locate(source.module, match.site.place);
  const statement = spot?.statements.at(-1);
  if (!source || !spot || !statement) return [];
  const refused = run.trace.moments.filter((moment): moment is Refused => moment.is === 'refusal');
  const foreign = refused.find(({ site }) => site.file === match.site.file && site.place.start === match.site.place.start);
  // In one function only: what another one refuses, it refuses for others, too.
  const missing = refused.filter(
    (each) =>
      each !== foreign &&
      each.site.function === match.site.function &&
      (foreign?.why.foreign ?? []).some((id) => each.why.missing.includes(id) && !each.why.foreign.includes(id)),
  );
  const target = { source, functions: spot.functions };
  const written404 = project.practice.refusals.find(
    (each) =>
      each.run === run &&
      missing.some(({ text, status }) => status === each.status && each.text.includes(text) && text !== '') &&
      (each.source !== source || each.statement !== statement) &&
      isPortable(each, target),
  );
  const basis = written404 ? `like line ${written404.statement.line} of ${written404.source.path}` : 'template';
  if (written404)
    return candidate('Answer what is somebody else’s like what is missing', basis, [replaced(source, statement, written404.text)]);
  // `get_or_404` refuses without a text of its own.
  const status = missing.find(({ text }) => text === '')?.status;
  if (status === undefined || statement.kind !== 'Expr') return [];
  return candidate(
    'Answer what is somebody else’s like what is missing',
    basis,
    [replaced(source, statement, `abort(${status})`)],
    abortImports(source, project.files),
  );
};

/** A comparison the wrong way round; or is it to keep people from locking themselves out? */
export const invertGuard: Fixer = ({ match, run }, { files, app }) => {
  const source = files.get(match.site.file);
  const spot = source && locate(source.module, match.site.place);
  const guard = spot?.statements.findLast((each) => each.kind === 'If');
  if (!source || guard?.kind !== 'If') return [];
  const isOfAccount = run.trace.accesses.some(
    ({ resource }) => match.proof.includes(`\`${resource}\``) && app.resources.get(resource)?.isAccount === true,
  );
  const isMeant = isOfAccount || run.entry.has('role') || /\b(?:own|yourself|themselves)\b/i.test(written(source, guard));
  const flipped: Readonly<Record<string, string>> = { '==': '!=', '!=': '==', in: 'not in', 'not in': 'in', is: 'is not', 'is not': 'is' };
  return within(guard.test).flatMap((each) => {
    const [left, right, ...others] = each.kind === 'Compare' ? each.operands : [];
    const [operator = ''] = each.kind === 'Compare' ? each.operators : [];
    const opposite = flipped[operator];
    if (!left || !right || others.length > 0 || opposite === undefined) return [];
    return candidate('Turn the comparison round', 'template', [
      replaced(source, each, `${written(source, left)} ${opposite} ${written(source, right)}`),
    ]).map((one) => (isMeant ? { ...one, isProposal: true } : one));
  });
};
