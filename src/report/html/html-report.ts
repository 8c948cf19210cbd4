import { createHash } from 'node:crypto';
import { categories } from '../../model/check.ts';
import type { Report } from '../../model/report.ts';
import {
  aboutTarget,
  categoryNames,
  counted,
  foundSentence,
  inconclusiveAdvice,
  judgedSentence,
  runPhrase,
  reachColumns,
  reachLegend,
  reachMarks,
  skippedByReason,
  sorted,
} from '../phrases.ts';
import { findingCard } from './finding-card.ts';
import { html, type Markup } from './markup.ts';
import { sourceSection, unprovenSection } from './source-section.ts';
import { script, style } from './page-assets.ts';

/** The report as one page that refers to nothing outside itself and lets nothing but its own style and script run. */
export function htmlReport(report: Report): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const { found } = sorted(report);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${titleOf(report)}: ${report.target.title ?? report.target.url}</title>
        ${{ html: `<style>${style}</style>` }}
      </head>
      <body>
        ${head(report)}
        <main>
          <h2>Findings</h2>
          ${found.length === 0 ? html`<p class="card">Nothing found. ${judgedSentence(report)}</p>` : found.map(findingCard)}
          ${unprovenSection(report)}${scores(report)}${identities(report)}${reach(report)}${sourceSection(report)}${skipped(report)}${notes(report)}
        </main>
        <footer>
          ${report.tool.name} ${report.tool.version} · started
          ${report.startedAt}${report.kind === 'source' ? '' : ` · seed ${report.seed}`}
        </footer>
        ${{ html: `<script>${script}</script>` }}
      </body>
    </html> `;
  return `${page.html.trimEnd()}\n`;
}

function titleOf({ kind, outcome, grade }: Report): string {
  if (outcome === 'inconclusive') return 'Inconclusive';
  return kind === 'source' ? 'Source' : `Grade ${grade ?? '–'}`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function toneOf(score: number | null): 'good' | 'fair' | 'bad' {
  if (score === null) return 'fair';
  if (score >= 80) return 'good';
  return score >= 60 ? 'fair' : 'bad';
}

function head(report: Report): Markup {
  const { target } = report;
  const about = aboutTarget(target).join(' · ');
  const found = foundSentence(report);
  return html`<header>
    <h1>API authorization report</h1>
    <p class="target">${target.url}</p>
    <p class="soft">${about}</p>
    <div class="card top">
      ${report.kind === 'source' ? undefined : gradeBox(report)}
      <div>
        <p class="proof"><b>${found}.</b></p>
        <p>${judgedSentence(report)}</p>
        <p class="soft small">${runPhrase(report)}</p>
      </div>
    </div>
    ${report.outcome === 'inconclusive' ? inconclusive(report) : undefined}
  </header>`;
}

function gradeBox({ score, grade }: Report): Markup {
  return html`<div class="grade ${toneOf(score)}">
    <b>${grade ?? '?'}</b><span>${score === null ? 'no score' : `${score} / 100`}</span>
  </div>`;
}

function inconclusive(report: Report): Markup {
  return html`<div class="card warn" role="alert">
    <strong>INCONCLUSIVE</strong>
    <ul>
      ${report.reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    <p>${inconclusiveAdvice(report)}</p>
  </div>`;
}

function scores(report: Report): Markup | undefined {
  if (report.kind === 'source') return undefined;
  const rows = categories.flatMap((category) => {
    const scored = report.categories[category];
    if (!scored || scored.score === null) return [];
    const name = categoryNames[category];
    return [
      html`<tr>
        <td class="names">${name}</td>
        <td class="${toneOf(scored.score)}">
          <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${scored.score} of 100">
            <rect class="rail" width="100" height="10" rx="3" />
            <rect class="fill" width="${scored.score}" height="10" rx="3" />
          </svg>
        </td>
        <td class="num">${scored.score}</td>
        <td class="num soft">${counted(scored.judged, 'verdict')}, ${counted(scored.findings, 'finding')}</td>
      </tr>`,
    ];
  });
  const blank = categories.filter((category) => report.categories[category]?.score == null).map((category) => categoryNames[category]);
  return html`<h2>Score by category</h2>
    <div class="card scroll">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
      ${blank.length === 0 ? undefined : html`<p class="soft small">Not judged: ${blank.join(', ')}.</p>`}
    </div>`;
}

function identities(report: Report): Markup | undefined {
  if (report.identities.length === 0) return undefined;
  return html`<h2>Identities</h2>
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Role</th>
            <th>Tenant</th>
            <th>From</th>
            <th>Usable</th>
          </tr>
        </thead>
        <tbody>
          ${report.identities.map(
            (each) =>
              html`<tr>
                <td><b>${each.name}</b></td>
                <td>${each.role ?? '–'}</td>
                <td>${each.tenant ?? '–'}</td>
                <td class="names">${each.source}</td>
                <td><span class="${each.usable ? 'good' : 'bad'}">${each.usable ? 'yes' : 'no'}</span>: ${each.why}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

const learnedFrom = { crawl: 'crawled', har: 'recorded', postman: 'collection', source: 'source' } as const;

function reach(report: Report): Markup | undefined {
  const rows = report.coverage.reach;
  if (rows.length === 0) return undefined;
  const names = reachColumns(report);
  const tones = { served: 'good', refused: 'soft', failed: 'bad', 'not-tried': 'soft' } as const;
  return html`<h2>Who could reach what</h2>
    <div class="card scroll">
      <p class="soft small">${reachLegend}</p>
      <table>
        <thead>
          <tr>
            <th>Operation</th>
            ${names.map((name) => html`<th class="mid">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <td>
                  <code>${row.operation}</code
                  >${row.source === 'openapi' || row.source === 'graphql' ? undefined : html` <span class="soft small">${learnedFrom[row.source]}</span>`}
                </td>
                ${names.map((name) => {
                  const access = row.access[name] ?? 'not-tried';
                  return html`<td class="mid ${tones[access]}" title="${access}">${reachMarks[access]}</td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function skipped(report: Report): Markup | undefined {
  const groups = skippedByReason(report.skipped);
  if (groups.length === 0) return undefined;
  return html`<h2>Not tested</h2>
    <div class="card">
      ${groups.map(
        ({ why, what, count }) =>
          html`<p>
            <b>${why}</b> <span class="soft">(${counted(count, 'subject')})</span><br /><span class="soft small">${what.join(', ')}</span>
          </p>`,
      )}
    </div>`;
}

function notes(report: Report): Markup | undefined {
  if (report.notes.length === 0) return undefined;
  return html`<h2>Notes</h2>
    <div class="card">
      <ul>
        ${report.notes.map((note) => html`<li>${note}</li>`)}
      </ul>
    </div>`;
}
