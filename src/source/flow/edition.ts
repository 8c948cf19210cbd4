import type { Place } from '../python/syntax.ts';
import type { Bindings } from './bindings.ts';
import type { Code } from './value.ts';

/** A function or lambda of the source. */
export type FunctionNode = Place & Pick<Code, 'parameters' | 'body'>;

/** The source as it is now, where files have changed since their modules were loaded. */
export interface Edition {
  /** Of the files that have changed. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names that files have got, by their paths. */
  readonly names: ReadonlyMap<string, Bindings>;
  /** A function as it is now; the same object for the same function. */
  readonly current: (code: Code) => Code;
  /** The node that stood first for a function: it stays the same whatever becomes of the function. */
  readonly origin: (node: Place) => Place;
  /** The edition after further changes; `functions` are what has become of those of this one. */
  readonly next: (changes: {
    readonly texts: Edition['texts'];
    readonly functions: ReadonlyMap<Place, FunctionNode>;
    readonly names: Edition['names'];
  }) => Edition;
}

export function firstEdition(): Edition {
  return editionOf(new Map(), new Map(), new Map(), new Map());
}

function editionOf(
  texts: Edition['texts'],
  names: Edition['names'],
  functions: ReadonlyMap<Place, FunctionNode>,
  origins: ReadonlyMap<Place, Place>,
): Edition {
  const known = new WeakMap<Code, Code>();
  const origin = (node: Place): Place => origins.get(node) ?? node;
  return {
    texts,
    names,
    origin,
    current(code) {
      const now = functions.get(code.place);
      if (!now) return code;
      const same = known.get(code) ?? { ...code, parameters: now.parameters, body: now.body, place: now };
      known.set(code, same);
      return same;
    },
    next(changes) {
      const nodes = [...changes.functions];
      return editionOf(
        new Map([...texts, ...changes.texts]),
        new Map([...names, ...changes.names]),
        new Map([...functions, ...nodes.map(([old, now]) => [origin(old), now] as const)]),
        new Map([...origins, ...nodes.map(([old, now]) => [now, origin(old)] as const)]),
      );
    },
  };
}
