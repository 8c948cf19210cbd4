import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkOf, exchangeOf, input, operationJudged, reportFixture } from '../../test/support/report-fixture.ts';
import type { Report } from '../model/report.ts';
import { formats, type FormatName } from './index.ts';
import { fit, lineAround, printable, wrap } from './terminal-text.ts';

const plain = { colour: false, width: 100 };
const names: readonly FormatName[] = ['pretty', 'summary', 'json', 'sarif', 'html'];
const hostile = `\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u202egnp.exe <script>alert(1)</script> "'\`&`;

function hostileReport(): Report {
  const answer = exchangeOf(
    { path: `/${hostile}`, headers: [['x-h', hostile]], body: hostile },
    { headers: [['server', hostile]], body: hostile },
  );
  const check = checkOf('hostile-check', 'dataExposure', 'low', { title: hostile, remedy: hostile });
  const verdict = {
    outcome: 'fail',
    confidence: 'certain',
    proof: hostile,
    exhibits: [{ label: hostile, answer, highlights: ['<script>', 'red'] }],
  } as const;
  return reportFixture({
    url: `http://h/${hostile}`,
    surface: { ...(input.surface ?? { origin: '', operations: [], securitySchemes: {}, notes: [] }), title: hostile, notes: [hostile] },
    judged: [operationJudged(check, verdict)],
    reasons: [hostile],
    skipped: [{ what: hostile, why: hostile, count: 1 }],
    reach: [{ operation: hostile, source: 'crawl', access: { [hostile]: 'served' } }],
    identities: [{ name: hostile, role: hostile, source: 'file', usable: false, why: hostile }],
  });
}

test.each(names)('%s ends with one newline and is the same each time', (name) => {
  const text = formats[name](reportFixture(), plain);
  expect(text).toMatch(/[^\n]\n$/);
  expect(formats[name](reportFixture(), plain)).toBe(text);
});

describe('the terminal', () => {
  const text = formats.pretty(reportFixture(), plain);

  test('shows each finding with its proof, its exchange, its curl and its remedy', () => {
    expect(text).toContain('HIGH  A caller can read an object that belongs to someone else');
    expect(text).toContain("who     bob → alice's object");
    expect(text).toContain('seen    the stranger reads it (as bob)');
    expect(text).toContain('< {"title":"moby","secret":"mb7f3k2qx9","owner":"alice7"}');
    expect(text).toContain(`-H "Authorization: Bearer $BOB_TOKEN"`);
    expect(text).toContain('remedy  Compare the owner with the caller.');
    expect(text).toMatch(/Grade F {2}49\/100/);
  });

  test('groups what was skipped by reason', () => {
    expect(text).toContain('It needs --allow intrusive. (5 subjects)\n      login-burst, injection-in-query');
  });

  test('says how much was judged when nothing was found, and no grade when inconclusive', () => {
    const clean = formats.pretty(reportFixture({ judged: input.judged.filter((each) => each.verdict.outcome === 'pass') }), plain);
    expect(clean).toContain('Nothing found. 2 verdicts on 4 operations, 3 of them reached.');
    const blind = formats.pretty(reportFixture({ reasons: ['Nobody could log in.'] }), plain);
    expect(blind).toMatch(/INCONCLUSIVE[\s\S]*- Nobody could log in\./);
    expect(blind).not.toContain('Grade');
  });

  test('keeps to the width, but for what is there to be copied', () => {
    for (const width of [60, 80, 110]) {
      const lines = formats.pretty(reportFixture(), { colour: false, width }).split('\n');
      const wide = lines.filter((line) => Array.from(line).length > width && !line.includes('curl ') && !line.includes('  line '));
      expect(wide).toEqual([]);
    }
  });

  test.each(['pretty', 'summary'] as const)('%s passes on no control sequence of the target, and colours only when told', (name) => {
    const lines = formats[name](hostileReport(), plain);
    expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(formats[name](reportFixture(), { colour: true, width: 100 })).toContain('\u001b[');
  });
});

describe('a fix', () => {
  const diff = '--- a/app.py\n+++ b/app.py\n@@ -4,1 +4,1 @@\n-    find({"_id": id})\n+    find({"_id": id, "owner": me})\n';
  const stack = { framework: 'flask', store: 'mongodb' } as const;
  const fix = { title: 'Ask for the owner', stack, why: 'It is theirs. So ask.', diff, source: 'lab/x/app.py:4-9' };
  const report = reportFixture({
    stack: { ...stack, seenIn: ['flask: an error page'] },
    fixOf: (check) => (check === 'no-login-limit' ? undefined : fix),
  });

  test('is of the stack and the operation of its finding', () => {
    const asked: unknown[] = [];
    reportFixture({ stack: { ...stack, seenIn: [] }, fixOf: (...of) => void asked.push(of) });
    expect(asked[0]).toMatchObject(['foreign-object-read', stack, { method: 'GET', path: '/books/{title}' }]);
    expect(report.findings.map((finding) => finding.fix?.title)).toEqual(['Ask for the owner', 'Ask for the owner', undefined]);
  });

  test('is shown once in the terminal, as code', () => {
    const text = formats.pretty(report, plain);
    expect(text).toContain('Book shelf · openapi 3.0.1 · api/openapi.yaml · Flask, MongoDB\n');
    expect(text).toContain('  fix     Ask for the owner (Flask, MongoDB)\n          @@ -4,1 +4,1 @@\n          -    find({"_id": id})\n');
    expect(text.match(/@@ -4,1/g)).toHaveLength(1);
    expect(text).toContain('  fix     Ask for the owner (Flask, MongoDB; shown above)\n');
  });

  test('is code on the page, and in the help of the SARIF rule', () => {
    expect(formats.html(report, plain)).toContain('<pre>@@ -4,1 +4,1 @@\n-    find({&#34;_id&#34;: id})');
    const log: unknown = JSON.parse(formats.sarif(report, plain));
    const markdown = expect.stringMatching(/\*\*Ask for the owner\*\* \(Flask, MongoDB\)[\s\S]+```diff\n--- a/);
    expect(log).toMatchObject({ runs: [{ tool: { driver: { rules: [{ help: { markdown } }, {}, {}] } } }] });
  });
});

describe('text for terminals', () => {
  test('loses sequences, keeps lines', () => {
    expect(printable('a\u001b[2Jb\r\nc\u009b31md\te')).toBe('ab\nc31md  e');
  });
  test('is wrapped between words and fitted with an ellipsis', () => {
    expect(wrap('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
    expect(fit('abcdef', 4)).toBe('abc…');
  });
  test('shows the line of a highlight', () => {
    expect(lineAround(`x\n${'y'.repeat(100)}needle${'z'.repeat(100)}\n`, 'needle', 30)).toMatch(/^…y+needlez+…$/);
    expect(lineAround('x', 'needle', 30)).toBeUndefined();
  });
});

interface Log {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string; properties: { 'security-severity': string; tags: string[] } }[] } };
    invocations: { executionSuccessful: boolean }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
    }[];
  }[];
}

describe('SARIF', () => {
  const parse = (report: Report): Log => JSON.parse(formats.sarif(report, plain)) as Log;
  const located = (location: string): string | undefined => {
    const report = reportFixture();
    return parse({ ...report, target: { ...report.target, description: location } }).runs[0]?.results[0]?.locations[0]?.physicalLocation
      .artifactLocation.uri;
  };

  test('has a rule for each check and results that point to it', () => {
    const [run] = parse(reportFixture()).runs;
    expect(run?.results).toHaveLength(3);
    for (const result of run?.results ?? []) expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(run?.tool.driver.rules[0]?.properties).toEqual({
      'security-severity': '9.5',
      tags: ['security', 'owasp/API3:2023', 'external/cwe/cwe-200', 'external/cwe/cwe-522'],
    });
    expect(run?.results.map((result) => result.level)).toEqual(['error', 'error', 'warning']);
  });

  test('anchors results at the description, with fingerprints', () => {
    const result = parse(reportFixture()).runs[0]?.results[1];
    expect(result?.locations[0]?.physicalLocation).toEqual({ artifactLocation: { uri: 'api/openapi.yaml' }, region: { startLine: 41 } });
    expect(result?.partialFingerprints).toEqual({ 'middlebrick/v1': 'd9463f55b4d90882' });
  });

  test.each([
    ['https://api.test/v1/openapi.yaml?x=1', 'openapi.yaml'],
    ['http://api.test/docs', 'openapi.json'],
    ['http://api.test', 'openapi.json'],
    ['<stdin>', 'openapi.json'],
    ['./specs/my api.json', 'specs/my%20api.json'],
    ['/srv/app/openapi.json', 'file:///srv/app/openapi.json'],
    ['C:\\app\\openapi.json', 'file:///C:/app/openapi.json'],
  ])('names %s as %s', (location, uri) => {
    expect(located(location)).toBe(uri);
  });

  test('says when the scan did not come to its end', () => {
    expect(parse(reportFixture({ reasons: ['No.'] })).runs[0]?.invocations[0]?.executionSuccessful).toBe(false);
  });
});

describe('the page', () => {
  const page = formats.html(reportFixture(), plain);

  test('refers to nothing outside itself', () => {
    expect(page).not.toMatch(/\s(?:src|href|action|style|on\w+)=/i);
    expect(page).not.toMatch(/@import|url\(/i);
  });

  test('lets exactly its own style and script run', () => {
    for (const tag of ['style', 'script']) {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
      const hash = createHash('sha256').update(content).digest('base64');
      expect(page).toContain(`${tag}-src &#39;sha256-${hash}&#39;`);
    }
    expect(page).toContain('default-src &#39;none&#39;');
  });

  test('escapes whatever the target sent', () => {
    const text = formats.html(hostileReport(), plain);
    expect(text.match(/<script>/g)).toHaveLength(1);
    expect(text).not.toContain('alert(1)</script>');
    expect(text).toContain('<mark>&#60;script&#62;</mark>');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('marks the highlights in the transcripts', () => {
    expect(page).toContain('<mark>mb7f3k2qx9</mark>');
  });
});
