import { isObject, type Json } from '../../model/json.ts';
import { UserError } from '../../model/user-error.ts';
import { parseText } from '../parse-text.ts';

/** Puts values in the place of `{{name}}`; what has none stays. */
export type Substitute = (text: string) => string;

export type Variables = ReadonlyMap<string, string>;

/** The variables of a list in a collection or an environment that are not switched off. */
export function variablesIn(raw: Json | undefined): Variables {
  const found = new Map<string, string>();
  for (const item of Array.isArray(raw) ? (raw as readonly Json[]) : []) {
    if (!isObject(item) || item['disabled'] === true || item['enabled'] === false) continue;
    const name = item['key'] ?? item['id'];
    const value = item['value'];
    if (typeof name !== 'string' || value === undefined || value === null || value === '') continue;
    found.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return found;
}

/** Reads an exported environment. Throws `UserError` when it is none. */
export function readEnvironment(text: string, location: string): Variables {
  const whole = /^\uFEFF?\s*\{/.test(text) ? parseText(text, location).value : undefined;
  const value = isObject(whole) && isObject(whole['environment']) ? whole['environment'] : whole;
  if (!isObject(value) || !Array.isArray(value['values'])) {
    throw new UserError('not-an-environment', `${location} is no Postman environment: it has no list of "values".`, {
      hint: 'Export the environment in Postman, and give that file with --environment.',
    });
  }
  return variablesIn(value['values']);
}

/** The first list that knows a name decides. Values may hold variables in turn, to a depth of 8. */
export function substitution(...lists: readonly Variables[]): Substitute {
  const valueOf = (name: string): string | undefined => lists.find((list) => list.has(name))?.get(name);
  return (text) => {
    let current = text;
    for (let depth = 0; depth < 8 && current.includes('{{'); depth++) {
      const next = current.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => valueOf(name) ?? whole);
      if (next === current || next.length > 1_000_000) break;
      current = next;
    }
    return current;
  };
}

/** True when every variable of a text has got its value. */
export function isResolved(text: string): boolean {
  return !/\{\{[^{}]*\}\}/.test(text);
}

/** Names of the variables that are left in a text. */
export function openNames(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map(([, name = '']) => name);
}
