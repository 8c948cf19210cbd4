import type { Style } from './design.ts';
import { block, type Lines } from './python.ts';
import type { Scene } from './scene.ts';

/** Adds what changes nothing: a docstring, a line in the log, a handler of errors; and writes the same in another way. */
export function noisy(body: Lines, scene: Scene, style: Style): Lines {
  const { operation, resource, pick, plant } = scene;
  const docstring = style.docstrings ? [`"""${operation.kind.replace('-', ' ')}: one of the ${resource.noun}s."""`] : [];
  const logged =
    style.logging && operation.kind !== 'list' && operation.kind !== 'create'
      ? [pick(`logger.info('asked for a %s', '${resource.noun}')`, `logger.debug(f'{__name__}: ${resource.noun}')`)]
      : [];
  const shorter = pick(false, false, true) ? joined(body) : body;
  const named = pick(false, false, true) ? renamedId(shorter, scene) : shorter;
  const asked = pick(false, true) ? named.map((line) => line.replaceAll(/\bdata\['(\w+)'\]/g, "data.get('$1')")) : named;
  const tried =
    style.tries && plant !== 'late-check' && pick(false, true)
      ? [
          ...block('try:', asked),
          ...block('except KeyError as problem:', [
            "logger.warning('a field is missing: %s', problem)",
            scene.voice.answer("{'error': 'incomplete'}", 400, pick),
          ]),
        ]
      : asked;
  return [...docstring, ...logged, ...tried];
}

/** `found = find(key)`, `if found is None:` in one line. */
function joined(body: Lines): Lines {
  const lines: string[] = [];
  for (const line of body) {
    const before = /^(\s*)(\w+) = (.*\))((?: {2}# @\d+)*)$/.exec(lines.at(-1) ?? '');
    const test = /^(\s*)if (not )?(\w+)( is None)?:$/.exec(line);
    const [, indent = '', name = '', value = '', marks = ''] = before ?? [];
    if (!before || test?.[3] !== name || test[1] !== indent || !(test[2] ?? test[4])) lines.push(line);
    else lines.splice(-1, 1, `${indent}if ${test[2] ?? ''}(${name} := ${value})${test[4] ?? ''}:${marks}`);
  }
  return lines;
}

/** The id goes by another name from the first line on. */
function renamedId(body: Lines, { variable, operation }: Scene): Lines {
  if (operation.isIdInBody) return body;
  // In texts it is the name of a field.
  const name = new RegExp(`'[^']*'|(?<![\\w.])${variable.name}(?![\\w=])`, 'g');
  const changed = body.map((line) => line.replace(name, (found) => (found.startsWith("'") ? found : 'chosen')));
  return changed.every((line, index) => line === body[index]) ? body : [`chosen = ${variable.name}`, ...changed];
}
