import type { Finding, Fix, Patch, Transcript } from '../../model/report.ts';
import type { SourceEvidence } from '../../model/source.ts';
import { stackPhrase } from '../../model/stack.ts';
import { diffBody } from '../diff-text.ts';
import { confidenceMeanings, counted, otherViews, placeOf, whoseOf } from '../phrases.ts';
import { html, type Markup } from './markup.ts';

/** One finding as a card; transcripts are folded. */
export function findingCard(finding: Finding): Markup {
  const whose = whoseOf(finding);
  const place = placeOf(finding);
  const others = otherViews(finding).length;
  return html`<article class="card finding ${finding.severity}" id="f-${finding.fingerprint}">
    <div class="line">
      <span class="tag">${finding.severity}</span>
      <h3>${finding.title}</h3>
    </div>
    <div class="line">
      <code><b>${finding.operation.method}</b> ${finding.operation.path}</code>${
        others === 0 ? undefined : html`<span class="soft small">and ${counted(others, 'more view')}</span>`
      }${finding.line === undefined ? undefined : html`<span class="soft small">line ${finding.line} of the description</span>`}
    </div>
    ${place === undefined ? undefined : html`<p class="soft"><code>${place}</code></p>`}
    <p class="proof">${finding.proof}</p>
    <div class="chips">
      <span class="chip">${finding.confidence}: ${confidenceMeanings[finding.confidence]}</span>${
        whose === '' ? undefined : html`<span class="chip">${whose}</span>`
      }<span class="chip">${finding.owasp}</span>${finding.cwe.map((cwe) => html`<span class="chip">${cwe}</span>`)}<span class="chip"
        >${finding.check}</span
      >
    </div>
    ${finding.evidence.length === 0 ? undefined : html`<h4>Evidence</h4>`}${finding.evidence.map((each, index) => transcriptDetails(each, index === (finding.decisive ?? 0)))}
    ${
      finding.curl === ''
        ? undefined
        : html`<h4>Replay</h4>
            <div class="copy">
              <pre>${finding.curl}</pre>
              <button type="button" hidden>Copy</button>
            </div>`
    }
    ${finding.source && sourceDetails(finding.source)}${viewsOf(finding)}
    <h4>Remedy</h4>
    <p>${finding.remedy}</p>
    ${finding.patch && patchDetails(finding.patch)} ${finding.fix && fixDetails(finding.fix)}
    <p class="soft small">Fingerprint <code>${finding.fingerprint}</code></p>
  </article>`;
}

/** What the source says, the way to the line at fault, and the line that does it right. */
function sourceDetails({ standing, says, trace, sibling }: SourceEvidence): Markup | undefined {
  const sentences = standing === 'shown' ? says : says.slice(1);
  if (sentences.length + trace.length === 0) return undefined;
  return html`<h4>Source</h4>
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    ${trace.length === 0 ? undefined : html`<pre>${trace.map(({ file, line, label, text }) => `${file}:${line}  ${label}\n    ${text}`).join('\n')}</pre>`}
    ${
      sibling &&
      html`<p>${sibling.operation} does it right, <code>${sibling.file}:${sibling.line}</code>:</p>
        <pre>${sibling.text}</pre>`
    }`;
}

/** The other views that come by the line at fault. */
function viewsOf(finding: Finding): Markup | undefined {
  const views = otherViews(finding);
  if (views.length === 0) return undefined;
  return html`<h4>The same line serves</h4>
    <div class="scroll">
      <table>
        <tbody>
          ${views.map(
            ({ method, path, file, line, severity, confidence }) =>
              html`<tr>
                <td><code>${method} ${path}</code></td>
                <td><code>${file}:${line}</code></td>
                <td>${severity}, ${confidence}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** The repair of the lines at fault. */
function patchDetails({ title, kind, basis, diff }: Patch): Markup {
  return html`<details open>
    <summary>${title}<span class="soft">${kind}</span></summary>
    <pre>${diff}</pre>
    <p class="soft small">Made from: ${basis}</p>
  </details>`;
}

/** The repair in the target's own stack, as code. */
function fixDetails({ title, stack, why, diff, source }: Fix): Markup {
  return html`<details>
    <summary>${title}<span class="soft">in ${stackPhrase(stack)}</span></summary>
    <p>${why}</p>
    <pre>${diffBody(diff).join('\n')}</pre>
    <p class="soft small">From <code>${source}</code></p>
  </details>`;
}

/** The exchange that proves the point stands open. */
function transcriptDetails(transcript: Transcript, isOpen: boolean): Markup {
  const { request, response, highlights } = transcript;
  const outcome = response ? String(response.status) : 'no answer';
  return html`<details ${isOpen ? 'open' : ''}>
    <summary>${transcript.label}<span class="soft">as ${transcript.as} · ${request.method} · ${outcome}</span></summary>
    <pre>${marked(messageText(`${request.method} ${request.url}`, request.headers, request.body), highlights)}</pre>
    ${response ? html`<pre>${marked(messageText(String(response.status), response.headers, response.body), highlights)}</pre>` : html`<p>${transcript.silence ?? ''}</p>`}
  </details>`;
}

function messageText(first: string, headers: Readonly<Record<string, string>>, body: string | undefined): string {
  const lines = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return `${lines.join('\n')}${body === undefined || body === '' ? '' : `\n\n${body}`}`;
}

/** The text with every occurrence of the highlights marked; the earliest and longest first. */
function marked(text: string, highlights: readonly string[]): Markup[] {
  const wanted = highlights.filter((highlight) => highlight !== '').toSorted((a, b) => b.length - a.length);
  const pieces: Markup[] = [];
  let read = 0;
  while (read < text.length) {
    const from = read;
    const hits = wanted.map((highlight) => ({ highlight, at: text.indexOf(highlight, from) })).filter(({ at }) => at >= 0);
    const next = hits.reduce<(typeof hits)[number] | undefined>((best, hit) => (best && best.at <= hit.at ? best : hit), undefined);
    if (!next) break;
    pieces.push(html`${text.slice(read, next.at)}<mark>${next.highlight}</mark>`);
    read = next.at + next.highlight.length;
  }
  return [...pieces, html`${text.slice(read)}`];
}
