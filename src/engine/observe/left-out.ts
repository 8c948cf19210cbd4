import { wordsOf } from '../../model/names.ts';
import { isSafeMethod, type Operation } from '../../model/operation.ts';
import { shapeOf } from './slots.ts';

const everMutating = new Set([
  'logout',
  'signout',
  'logoff',
  'shutdown',
  'restart',
  'reboot',
  'terminate',
  'reset',
  'reseed',
  'seed',
  'wipe',
  'truncate',
  'purge',
  'flush',
  'drop',
  'destroy',
  'populate',
  'repopulate',
  'deactivate',
  'unsubscribe',
  'revoke',
  'reinit',
  'factory',
  'createdb',
  'initdb',
  'resetdb',
  'dropdb',
  'cleardb',
  'migrate',
  'suspend',
  'kill',
  'selfdestruct',
  'rollback',
  'restore',
]);
const mutating = new Set([
  'create',
  'delete',
  'remove',
  'clear',
  'init',
  'initialize',
  'initialise',
  'install',
  'setup',
  'start',
  'stop',
  'run',
  'execute',
  'trigger',
  'disable',
  'enable',
  'cancel',
  'close',
  'send',
  'erase',
  'update',
  'generate',
]);

/**
 * Why an operation must never be sent, as a sentence; `undefined` when it may. A GET can destroy: a reset, re-seed, log-out or
 * shutdown is recognised by the words of its path, operation id and summary, whatever its method.
 */
export function whyLeftOut(operation: Operation): string | undefined {
  const literals = literalsOf(operation);
  const pathWords = literals.flatMap(wordsOf);
  const sign = /(?:log|sign)[ _-]?(?:out|off)\b/i.exec(`${operation.path} ${operation.operationId ?? ''} ${operation.summary ?? ''}`);
  if (sign) return `it looks like a log-out ("${sign[0]}")`;
  if (isPasswordReset(operation)) return 'it looks like a password reset, which may lock an account or send mail';
  const strong = pathWords.find((word) => everMutating.has(word));
  if (strong !== undefined) return `its path says "${strong}"`;
  const idWords = wordsOf((operation.operationId ?? '').split('.').at(-1) ?? '');
  const summaryWords = wordsOf(operation.summary ?? '');
  const said = [...idWords, ...summaryWords.slice(0, 6)].find((word) => everMutating.has(word));
  if (said !== undefined) return `its description says "${said}"`;
  if (
    operation.method === 'DELETE' &&
    /\b(?:all|every|entire|whole|bulk)\b/i.test(`${operation.summary ?? ''} ${pathWords.join(' ')} ${idWords.join(' ')}`)
  )
    return 'it looks like a bulk deletion';
  if (
    operation.method === 'DELETE' &&
    !operation.path.includes('{') &&
    !operation.parameters.some((parameter) => parameter.in === 'query' && parameter.required) &&
    shapeOf(operation).beside.length === 0
  ) {
    return 'it deletes without naming an object';
  }
  if (!isSafeMethod(operation.method)) return undefined;
  const last = wordsOf(literals.at(-1) ?? '');
  const verb = [last[0], idWords[0], imperative(summaryWords[0])].find((word) => word !== undefined && mutating.has(word));
  return verb === undefined ? undefined : `it is a ${operation.method} that says "${verb}"`;
}

/** The words of a path; of a GraphQL field its name, since its path is made of nouns. */
function literalsOf({ graphql, path }: Operation): string[] {
  return graphql ? [graphql.field] : path.split('/').filter((segment) => segment !== '' && !segment.includes('{'));
}

/** `Creates` → `create`: summaries speak of what the operation does. */
function imperative(word: string | undefined): string | undefined {
  return word?.replace(/(?<=[^s])s$/, '');
}

function isPasswordReset(operation: Operation): boolean {
  return /(?:forgot|forgotten|reset|recover)[a-z_-]*(?:pass|pwd)|pass(?:word)?[a-z]*[/_-]?(?:reset|forgot|recover)/i.test(operation.path);
}
