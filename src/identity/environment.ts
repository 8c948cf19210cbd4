import type { Json } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';

/** Values by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Replaces `${NAME}` in every text inside `value`; `$${` stands for a literal `${`. Throws `UserError` for a missing name. */
export function withEnvironment(value: Json, env: Environment, location: string): Json {
  if (typeof value === 'string') return expand(value, env, location);
  if (Array.isArray(value)) return value.map((item: Json) => withEnvironment(item, env, location));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withEnvironment(item, env, location)]));
}

function expand(text: string, env: Environment, location: string): string {
  return text.replaceAll(/\$\$\{|\$\{([^{}]*)\}/g, (match, name: string | undefined) => {
    if (match === '$${') return '${';
    const value = name === undefined ? undefined : env[name];
    if (value !== undefined && value !== '') return value;
    throw new UserError('variable-missing', `${location}: the environment variable ${name ?? ''} is not set`, {
      hint: `Set ${name ?? 'it'} before the scan, or write $\${ for a literal \${.`,
    });
  });
}
