import { wordsOf } from '../../model/names.ts';

const destructiveWords = new Set(
  (
    'logout logoff signout delete del remove destroy drop reset purge wipe truncate createdb initdb seed reseed populate shutdown restart ' +
    'reboot kill stop terminate halt unsubscribe deactivate disable cancel revoke flush clear clean cleanup erase uninstall rollback migrate exit quit'
  ).split(' '),
);
const destructivePairs = /\b(?:log|sign) (?:out|off)|create db|init db|setup db|re ?seed|factory/;

/** True for a path that a crawler should not follow: a GET can destroy. */
export function looksDestructive(path: string): boolean {
  const words = wordsOf(path);
  return words.some((word) => destructiveWords.has(word)) || destructivePairs.test(words.join(' '));
}

const changingWords = new Set(
  (
    'add accept activate approve archive buy checkout close complete confirm copy create decline deposit dismiss duplicate edit enable ' +
    'execute follow generate invite join leave like mark merge move pay process publish purchase refund reject rename renew reorder ' +
    'request resend restore retry run save select send set share skip start submit subscribe switch sync toggle transfer trigger undo ' +
    'unfollow unlike unpublish update upgrade use verify vote withdraw'
  ).split(' '),
);

/**
 * True for a link that a member should not follow by the way: a GET that changes something, by the verb that its path ends in
 * (`/orders/5/approve`) or that its query names (`?action=pay`).
 */
export function looksChanging(url: URL): boolean {
  const last = url.pathname.split('/').findLast((segment) => /[a-z]/i.test(segment) && !/\d/.test(segment));
  const told = ['action', 'act', 'do', 'op', 'cmd', 'command'].flatMap((name) => url.searchParams.getAll(name));
  return [last ?? '', ...told].some((text) => changingWords.has(wordsOf(text)[0] ?? ''));
}
