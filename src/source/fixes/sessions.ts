import type { Run } from '../flask/run-route.ts';
import { valuesOf } from '../flow/accessing.ts';
import type { Moment } from '../flow/machine.ts';
import { cookieLabel, type Label } from '../flow/value.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression, Statement } from '../python/syntax.ts';
import { isRead } from '../rules/resources.ts';
import { candidate, type Candidate, type Fixer } from './candidate.ts';
import type { Edit } from './edit.ts';
import { bodyAround, replaced, without, written } from './source.ts';
import { locate, statementsIn } from '../python/walk.ts';

type CookieSet = Extract<Moment, { readonly is: 'cookie-set' }>;

const title = 'Mint a new session id at every log-in';
const mints = /token|uuid|urandom|random|secrets|generate|mint|new_/i;

/**
 * A log-in that mints its session id whatever cookie came: what the code does itself for whoever brings none. Where it has nothing
 * for them, or goes on with what was stored under the old id, which one is minted is for a person to say.
 */
export const mintSession: Fixer = ({ match, run }, { files }) => {
  const source = files.get(match.site.file);
  const spot = source && locate(source.module, match.site.place);
  const read = spot?.expressions.at(-1);
  const set = run.trace.moments.find((each): each is CookieSet => each.is === 'cookie-set' && each.name === match.part);
  // A helper that others ask for the id of a running session must go on reading it.
  if (!source || !spot || !read || set?.site.function !== match.site.function || set.site.file !== match.site.file) return [];
  const proposals = candidate(
    title,
    'template: how session ids are minted is for the app to say',
    [replaced(source, read, 'secrets.token_urlsafe(32)')],
    [{ file: source.path, module: 'secrets' }],
  ).map((each): Candidate => ({ ...each, isProposal: true }));
  const statement = spot.statements.at(-1);
  const alternative = alternativeIn(spot.expressions, source);
  const edits = alternative
    ? [replaced(source, alternative.whole, written(source, alternative.minted))]
    : statement && replacedBelow(source, read, statement, bodyAround(source, spot.functions));
  const patches = edits ? candidate(title, 'what is minted for whoever brings no cookie', edits) : [];
  return goesOn(run, match.site.function, cookieLabel(set.name)) ? proposals : [...patches, ...proposals];
};

/** What was stored under the old id is read where the new session begins: a cart, or where to go next. */
function goesOn({ trace }: Run, name: string, cookie: Label): boolean {
  return trace.accesses.some(
    (access) => isRead(access) && access.site.function === name && valuesOf(access.conditions).some(({ labels }) => labels.has(cookie)),
  );
}

interface Alternative {
  readonly whole: Expression;
  readonly minted: Expression;
}

/** `cookie or minted()`, `cookie if cookie else minted()`, `cookies.get('sid', minted())`. */
function alternativeIn(path: readonly Expression[], source: ParsedFile): Alternative | undefined {
  const isMinted = (each: Expression | undefined): each is Expression => each?.kind === 'Call' && isFresh(written(source, each));
  const read = path.at(-1);
  for (const whole of path.toReversed()) {
    const inner = path[path.indexOf(whole) + 1];
    if (whole.kind === 'BoolOp' && whole.left === inner && isMinted(whole.right)) return { whole, minted: whole.right };
    if (whole.kind === 'IfExp') {
      const minted = [whole.body, whole.otherwise].find((each) => each !== inner && isMinted(each));
      if (minted) return { whole, minted };
    }
    const fallback = whole === read && whole.kind === 'Call' ? whole.args[1] : undefined;
    if (isMinted(fallback)) return { whole, minted: fallback };
  }
  return undefined;
}

function isFresh(text: string): boolean {
  return mints.test(text) && !text.includes('cookies');
}

/** `sid = cookie` with `if not sid: sid = minted()` right below. */
function replacedBelow(
  source: ParsedFile,
  read: Expression,
  statement: Statement,
  body: readonly Statement[],
): readonly (Edit | undefined)[] | undefined {
  if (statement.kind !== 'Assign' || statement.value !== read) return undefined;
  const [target] = statement.targets;
  const all = statementsIn(body);
  const next = all[all.indexOf(statement) + 1];
  if (target?.kind !== 'Name' || next?.kind !== 'If' || next.otherwise.length > 0 || next.body.length !== 1) return undefined;
  const [inner] = next.body;
  const isEmpty = [`not ${target.name}`, `${target.name} is None`].includes(written(source, next.test));
  if (!isEmpty || inner?.kind !== 'Assign' || inner.value?.kind !== 'Call') return undefined;
  const [again] = inner.targets;
  const minted = written(source, inner.value);
  if (again?.kind !== 'Name' || again.name !== target.name || !isFresh(minted)) return undefined;
  return [replaced(source, read, minted), without(source, next)];
}
