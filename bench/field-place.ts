/** Where something is: a method and a path template. */
export interface Place {
  /** `ANY` stands for all. */
  readonly method: string;
  /** `*` stands for all. */
  readonly path: string;
}

/** True when both name one operation. What parameters are called does not matter, nor whether a base path is written. */
export function isSamePlace(a: Place, b: Place): boolean {
  const methods = [a.method.toUpperCase(), b.method.toUpperCase()];
  if (methods[0] !== methods[1] && !methods.includes('ANY')) return false;
  const [one, other] = [plain(a.path), plain(b.path)];
  return one === '*' || other === '*' || one === other || isTail(one, other) || isTail(other, one);
}

/** Without a port before it, a remark or a query after it, a slash at its end, and the names of its parameters. */
function plain(path: string): string {
  const bare = path.replace(/^:\d+/, '').replace(/[\s?].*$/, '');
  const anonymous = bare.replaceAll(/\{[^{}]*\}/g, '{}');
  return anonymous.length > 1 ? anonymous.replace(/\/$/, '') : anonymous;
}

function isTail(short: string, long: string): boolean {
  return short.length > 1 && short.startsWith('/') && long.endsWith(short);
}
