import type { Layer } from './design.ts';
import { camel } from './frameworks/framework.ts';
import type { Pick } from './picker.ts';
import { apart, block, merged, type Lines } from './python.ts';
import type { Mark } from './stores/store.ts';

/** What a piece of work gets: `['key', 'letter_id']`. */
export type Given = readonly (readonly [parameter: string, expression: string])[];

export interface Piece {
  readonly layer: Layer;
  readonly noun: string;
  /** What it does: `find`. */
  readonly name: string;
  readonly given: Given;
  /** The variable that gets what comes of it. */
  readonly into: string | undefined;
  /** The lines, by what its parameters are called there and what its result is to be called. */
  readonly body: (of: (parameter: string) => string, into: string) => Lines;
}

/** Functions and classes beside the views. */
export class Workshop {
  readonly #functions = new Map<string, Lines>();
  readonly #classes = new Map<string, Map<string, Lines>>();
  readonly #made = new Set<string>();
  readonly #hints: boolean;

  constructor(hints: boolean) {
    this.#hints = hints;
  }

  /** Puts work where its layer has it; returns the lines that ask for it. */
  place(piece: Piece, pick: Pick, mark: Mark): Lines {
    const { layer, noun, name, given, into, body } = piece;
    if (layer === 'view') return body((parameter) => given.find(([each]) => each === parameter)?.[1] ?? parameter, into ?? 'outcome');
    const lines = body((parameter) => parameter, 'row');
    const inner = [...lines, ...(into === undefined || lines.at(-1)?.startsWith('return ') ? [] : ['return row'])];
    const call = this.#define(layer, noun, name, given, inner, pick, mark);
    return [mark(into === undefined ? call : `${into} = ${call}`)];
  }

  /** A function that several views may ask; returns what it is called. */
  helper(name: string, lines: (name: string) => Lines): string {
    return kept(this.#functions, name, lines);
  }

  /** All of it, in an order in which it can be defined. */
  lines(): Lines {
    const classes = [...this.#classes].map(([name, methods]) => {
      const bodies = [...methods.values()];
      return block(
        `class ${name}:`,
        bodies.flatMap((body, index) => (index === 0 ? body : ['', ...body])),
      );
    });
    return apart([...this.#functions.values(), ...classes, [...this.#made]]);
  }

  #define(layer: Exclude<Layer, 'view'>, noun: string, name: string, given: Given, inner: Lines, pick: Pick, mark: Mark): string {
    const parameters = given
      .map(([parameter]) => (this.#hints && /key|number/.test(parameter) ? `${parameter}: str` : parameter))
      .join(', ');
    const args = given.map(([parameter, expression], index) =>
      index > 0 && pick(false, true) ? `${parameter}=${expression}` : expression,
    );
    // Nothing may follow what is named without a name.
    const firstNamed = args.findIndex((each, index) => each !== given[index]?.[1]);
    const passed = args
      .map((each, index) => (firstNamed !== -1 && index > firstNamed ? `${given[index]?.[0] ?? ''}=${given[index]?.[1] ?? ''}` : each))
      .join(', ');
    const title = camel(noun);
    switch (layer) {
      case 'function': {
        const kept = this.helper(`${name}_${noun}`, (chosen) => block(`def ${chosen}(${parameters}):`, inner));
        return `${kept}(${passed})`;
      }
      case 'service': {
        const kept = this.#method(`${title}Service`, name, (chosen) => ['@staticmethod', ...block(`def ${chosen}(${parameters}):`, inner)]);
        return `${title}Service.${kept}(${passed})`;
      }
      case 'instance':
        return this.#instance(`${title}Desk`, `${noun}_desk`, name, parameters, passed, inner, pick);
      case 'repository':
        return this.#instance(`${title}Repository`, `${noun}_repository`, name, parameters, passed, inner, pick);
      case 'deep': {
        const asked = given.map(([parameter]) => parameter).join(', ');
        const call = this.#instance(`${title}Repository`, `${noun}_repository`, name, parameters, asked, inner, (first) => first);
        if (pick(false, true)) {
          const own = `self.repository.${call.slice(call.indexOf('.') + 1)}`;
          this.#method(`${title}Handler`, '__init__', () => block('def __init__(self, repository):', ['self.repository = repository']));
          const kept = this.#method(`${title}Handler`, name, (chosen) =>
            block(`def ${chosen}(self${parameters === '' ? '' : `, ${parameters}`}):`, [mark(`return ${own}`)]),
          );
          this.#made.add(`${noun}_handler = ${title}Handler(${title}Repository())`);
          return `${noun}_handler.${kept}(${passed})`;
        }
        const kept = this.#method(`${title}Manager`, name, (chosen) => [
          '@classmethod',
          ...block(`def ${chosen}(cls${parameters === '' ? '' : `, ${parameters}`}):`, [mark(`return ${call}`)]),
        ]);
        return `${title}Manager.${kept}(${passed})`;
      }
    }
  }

  #instance(type: string, variable: string, name: string, parameters: string, passed: string, inner: Lines, pick: Pick): string {
    const kept = this.#method(type, name, (chosen) => block(`def ${chosen}(self${parameters === '' ? '' : `, ${parameters}`}):`, inner));
    if (pick(false, true)) return `${type}().${kept}(${passed})`;
    this.#made.add(`${variable} = ${type}()`);
    return `${variable}.${kept}(${passed})`;
  }

  #method(type: string, name: string, lines: (name: string) => Lines): string {
    const methods = this.#classes.get(type) ?? new Map<string, Lines>();
    this.#classes.set(type, methods);
    return kept(methods, name, lines);
  }
}

/** Keeps lines under a name, or under another one where something else has it. */
function kept(all: Map<string, Lines>, name: string, lines: (name: string) => Lines): string {
  for (let number = 1; ; number++) {
    const chosen = number === 1 ? name : `${name}_${number}`;
    const fresh = lines(chosen);
    const known = all.get(chosen);
    if (known && !isSame(known, fresh)) continue;
    all.set(chosen, known ? merged(known, fresh) : fresh);
    return chosen;
  }
}

function isSame(one: Lines, other: Lines): boolean {
  const bare = (lines: Lines): string => lines.map((line) => line.replace(/(?:\s+# @\d+)+$/, '')).join('\n');
  return bare(one) === bare(other);
}
