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
