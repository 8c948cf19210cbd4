import type pc from 'picocolors';
import type { Severity } from '../model/check.ts';
import type { Finding, Fix, Patch, Transcript } from '../model/report.ts';
import type { SourceEvidence } from '../model/source.ts';
import { stackPhrase } from '../model/stack.ts';
import { diffLines } from './diff-text.ts';
import { decisiveExchange, operationsOf, otherViews, placeOf, whoseOf } from './phrases.ts';
import { fit, lineAround, oneLine, printable, wrap } from './terminal-text.ts';

export interface Style {
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly width: number;
}

/** Of the views that come by a line, so many are listed; the other formats list all. */
const mostViews = 12;

/** One finding: what, where, proof, who at whose, the decisive exchange, how to replay it, how to mend it. */
export function prettyFinding(finding: Finding, style: Style, isFixShown = true): string[] {
  const { colours, width } = style;
  const tag = tagOf(finding.severity, style);
  const whose = whoseOf(finding);
  const decisive = decisiveExchange(finding);
  const where = oneLine(operationsOf(finding));
  const ids = [finding.confidence, finding.owasp, ...finding.cwe, finding.check, finding.fingerprint].map(oneLine).join(' · ');
  return [
    ...wrap(oneLine(finding.title), width - finding.severity.length - 3).map((line, index) =>
      index === 0 ? `${tag} ${colours.bold(line)}` : `${' '.repeat(finding.severity.length + 3)}${colours.bold(line)}`,
    ),
    `  ${colours.cyan(fit(where, width - 2))}${finding.line === undefined ? '' : colours.dim(`  line ${finding.line}`)}`,
    ...[placeOf(finding) ?? []].flat().map((place) => `  ${fit(oneLine(place), width - 2)}`),
    ...wrap(ids, width - 2).map((line) => colours.dim(`  ${line}`)),
    '',
    ...field('proof', oneLine(finding.proof), style),
    ...(whose === '' ? [] : field('who', oneLine(whose), style)),
    ...(decisive ? exchange(decisive, style) : []),
    // Never wrapped: it is there to be copied.
    ...(finding.curl === '' ? [] : [`  ${colours.dim('replay')}  ${printable(finding.curl).split('\n').join('\n          ')}`]),
    ...(finding.source ? sourceLines(finding.source, style) : []),
    ...viewLines(finding, style),
    ...field('remedy', finding.remedy, style),
    ...(finding.patch ? patchLines(finding.patch, style) : []),
    ...(finding.fix ? fixLines(finding.fix, style, isFixShown) : []),
  ];
}

/** The way to the line at fault, and the line that does it right. What is not proven says why. */
function sourceLines({ standing, says, trace, sibling }: SourceEvidence, style: Style): string[] {
  const { colours, width } = style;
  // An analysis has said it in its proof.
  const sentences = standing === 'shown' ? says : says.slice(1);
  const steps = trace.length < 2 ? [] : trace;
  const at = Math.max(0, ...steps.map(({ file, line }) => `${file}:${line}`.length));
  return [
    ...sentences.flatMap((sentence) => field('source', oneLine(sentence), style)),
    ...steps.map(({ file, line, text }, index) => {
      const place = oneLine(`${file}:${line}`).padEnd(at);
      return `  ${colours.dim(index === 0 ? 'way     ' : '        ')}${colours.dim(place)}  ${fit(oneLine(text), Math.max(10, width - at - 12))}`;
    }),
    ...(sibling ? field('right', oneLine(`${sibling.operation}, ${sibling.file}:${sibling.line}: ${sibling.text}`), style) : []),
  ];
}

/** The other views that come by the line at fault. */
function viewLines(finding: Finding, { colours, width }: Style): string[] {
  const views = otherViews(finding);
  const shown = views.slice(0, mostViews);
  const lines = shown.map(({ method, path, file, line, severity, confidence }) => {
    const milder = severity === finding.severity && confidence === finding.confidence ? '' : `  ${severity}, ${confidence}`;
    return `${method} ${path}  ${file}:${line}${milder}`;
  });
  const more = views.length > shown.length ? [`and ${views.length - shown.length} more`] : [];
  return [...lines, ...more].map(
    (line, index) => `  ${colours.dim(index === 0 ? 'also in ' : '        ')}${fit(oneLine(line), Math.max(10, width - 10))}`,
  );
}

/** In one line: what the source says and no probe showed. */
export function openFinding(finding: Finding, { colours, width }: Style): string {
  const { location, check, severity, confidence } = finding;
  const where = oneLine(`${location?.file ?? ''}:${location?.line ?? ''}`);
  return fit(`  ${severity.padEnd(8)} ${confidence.padEnd(9)} ${where}  ${check}  ${colours.dim(oneLine(operationsOf(finding)))}`, width);
}

/** The repair of the lines at fault. */
function patchLines({ title, kind, basis, diff }: Patch, style: Style): string[] {
  const said = kind === 'patch' ? basis : `${basis}; a proposal: something in it is yours to decide`;
  return [
    ...field(kind === 'patch' ? 'patch' : 'propose', `${title} (${oneLine(said)})`, style),
    ...diffLines(diff, style.colours).map((line) => `          ${line}`),
  ];
}

/** The repair in the target's own stack; in one line where a finding above shows it. */
function fixLines({ title, stack, diff }: Fix, style: Style, isShown: boolean): string[] {
  const name = `${title} (${stackPhrase(stack)}${isShown ? '' : '; shown above'})`;
  if (!isShown) return field('fix', name, style);
  return [...field('fix', name, style), ...diffLines(diff, style.colours).map((line) => `          ${line}`)];
}

function field(name: string, text: string, { colours, width }: Style): string[] {
  return wrap(text, width - 10).map((line, index) => `  ${colours.dim(index === 0 ? name.padEnd(8) : ' '.repeat(8))}${line}`);
}

function exchange(transcript: Transcript, { colours, width }: Style): string[] {
  const { request, response } = transcript;
  const room = width - 12;
  const answer = response
    ? [`${response.status} ${response.headers['content-type'] ?? response.headers['Content-Type'] ?? ''}`.trim()]
    : [];
  const silence = transcript.silence === undefined ? [] : [`no answer: ${transcript.silence}`];
  const shown = transcript.highlights.slice(0, 4).flatMap((highlight) => {
    const line = [response?.body ?? '', ...Object.entries(response?.headers ?? {}).map((pair) => pair.join(': '))]
      .map((text) => lineAround(text, highlight, room))
      .find((text) => text !== undefined);
    return line === undefined ? [] : [{ line, highlight }];
  });
  const lines = [...new Map(shown.map((each) => [each.line, each])).values()].map(({ line, highlight }) =>
    marked(oneLine(line), oneLine(highlight), colours),
  );
  return [
    `  ${colours.dim('seen'.padEnd(8))}${fit(`${oneLine(transcript.label)} (as ${oneLine(transcript.as)})`, width - 10)}`,
    `          ${colours.dim('>')} ${fit(oneLine(`${request.method} ${request.url}`), room)}`,
    ...(request.body === undefined || request.body === '' ? [] : [`          ${colours.dim('>')} ${fit(oneLine(request.body), room)}`]),
    ...[...answer, ...silence].map((line) => `          ${colours.dim('<')} ${fit(oneLine(line), room)}`),
    ...lines.map((line) => `          ${colours.dim('<')} ${line}`),
  ];
}

function marked(line: string, highlight: string, colours: Style['colours']): string {
  const at = highlight === '' ? -1 : line.indexOf(highlight);
  if (at === -1) return line;
  return line.slice(0, at) + colours.bold(colours.yellow(highlight)) + line.slice(at + highlight.length);
}

function tagOf(severity: Severity, { colours }: Style): string {
  const text = ` ${severity.toUpperCase()} `;
  const paint: Record<Severity, (text: string) => string> = {
    critical: (tag) => colours.bold(colours.inverse(colours.red(tag))),
    high: (tag) => colours.inverse(colours.red(tag)),
    medium: (tag) => colours.inverse(colours.yellow(tag)),
    low: (tag) => colours.inverse(colours.blue(tag)),
    info: (tag) => colours.inverse(tag),
  };
  return paint[severity](text);
}
