/** Applies a unified diff as strictly as can be: every line must stand exactly where the diff says. Throws where one does not. */
export function applied(before: readonly string[], diff: string): string[] {
  const result: string[] = [];
  let read = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const [, from, count, to, added] = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line) ?? [];
    if (from !== undefined) {
      const start = Number(from) - (count === '0' ? 0 : 1);
      result.push(...before.slice(read, start));
      read = start;
      if (result.length !== Number(to) - (added === '0' ? 0 : 1)) throw new Error(`The new side of ${line} is numbered wrongly.`);
    } else if (line.startsWith('+')) {
      result.push(line.slice(1));
    } else {
      if (before[read] !== line.slice(1)) throw new Error(`Line ${read + 1} is "${before[read]}", not "${line.slice(1)}".`);
      if (line.startsWith(' ')) result.push(line.slice(1));
      read += 1;
    }
  }
  return [...result, ...before.slice(read)];
}
