import type { PlanLine } from '../index.ts';
import { column, oneLine } from '../report/terminal-text.ts';

/** A plan for people: which check sends what in whose name, in the order in which the phases run. */
export function planTable(plan: readonly PlanLine[], width: number): string {
  const rows = plan.map(({ phase, check, as, request, more }) =>
    [phase, check, as, `${request}${more === 0 ? '' : ` (and up to ${more} more)`}`].map(oneLine),
  );
  const header = ['phase', 'check', 'as', 'request'];
  const widths = header.map((title, index) => Math.min(36, Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0))));
  const line = (cells: readonly string[]): string => {
    const [last = '', ...others] = [...cells].reverse();
    const padded = others.reverse().map((cell, index) => column(cell, widths[index] ?? 0));
    const text = [...padded, last].join('  ');
    return text.length > width * 3 ? `${text.slice(0, width * 3 - 1)}…` : text;
  };
  const sure = plan.length === 1 ? '1 probe' : `${plan.length} probes`;
  return `${[line(header), ...rows.map(line), '', `${sure}, none of them sent.`].join('\n')}\n`;
}
