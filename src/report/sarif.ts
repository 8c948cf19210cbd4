import type { Severity } from '../model/check.ts';
import type { Finding, Patch, Report, Transcript } from '../model/report.ts';
import type { SourceEvidence, SourceLocation, SourceStep } from '../model/source.ts';
import { stackPhrase } from '../model/stack.ts';
import { confidenceMeanings, decisiveExchange, operationsOf, otherViews, severityOrder, whoseOf } from './phrases.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** In the bands that code scanning services read: critical above 9, high from 7, medium from 4, low above 0. */
const securitySeverities: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.1' };

/**
 * SARIF 2.1.0. Results stand at the line of source at fault where that is known, else at the operation's line in the API
 * description, because web addresses are no place in a checkout.
 */
export function sarif(report: Report): string {
  const rules = rulesOf(report.findings);
  const ruleIds = rules.map((rule) => rule.id);
  const places = { description: artifactOf(report.target.description), folder: folderOf(report) };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: report.tool.name, semanticVersion: report.tool.version, rules } },
        automationDetails: { id: 'middlebrick/api/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.outcome === 'done',
            startTimeUtc: report.startedAt,
            toolExecutionNotifications: [
              ...report.reasons.map((text) => ({ level: 'error', message: { text } })),
              ...report.notes.map((text) => ({ level: 'note', message: { text } })),
              ...unreachedNotes(report),
            ],
          },
        ],
        results: report.findings.map((finding) => resultOf(finding, ruleIds.indexOf(finding.check), places)),
        properties: { outcome: report.outcome, score: report.score, grade: report.grade, coverage: report.coverage.verdicts },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rulesOf(findings: readonly Finding[]) {
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) byCheck.set(finding.check, [...(byCheck.get(finding.check) ?? []), finding]);
  return [...byCheck].flatMap(([id, [first, ...others]]) => {
    if (!first) return [];
    const worst = severityOrder.find((severity) => [first, ...others].some((finding) => finding.severity === severity)) ?? 'info';
    return [
      {
        id,
        name: id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        shortDescription: { text: first.title },
        fullDescription: { text: first.title },
        help: { text: first.remedy, markdown: helpOf(first) },
        defaultConfiguration: { level: levels[worst] },
        properties: {
          'security-severity': securitySeverities[worst],
          tags: ['security', `owasp/${first.owasp}`, ...first.cwe.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)].slice(0, 10),
        },
      },
    ];
  });
}

/** The remedy, and the repair in the target's own stack. */
function helpOf({ remedy, fix }: Finding): string {
  if (!fix) return remedy;
  const lines = [remedy, '', `**${fix.title}** (${stackPhrase(fix.stack)}). ${fix.why}`, '', '```diff', fix.diff.trimEnd(), '```'];
  return lines.join('\n');
}

/** Where the files of a report stand. */
interface Places {
  readonly description: string;
  /** With a slash at its end; '' for the folder of the checkout. */
  readonly folder: string;
}

function unreachedNotes({ coverage: { source }, stats }: Report) {
  if (!source || stats.requests === 0) return [];
  return source.unreached.map(({ file, line, operation, got }) => ({
    level: 'note',
    message: { text: `No request reached the view of ${operation} at ${file}:${line} (${got}).` },
  }));
}

function resultOf(finding: Finding, ruleIndex: number, places: Places) {
  const decisive = decisiveExchange(finding);
  const whose = whoseOf(finding);
  const { source } = finding;
  const seen = decisive?.response
    ? `${decisive.as} sends ${decisive.request.method} ${decisive.request.url} and gets ${decisive.response.status}`
    : '';
  const text = [
    `${finding.proof} (${operationsOf(finding)})`,
    ...(source?.standing === 'shown' && seen !== '' ? [`Seen on the running target: ${seen}.`] : []),
    ...(source ? sentencesOf(source) : []),
    `Confidence: ${finding.confidence}, ${confidenceMeanings[finding.confidence]}.${whose === '' ? '' : ` Who: ${whose}.`}`,
    ...(finding.curl === '' ? [] : [`Replay: ${finding.curl}`]),
    `Remedy: ${finding.remedy}${finding.fix ? ` In ${stackPhrase(finding.fix.stack)}: ${finding.fix.title}.` : ''}`,
  ].join('\n\n');
  return {
    ruleId: finding.check,
    ruleIndex,
    level: levels[finding.severity],
    message: { text },
    locations: [
      {
        physicalLocation: placeOf(finding, places),
        logicalLocations: [finding.operation, ...otherViews(finding)].map(({ method, path }) => ({
          name: `${method} ${path}`,
          fullyQualifiedName: `${method} ${path}`,
          kind: 'resource',
        })),
      },
    ],
    ...(source ? flowOf(finding, source, places) : {}),
    partialFingerprints: { 'middlebrick/v1': finding.fingerprint },
    ...(decisive ? exchangeOf(decisive) : {}),
    // A proposal is not for an editor to apply at a click.
    ...(finding.patch?.kind === 'patch' ? { fixes: [fixOf(finding.patch, places)] } : {}),
    properties: {
      'security-severity': securitySeverities[finding.severity],
      severity: finding.severity,
      confidence: finding.confidence,
      category: finding.category,
      identities: finding.identities,
    },
  };
}

function fixOf({ title, replacements }: Patch, { folder }: Places) {
  const files = [...new Set(replacements.map(({ file }) => file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: artifactOf(`${folder}${file}`) },
      replacements: replacements
        .filter((each) => each.file === file)
        .map(({ start, end, text }) => ({
          deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
          insertedContent: { text },
        })),
    })),
  };
}

/** The line of source at fault, else the line of the operation in the description. */
function placeOf({ location, line }: Finding, places: Places) {
  if (!location) return { artifactLocation: { uri: places.description }, region: { startLine: line ?? 1 } };
  return sourcePlace(location, places);
}

function sourcePlace({ file, line, column }: SourceLocation, { folder }: Places) {
  return { artifactLocation: { uri: artifactOf(`${folder}${file}`) }, region: { startLine: line, startColumn: column } };
}

function sentencesOf({ standing, at, says, sibling }: SourceEvidence): string[] {
  const where = at === 'view' ? ['This is the view that serves the operation; the line at fault is not known.'] : [];
  const right = sibling ? [`${sibling.operation} does it right (${sibling.file}:${sibling.line}): ${sibling.text}`] : [];
  return [...where, ...(standing === 'shown' ? says : says.slice(1)), ...right];
}

/** The way from the view to the line at fault, the line that does it right beside it, and the other views that come by. */
function flowOf(finding: Finding, { trace, sibling }: SourceEvidence, places: Places) {
  const located = (step: SourceStep) => ({ physicalLocation: sourcePlace(step, places), message: { text: `${step.label}: ${step.text}` } });
  const right = sibling ? [located({ ...sibling, label: `${sibling.operation} does it right` })] : [];
  const views = otherViews(finding).map((view) => ({
    physicalLocation: sourcePlace(view, places),
    message: { text: `${view.method} ${view.path} comes by the line, too: ${view.severity}, ${view.confidence}` },
  }));
  const related = [...right, ...views].map((each, index) => ({ id: index + 1, ...each }));
  return {
    ...(trace.length < 2 ? {} : { codeFlows: [{ threadFlows: [{ locations: trace.map((step) => ({ location: located(step) })) }] }] }),
    ...(related.length === 0 ? {} : { relatedLocations: related }),
  };
}

/** The folder of the source as it stands in a checkout. */
function folderOf({ coverage: { source } }: Report): string {
  const folder =
    source?.folder
      .replaceAll('\\', '/')
      .replace(/\/+$/, '')
      .replace(/^(?:\.\/)+|^\.$/, '') ?? '';
  return folder === '' ? '' : `${folder}/`;
}

function exchangeOf({ request, response }: Transcript) {
  return {
    webRequest: {
      method: request.method,
      target: request.url,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: { text: request.body } }),
    },
    ...(response ? { webResponse: { statusCode: response.status, headers: response.headers, body: { text: response.body } } } : {}),
  };
}

/**
 * The description as an artifact in a checkout: a path as it is, an absolute one as a `file:` URI, and for a web address
 * (which code scanning refuses) the name of the file at its end.
 */
function artifactOf(location: string | undefined): string {
  if (location === undefined || location === '' || location.startsWith('<')) return 'openapi.json';
  if (/^https?:/i.test(location)) {
    const name =
      location
        .replace(/[?#].*$/s, '')
        .split('/')
        .slice(3)
        .at(-1) ?? '';
    return /^[\w-][\w.-]*\.(?:json|ya?ml)$/i.test(name) ? name : 'openapi.json';
  }
  if (location.startsWith('file:')) return location;
  const path = location.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (/^[a-z]%3A\//i.test(path)) return `file:///${path.replace('%3A', ':')}`;
  if (path.startsWith('/')) return `file://${path}`;
  return path.replace(/^(?:\.\/)+/, '');
}
