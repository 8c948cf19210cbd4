import type { Access, Site } from '../flow/access.ts';
import type { Expression, FunctionDef, Statement } from '../python/syntax.ts';
import { expressionsIn, statementsIn } from '../python/walk.ts';
import type { Project } from './candidate.ts';
import { textOf, type Written } from './pairs.ts';
import { bodyAround, definitionOf } from './source.ts';

/** How an object is handed over by the call that loads it. */
export interface Loaded {
  /** The call, with the `await` before it. */
  readonly whole: Expression;
  /** The variable that gets the object: the whole of what was loaded, or a part of a tuple. */
  readonly name: string | undefined;
  /** Other variables of the tuple, which say whether there is an object. */
  readonly flags: readonly string[];
  /** The object is given by `:=` in a test. */
  readonly isInTest: boolean;
  /** `row.owner` or `row['owner']`; `undefined` where the code does not show it. */
  readonly style: 'attributes' | 'items' | undefined;
}

/** How the object of an access comes to where it is used; nothing where that cannot be seen. */
export function loadedAt(at: Written, access: Access, project: Project): Loaded | undefined {
  const { node, spot, statement } = at;
  const outer = spot.expressions.at(-2);
  const whole = outer?.kind === 'Await' ? outer : node;
  const above = spot.expressions.at(outer === whole ? -3 : -2);
  const isNamed = above?.kind === 'NamedExpr' && above.value === whole && above.target.kind === 'Name';
  if (isNamed) {
    const name = above.target.kind === 'Name' ? above.target.name : undefined;
    const isInTest = statement.kind === 'If' && statement.test === above;
    return name === undefined || !isInTest ? undefined : { whole, name, flags: [], isInTest, style: styleOf(name, at) };
  }
  const [target, ...more] = statement.kind === 'Assign' ? statement.targets : [];
  if (target?.kind !== 'Tuple' && target?.kind !== 'List') {
    const style = above && styleBy(above, whole);
    return { whole, name: undefined, flags: [], isInTest: false, style: style ?? styleIn(at, access, project) };
  }
  const names = target.items.map((item) => (item.kind === 'Name' ? item.name : undefined));
  const position =
    more.length === 0 && statement.kind === 'Assign' && statement.value === whole ? objectIn(at, access, names.length, project) : -1;
  const name = names[position];
  if (name === undefined) return undefined;
  const flags = names.filter((each): each is string => each !== undefined && each !== name && each !== '_');
  return { whole, name, flags, isInTest: false, style: styleOf(name, at) ?? styleIn(at, access, project) };
}

/** How the function called here returns the object, where it loads that itself and hands it over as it is. */
function styleIn(at: Written, access: Access, { files }: Project): Loaded['style'] {
  const { site } = access;
  const caller = site.callers.at(-1);
  const source = files.get(site.file);
  const def = source && functionAround(source.module.body, site.place);
  if (!def || !access.entity || caller?.file !== at.source.path || caller.place.start !== at.node.start) return undefined;
  const holds = ({ start, end }: Expression): boolean => start <= site.place.start && site.place.end <= end;
  const isItself = (each: Expression): boolean => {
    const value = each.kind === 'Name' ? definitionOf(each.name, def.body, each)?.value : each;
    return value !== undefined && holds(value) && !/dict|\bdump|json|_data_/i.test(source.text.slice(value.start, value.end));
  };
  const returned = returnsOf(def).flatMap((value) => (value.kind === 'Tuple' ? value.items : [value]));
  const objects = returned.filter((each) => each.kind !== 'Constant');
  return objects.length > 0 && objects.every(isItself) ? 'attributes' : undefined;
}

/** Which member of the tuples that a helper returns is the object: the only one that is ever more than a constant. */
function objectIn(at: Written, access: Access, length: number, { files }: Project): number {
  const chain = [...access.site.callers, access.site];
  const here = chain.findIndex(({ file, place }) => file === at.source.path && place.start === at.node.start && place.end === at.node.end);
  for (const { file, place } of chain.slice(here + 1)) {
    const rows = returnsOf(functionAround(files.get(file)?.module.body ?? [], place)).flatMap((value) =>
      value.kind === 'Tuple' && value.items.length === length ? [value.items] : [],
    );
    const telling = [...Array(length).keys()].filter((index) => rows.some((row) => row[index]?.kind !== 'Constant'));
    if (rows.length > 0) return telling.length === 1 ? (telling[0] ?? -1) : -1;
  }
  return -1;
}

function functionAround(body: readonly Statement[], { start, end }: Site['place']): FunctionDef | undefined {
  return statementsIn(body).findLast((each): each is FunctionDef => each.kind === 'FunctionDef' && each.start <= start && end <= each.end);
}

function returnsOf(def: FunctionDef | undefined): readonly Expression[] {
  return statementsIn(def?.body ?? []).flatMap((each) => (each.kind === 'Return' && each.value ? [each.value] : []));
}

/** How a variable is used in its function. */
export function styleOf(name: string, { source, spot }: Written): Loaded['style'] {
  const styles = new Set(
    expressionsIn(bodyAround(source, spot.functions)).flatMap((each) => {
      const holder = each.kind === 'Attribute' || each.kind === 'Subscript' ? each.value : undefined;
      return holder?.kind === 'Name' && holder.name === name ? (styleBy(each, holder) ?? []) : [];
    }),
  );
  const [only, ...others] = styles;
  return others.length === 0 ? only : undefined;
}

function styleBy(outer: Expression, inner: Expression): Loaded['style'] {
  if (outer.kind === 'Subscript' && outer.value === inner) return textOf(outer.index) === undefined ? undefined : 'items';
  if (outer.kind !== 'Attribute' || outer.value !== inner) return undefined;
  if (/^(?:get|items|keys|values|pop|update|setdefault|copy)$/.test(outer.name)) return 'items';
  return 'attributes';
}

/** True where the access itself stands, rather than the call of a function that makes it. */
export function isAccessItself({ source, node }: Written, { site }: Access): boolean {
  return site.file === source.path && site.place.start === node.start && site.place.end === node.end;
}
