import { candidate, type Fixer } from './candidate.ts';
import { functionAt } from './like-siblings.ts';
import { replaced, written } from './source.ts';
import { expressionsIn, within } from '../python/walk.ts';

/** The variable of the rule gets the name that the guard asks for, in the view, too. */
export const nameLikeGuard: Fixer = ({ match, run }, { files }) => {
  const { code, variables } = run.route;
  const source = files.get(code.file);
  const def = source && functionAt(source.module.body, code.place.start);
  const [variable, ...others] = variables;
  const wanted = match.part;
  if (!source || !def || !variable || others.length > 0 || wanted === undefined || !/^\w+$/.test(wanted)) return [];
  const rules = def.decorators.flatMap((decorator) => {
    const found = new RegExp(`<(?:[^<>:]*:)?(${variable.name})>`).exec(written(source, decorator));
    if (!found) return [];
    const start = decorator.start + found.index + found[0].length - 1 - variable.name.length;
    return [replaced(source, { ...decorator, start, end: start + variable.name.length }, wanted)];
  });
  const head = /\(([^)]*)\)/.exec(source.text.slice(def.start));
  const place = head && new RegExp(`\\b${variable.name}\\b`).exec(head[1] ?? '');
  if (rules.length === 0 || !head || !place) return [];
  const start = def.start + head.index + 1 + place.index;
  const uses = expressionsIn(def.body)
    .flatMap(within)
    .filter((each) => each.kind === 'Name' && each.name === variable.name);
  const spans = new Map([{ ...def, start, end: start + variable.name.length }, ...uses].map((each) => [each.start, each]));
  return candidate(`Call the variable \`${wanted}\`, as the guard does`, 'the name in the guard', [
    ...rules,
    ...[...spans.values()].map((each) => replaced(source, each, wanted)),
  ]);
};
