import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import type { Import } from './imports.ts';
import { textOf } from './pairs.ts';
import { globalsOf, quoted, replaced, written, type Call } from './source.ts';
import { expressionsIn, freeNames, locate } from '../python/walk.ts';

/** How the app signs or verifies its tokens elsewhere. */
interface Signing {
  readonly key: string;
  readonly algorithms: string;
  readonly basis: string;
  readonly imports: readonly Import[];
}

/** The signature is verified, with the key and the algorithm by which the app signs. Unknown, they are for a person to name. */
export const verifyToken: Fixer = ({ match }, project) => {
  const source = project.files.get(match.site.file);
  const call = source && locate(source.module, match.site.place)?.expressions.at(-1);
  if (!source || call?.kind !== 'Call') return [];
  const [token, key] = call.args;
  if (!token) return [];
  const signings = signingsOf(project, source, call);
  const names = namedAlgorithms(call);
  const given = key ? written(source, key) : keywordText(source, call, 'key');
  const isSigned = given !== undefined && given !== 'None' && !/^(?:''|"")$/.test(given);
  const own: readonly Signing[] =
    isSigned && names.length > 0
      ? [
          {
            key: given,
            algorithms: `[${names.map((name) => quoted(source, name)).join(', ')}]`,
            basis: 'the algorithms that are left',
            imports: [],
          },
        ]
      : [];
  const known = [...own, ...signings].flatMap((signing) => verified(source, call, token, signing));
  if (known.length > 0) return known;
  const proposed: Signing = {
    key: "app.config['JWT_SECRET']",
    algorithms: `[${quoted(source, 'HS256')}]`,
    basis: 'template: name the key by which the tokens are signed',
    imports: [],
  };
  return verified(source, call, token, proposed).map((each) => ({ ...each, isProposal: true }));
};

function verified(source: ParsedFile, call: Call, token: Expression, { key, algorithms, basis, imports }: Signing): readonly Candidate[] {
  const replacedNames = new Set(['key', 'algorithms', 'algorithm', 'verify', 'options']);
  const options = call.keywords.find(({ name }) => name === 'options')?.value;
  const kept =
    options?.kind === 'Dict'
      ? options.items
          .filter((each) => each.key && textOf(each.key) !== 'verify_signature')
          .map((each) => `${each.key ? written(source, each.key) : ''}: ${written(source, each.value)}`)
      : [];
  const others = call.keywords
    .filter(({ name }) => name === undefined || !replacedNames.has(name))
    .map(({ name, value }) => `${name === undefined ? '**' : `${name}=`}${written(source, value)}`);
  const parts = [
    written(source, token),
    key,
    `algorithms=${algorithms}`,
    ...(kept.length === 0 ? [] : [`options={${kept.join(', ')}}`]),
    ...others,
  ];
  return candidate(
    'Verify the signature of the token',
    basis,
    [replaced(source, call, `${written(source, call.callee)}(${parts.join(', ')})`)],
    imports,
  );
}

/** Algorithms that are written out and sign something. */
function namedAlgorithms(call: Call): readonly string[] {
  const list = call.keywords.find(({ name }) => name === 'algorithms')?.value;
  return list?.kind === 'List' ? list.items.flatMap((each) => textOf(each) ?? []).filter((name) => name.toLowerCase() !== 'none') : [];
}

function keywordText(source: ParsedFile, call: Call, wanted: string): string | undefined {
  const value = call.keywords.find(({ name }) => name === wanted)?.value;
  return value && written(source, value);
}

/** Other calls of `jwt.encode` and `jwt.decode` whose key is known at the top of this file. */
function signingsOf({ files }: Project, target: ParsedFile, self: Call): readonly Signing[] {
  const known = globalsOf(target);
  return [...files.values()].flatMap((source) =>
    expressionsIn(source.module.body).flatMap((each): Signing[] => {
      if (each.kind !== 'Call' || each === self || !/\bjwt\.(?:encode|decode)$/.test(written(source, each.callee))) return [];
      const key = each.args[1] ?? each.keywords.find(({ name }) => name === 'key')?.value;
      const text = key && written(source, key);
      const isVerified = !/verify_signature['"]\s*:\s*False/.test(written(source, each)) && !/get_unverified/.test(written(source, each));
      if (!key || text === undefined || text === 'None' || !isVerified || ![...freeNames(key)].every((name) => known.has(name))) return [];
      const algorithm = each.keywords.find(({ name }) => name === 'algorithm' || name === 'algorithms');
      const value = algorithm ? written(source, algorithm.value) : quoted(target, 'HS256');
      if (/none/i.test(value)) return [];
      return [
        {
          key: text,
          algorithms: algorithm?.name === 'algorithms' ? value : `[${value}]`,
          basis: `like ${source.path}:${each.line}`,
          imports: [],
        },
      ];
    }),
  );
}
