/** One figure, and what it should be. A goal of 0 with `more` is a figure for the reader, not a demand. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly better: 'more' | 'less';
}

/** True when the figure is what it should be. */
export function isMet({ value, goal, better }: Measurement): boolean {
  return better === 'more' ? value >= goal : value <= goal;
}

/** Figures as a table, or as JSON for machines. */
export function printed(rows: readonly Measurement[], json: boolean): string {
  if (json) return JSON.stringify(rows, null, 2);
  const width = Math.max(...rows.map((row) => row.name.length));
  return rows
    .map((row) => {
      const digits = row.unit === 'ratio' ? 3 : row.unit === 'ms' || row.unit === 'MB' ? 0 : 2;
      const goal =
        row.goal === 0 && row.better === 'more'
          ? ''
          : `goal ${row.better === 'more' ? '>=' : '<='} ${row.goal}  ${isMet(row) ? 'met' : 'missed'}`;
      return `${row.name.padEnd(width)}  ${row.value.toFixed(digits).padStart(9)} ${row.unit.padEnd(6)} ${goal}`.trimEnd();
    })
    .join('\n');
}
