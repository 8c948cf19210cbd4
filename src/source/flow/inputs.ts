import type { InputPlace } from '../../model/source.ts';
import type { Place } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import { optionsOf, textOf, type Value } from './value.ts';

/** The more specific first: `request.get_json(silent=True) or request.form` takes either. */
const placeLabels: readonly (readonly [string, InputPlace])[] = [
  ['@json', 'json'],
  ['@form', 'form'],
  ['@query', 'query'],
  ['@file', 'file'],
];

/** Notes that a field is asked for by its name: of a whole body, a form, a query string. */
export function noteInput(machine: Machine, holder: Value, index: Value, at: Place, frame: Frame): void {
  // Of something that was put together from a body, what is read is no input of its own.
  if (holder.shape.is === 'record' || !(holder.labels.has('R') || holder.labels.has('@file'))) return;
  const place = placeLabels.find(([label]) => holder.labels.has(label))?.[1];
  if (place === undefined) return;
  // `body['name']` fails without it; `body.get('name')` does not, nor does `body[name]` for each name that is there.
  const required = /["']\s*\]$/.test(machine.text(at, frame.file));
  for (const name of optionsOf(index).map(textOf)) noteNamed(machine, place, name, required, at, frame);
}

/** Notes that an input of this name is read; nothing where the name is not known. */
export function noteNamed(machine: Machine, place: InputPlace, name: string | undefined, required: boolean, at: Place, frame: Frame): void {
  if (name === undefined || name === '' || name === '[:]' || /^\d+$/.test(name)) return;
  machine.trace.moments.push({ is: 'input', in: place, name, required, site: machine.site(at, frame) });
}

const types: Readonly<Record<string, 'integer' | 'number' | 'boolean'>> = {
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  Decimal: 'number',
  'decimal.Decimal': 'number',
};

/** Notes what an input is made into. */
export function noteType(machine: Machine, cast: string, value: Value, at: Place, frame: Frame): void {
  const type = types[cast];
  if (type === undefined) return;
  for (const label of value.labels) {
    if (label.startsWith('C:')) machine.trace.moments.push({ is: 'typed', label, type, site: machine.site(at, frame) });
  }
}
