import { commonSecrets } from './common-secrets.ts';

/** How many of each list are tried in other spellings, too. */
const mostRespelled = 2500;
const tails = ['1', '123', '1234', '!', '@123', '2023', '2024', '2025', '2026'];

let loading: Promise<readonly string[]> | undefined;

/**
 * Keys and passwords that people choose, likeliest first, some 150,000: our own list, the passwords and English words of
 * zxcvbn-ts, and the most common ones of all in other spellings. Loaded when first asked for, which takes a tenth of a second.
 */
export function wordList(): Promise<readonly string[]> {
  return (loading ??= load());
}

async function load(): Promise<readonly string[]> {
  const [common, english] = await Promise.all([import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en')]);
  const passwords = common.dictionary['passwords-common'];
  const words = english.dictionary['commonWords-en'];
  const respelled = [
    ...commonSecrets,
    ...passwords.slice(0, mostRespelled),
    ...words.filter((word) => word.length > 3).slice(0, mostRespelled),
  ];
  return [...new Set(['', ...commonSecrets, ...passwords, ...words, ...respelled.flatMap(spellings)])];
}

function spellings(word: string): string[] {
  const capital = word.charAt(0).toUpperCase() + word.slice(1);
  return [capital, word.toUpperCase(), ...tails.flatMap((tail) => [word + tail, ...(tail.length > 1 ? [capital + tail] : [])])];
}
