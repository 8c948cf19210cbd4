/** Lines of Python, without a line feed at their end. A mark at the end of a line says what stands there: `# @3`. */
export type Lines = readonly string[];

/** A line that belongs to the operation of this number: the answer key asks for it. */
export function marked(line: string, operation: number): string {
  return `${line}  # @${operation}`;
}

export function block(head: string, body: Lines): Lines {
  return [head, ...indented(body.length === 0 ? ['pass'] : body)];
}

export function indented(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}

/** Top-level statements, two empty lines between them. */
export function apart(parts: readonly Lines[]): Lines {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', '', ...part]));
}

/** Where a name comes from: `['flask', 'jsonify']`, `['boto3', null]` for a whole module. */
export type Origin = readonly [from: string, name: string | null];

const text = /(?<![\w])'[^']*'/g;
const bare = /(?<![.\w'"])[A-Za-z_]\w*/g;

/** The imports of all names that lines use and do not define. */
export function importsOf(lines: Lines, origins: ReadonlyMap<string, Origin>): Lines {
  const defined = new Set(lines.flatMap((line) => /^(?:def|class)\s+(\w+)|^(\w+)\s*=[^=]/.exec(line)?.slice(1) ?? []));
  const used = new Set(lines.flatMap((line) => [...line.replace(text, '').matchAll(bare)].map(([name]) => name)));
  const froms = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const name of [...used].toSorted()) {
    const origin = defined.has(name) ? undefined : origins.get(name);
    if (!origin) continue;
    const [from, inner] = origin;
    if (inner === null) whole.add(from === name ? `import ${from}` : `import ${from} as ${name}`);
    else froms.set(from, [...(froms.get(from) ?? []), inner === name ? name : `${inner} as ${name}`]);
  }
  return [
    ...whole,
    ...[...froms].toSorted(([a], [b]) => a.localeCompare(b)).map(([from, names]) => `from ${from} import ${names.join(', ')}`),
  ];
}

/** The names that lines define at their outermost level. */
export function definedIn(lines: Lines): readonly string[] {
  return lines.flatMap((line) => {
    const [, definition, variable] = /^(?:def|class)\s+(\w+)|^(\w+)\s*=[^=]/.exec(line) ?? [];
    return [definition, variable].filter((name) => name !== undefined);
  });
}

/** Gives other names to what is imported. */
export function renamed(lines: Lines, names: ReadonlyMap<string, string>): Lines {
  return lines.map((line) => line.replace(bare, (name) => names.get(name) ?? name));
}

/** The text without its marks, and where they were: operation → 1-based lines. */
export function unmarked(lines: Lines): { readonly text: string; readonly marks: ReadonlyMap<number, readonly number[]> } {
  const marks = new Map<number, number[]>();
  const text = lines.map((line, index) => {
    for (const [, number] of line.matchAll(/# @(\d+)/g)) marks.set(Number(number), [...(marks.get(Number(number)) ?? []), index + 1]);
    return line.replace(/(?:\s+# @\d+)+$/, '');
  });
  return { text: `${text.join('\n')}\n`, marks };
}

/** Two versions of the same lines that are marked for different operations. */
export function merged(one: Lines, other: Lines): Lines {
  return one.map((line, index) => {
    const marks = [...(other[index] ?? '').matchAll(/ {2}# @\d+/g)]
      .map(([mark]) => mark)
      .filter((mark) => !line.includes(`${mark} `) && !line.endsWith(mark));
    return `${line}${marks.join('')}`;
  });
}
