import type { Report } from '../../model/report.ts';
import { sorted } from '../phrases.ts';
import { findingCard } from './finding-card.ts';
import { html, type Markup } from './markup.ts';

/** What the source says and no probe showed. */
export function unprovenSection(report: Report): Markup | undefined {
  const { unproven } = sorted(report);
  if (unproven.length === 0) return undefined;
  return html`<h2>In the source, and not proven by this scan</h2>
    ${unproven.map(findingCard)}`;
}

const why = { refused: 'every request was refused', failed: 'every request failed', 'not-tried': 'no request was sent' } as const;

/** Views that were not reached, and what comments set aside. */
export function sourceSection({ coverage: { source }, stats }: Report): Markup | undefined {
  if (!source) return undefined;
  const unreached = stats.requests === 0 ? [] : source.unreached;
  const rows = [
    ...unreached.map(({ file, line, operation, got }) => ({ place: `${file}:${line}`, what: operation, why: why[got] })),
    ...source.ignored.map(({ file, line, rule, reason }) => ({
      place: `${file}:${line}`,
      what: rule,
      why: reason === '' ? 'set aside without a reason' : `set aside: ${reason}`,
    })),
  ];
  if (rows.length === 0) return undefined;
  return html`<h2>Source: not reached, or set aside</h2>
    <div class="card scroll">
      <table>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <td><code>${row.place}</code></td>
                <td><code>${row.what}</code></td>
                <td>${row.why}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
