/** Words of a name in any convention, lower case: `bookTitle`, `book-title`, `BOOK_TITLE` → `['book', 'title']`. */
export function wordsOf(name: string): readonly string[] {
  const known = memo.get(name);
  if (known) return known;
  const words = split(name);
  if (memo.size > 20_000) memo.clear();
  memo.set(name, words);
  return words;
}

// Names recur: the same few thousand are taken apart for each operation and each check.
const memo = new Map<string, readonly string[]>();

function split(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** A name without case and separators, for comparing `user_id`, `userId` and `User-ID`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

const irregular: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  data: 'data',
  media: 'media',
  news: 'news',
  status: 'status',
  address: 'address',
  series: 'series',
  analyses: 'analysis',
};

/** English singular of a lower-case word, by rule: `stories` → `story`, `boxes` → `box`, `books` → `book`. */
export function singular(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (/[^su]s$/.test(word) && word.length > 3) return word.slice(0, -1);
  return word;
}

/** `blog-posts` → `post`: the last word of a name, singular. */
export function nounOf(name: string): string {
  return singular(wordsOf(name).at(-1) ?? name.toLowerCase());
}

/** True when the word is a plural. */
export function isPlural(word: string): boolean {
  return singular(word) !== word || irregular[word] === word;
}

const accountNouns = new Set([
  'user',
  'account',
  'profile',
  'member',
  'customer',
  'person',
  'me',
  'self',
  'player',
  'client',
  'student',
  'employee',
  'patient',
]);

/** True for a noun that stands for somebody's account. */
export function isAccountNoun(noun: string): boolean {
  return accountNouns.has(noun);
}

/** True for a path segment that carries no meaning of its own: a version, `api`, `rest`. */
export function isHollowSegment(segment: string): boolean {
  return /^(?:v\d+(?:[._]\d+)*|api|apis|rest|public|private|latest|beta|\d+(?:\.\d+)*)$/i.test(segment);
}
