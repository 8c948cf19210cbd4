import type { Arguments, Value } from './value.ts';

/** `'/v{}/{name}'.format(2, name='x')`: the text, where all that goes into it is known. */
export function formatted(template: string, { args, keywords, rest }: Arguments): string | undefined {
  if (rest) return undefined;
  let next = 0;
  return filled(template, /\{\{|\}\}|\{(\w*)\}|[{}]/g, (match, name) => {
    if (match === '{{' || match === '}}') return match.charAt(0);
    if (name === undefined) return undefined;
    const given = name === '' ? args[next++] : /^\d+$/.test(name) ? args[Number(name)] : keywords.get(name);
    return given && scalarText(given);
  });
}

/** `'/v%s/%(name)s' % ...`: the text, where all that goes into it is known. */
export function interpolated(template: string, value: Value): string | undefined {
  const { shape } = value;
  const items = shape.is === 'sequence' && !shape.each ? shape.items : [value];
  let next = 0;
  return filled(template, /%%|%\((\w+)\)[sd]|%[sd]|%/g, (match, name) => {
    if (match === '%%') return '%';
    if (match === '%') return undefined;
    const given = name === undefined ? items[next++] : shape.is === 'record' ? shape.entries.get(name) : undefined;
    return given && scalarText(given);
  });
}

function filled(
  template: string,
  holes: RegExp,
  fill: (match: string, name: string | undefined) => string | undefined,
): string | undefined {
  const parts: string[] = [];
  let end = 0;
  for (const hole of template.matchAll(holes)) {
    const text = fill(hole[0], hole[1]);
    if (text === undefined) return undefined;
    parts.push(template.slice(end, hole.index), text);
    end = hole.index + hole[0].length;
  }
  return parts.join('') + template.slice(end);
}

function scalarText({ shape }: Value): string | undefined {
  return shape.is === 'constant' && shape.isPart !== true && shape.value !== null ? String(shape.value) : undefined;
}
