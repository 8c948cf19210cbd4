import type { Row } from './matrix.ts';

const heads = ['system', 'twin', 'store', 'expected', 'found', 'missed', 'unexpected', 'requests', 'seconds', 'grade', ''];

/** The matrix as text: one line per row, then what is to be said of rows that are not green. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.system,
    row.twin,
    row.store ?? '-',
    figure(row.expected),
    figure(row.found),
    figure(row.missed?.length),
    figure(row.unexpected?.length),
    figure(row.requests),
    row.seconds === undefined ? '-' : row.seconds.toFixed(1),
    row.grade ?? '-',
    row.outcome === 'green' ? '' : row.outcome,
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const lines = [heads, ...cells].map((line) =>
    line
      .map((cell, column) => (column < 3 || column > 8 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...rows.flatMap(remarks)].join('\n');
}

function remarks(row: Row): string[] {
  const red = row.reasons.map((reason) => `  ${reason}`);
  const untested =
    row.outcome === 'green'
      ? (row.missed ?? []).map((missed) => `  ${missed.startsWith('GET ') ? 'Not found' : 'Not tested, because it writes'}: ${missed}`)
      : [];
  const extra = (row.unexpected ?? [])
    .filter((finding) => row.wrong?.includes(finding) !== true)
    .map((finding) => `  Also found: ${finding}`);
  const all = [...red, ...untested, ...extra];
  return all.length === 0 ? [] : ['', `${row.system} (${row.twin})`, ...all];
}

function figure(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}
