import type pc from 'picocolors';
import type { Severity } from '../model/check.ts';
import type { Finding, Fix, Transcript } from '../model/report.ts';
import { stackPhrase } from '../model/stack.ts';
import { diffLines } from './diff-text.ts';
import { decisiveExchange, whoseOf } from './phrases.ts';
import { fit, lineAround, oneLine, printable, wrap } from './terminal-text.ts';

export interface Style {
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly width: number;
}

/** One finding: what, where, proof, who at whose, the decisive exchange, how to replay it, how to mend it. */
export function prettyFinding(finding: Finding, style: Style, isFixShown = true): string[] {
  const { colours, width } = style;
  const tag = tagOf(finding.severity, style);
  const whose = whoseOf(finding);
  const decisive = decisiveExchange(finding);
  const where = `${oneLine(finding.operation.method)} ${oneLine(finding.operation.path)}`;
  const ids = [finding.confidence, finding.owasp, ...finding.cwe, finding.check, finding.fingerprint].map(oneLine).join(' · ');
  return [
    ...wrap(oneLine(finding.title), width - finding.severity.length - 3).map((line, index) =>
      index === 0 ? `${tag} ${colours.bold(line)}` : `${' '.repeat(finding.severity.length + 3)}${colours.bold(line)}`,
    ),
    `  ${colours.cyan(fit(where, width - 2))}${finding.line === undefined ? '' : colours.dim(`  line ${finding.line}`)}`,
    ...(finding.location === undefined
      ? []
      : [
          `  ${fit(oneLine(`${finding.location.file}:${finding.location.line}`), width - 2)}${colours.dim(`  in ${oneLine(finding.location.function)}`)}`,
        ]),
    ...wrap(ids, width - 2).map((line) => colours.dim(`  ${line}`)),
    '',
    ...field('proof', oneLine(finding.proof), style),
    ...(whose === '' ? [] : field('who', oneLine(whose), style)),
    ...(decisive ? exchange(decisive, style) : []),
    // Never wrapped: it is there to be copied.
    ...(finding.curl === '' ? [] : [`  ${colours.dim('replay')}  ${printable(finding.curl).split('\n').join('\n          ')}`]),
    ...field('remedy', finding.remedy, style),
    ...(finding.fix ? fixLines(finding.fix, style, isFixShown) : []),
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
