/** One part of a rule, from slash to slash. A variable that may hold slashes makes one part of all that follows. */
export interface RulePart {
  /** `undefined` for a part without variables: it is compared as it is. */
  readonly pattern: RegExp | undefined;
  readonly text: string;
  readonly variables: readonly string[];
  /** By which Werkzeug tries parts with variables: smaller first, number by number. */
  readonly weight: readonly number[];
  /** It takes the rest of the path. */
  readonly isFinal: boolean;
}

interface Converter {
  readonly pattern: string;
  readonly weight: number;
}

const element = /([^<]+)|<(?:([a-zA-Z_]\w*)(?:\(([^)]*)\))?:)?([a-zA-Z_]\w*)>/gy;

/** Takes a rule of Werkzeug apart as its `Rule` does; `undefined` for one that it would refuse. */
export function partsOf(rule: string): readonly RulePart[] | undefined {
  const segments = segmentsOf(rule);
  return segments?.map(partOf);
}

type Element = { readonly text: string } | { readonly variable: string; readonly converter: string; readonly options: string };

/** Elements from slash to slash. From a `path` variable on, slashes separate no more. */
function segmentsOf(rule: string): Element[][] | undefined {
  const segments: Element[][] = [[]];
  element.lastIndex = 0;
  let isOpen = false;
  while (element.lastIndex < rule.length) {
    const match = element.exec(rule);
    if (!match) return undefined;
    const [, text, converter = 'default', options = '', variable] = match;
    if (variable !== undefined) {
      segments.at(-1)?.push({ variable, converter, options });
      isOpen ||= takesSlashes(converter);
      continue;
    }
    for (const [index, piece] of (text ?? '').split('/').entries()) {
      if (index > 0 && isOpen) segments.at(-1)?.push({ text: '/' });
      else if (index > 0) segments.push([]);
      if (piece !== '') segments.at(-1)?.push({ text: piece });
    }
  }
  return segments;
}

function partOf(elements: readonly Element[]): RulePart {
  const variables = elements.flatMap((each) => ('variable' in each ? [each.variable] : []));
  const text = elements.map((each) => ('variable' in each ? `{${each.variable}}` : each.text)).join('');
  if (variables.length === 0) return { pattern: undefined, text, variables, weight: [], isFinal: false };
  const statics = elements.flatMap((each) => ('text' in each && each.text !== '/' ? [each.text] : []));
  const converters = elements.flatMap((each) => ('variable' in each ? [converterOf(each.converter, each.options)] : []));
  const isFinal = elements.some((each) => 'variable' in each && takesSlashes(each.converter));
  const body = elements
    .map((each) =>
      'variable' in each ? `(${converterOf(each.converter, each.options).pattern})` : each.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  // Where such a part ends in a slash, the path without it is sent on to the one with it.
  const whole = isFinal && body.endsWith('/') ? `${body.slice(0, -1)}(?<!/)/?` : body;
  return {
    pattern: new RegExp(`^${whole}$`, 'su'),
    text,
    variables,
    // More fixed text first, longer text first, more variables first, stricter converters first.
    weight: [
      -statics.length,
      ...statics.flatMap((each, index) => [index, -each.length]),
      -converters.length,
      ...converters.map(({ weight }) => weight),
    ],
    isFinal,
  };
}

/** Variables that may hold slashes: they and what follows are one part. */
function takesSlashes(converter: string): boolean {
  return converter === 'path' || converter === 'any';
}

/** The converters that Werkzeug has; one of the app's own is taken for a `default` one. */
function converterOf(name: string, options: string): Converter {
  switch (name) {
    case 'int':
      return { pattern: /\bsigned\s*=\s*True\b/.test(options) ? '-?\\d+' : '\\d+', weight: 50 };
    case 'float':
      return { pattern: /\bsigned\s*=\s*True\b/.test(options) ? '-?\\d+\\.\\d+' : '\\d+\\.\\d+', weight: 50 };
    case 'path':
      return { pattern: '[^/].*?', weight: 200 };
    case 'uuid':
      return { pattern: '[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}', weight: 100 };
    case 'any':
      return { pattern: anyOf(options), weight: 100 };
    default:
      return { pattern: `[^/]${lengthOf(options)}`, weight: 100 };
  }
}

function anyOf(options: string): string {
  const values = options.split(',').map((each) => each.trim().replaceAll(/^["']|["']$/g, ''));
  return `(?:${values.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`;
}

function lengthOf(options: string): string {
  const number = (name: string): string | undefined => new RegExp(`\\b${name}\\s*=\\s*(\\d+)`).exec(options)?.[1];
  const length = number('length');
  if (length !== undefined) return `{${length}}`;
  return `{${number('minlength') ?? '1'},${number('maxlength') ?? ''}}`;
}
