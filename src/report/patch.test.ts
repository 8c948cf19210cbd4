import { describe, expect, test } from 'vitest';
import { reportFixture } from '../../test/support/report-fixture.ts';
import type { Patch, Report } from '../model/report.ts';
import { formats } from './index.ts';
import { parseReport } from './schema.ts';

const plain = { colour: false, width: 100 };
const start = { line: 4, column: 22 };
const patch: Patch = {
  title: 'Ask for `owner` in the query',
  kind: 'patch',
  basis: 'like list_notes (app.py:9)',
  diff: '--- a/app.py\n+++ b/app.py\n@@ -4,1 +4,1 @@\n-    find({"_id": id})\n+    find({"_id": id, "owner": me})\n',
  replacements: [{ file: 'app.py', start, end: start, text: ', "owner": me' }],
};

function reportWith(given: Patch): Report {
  const report = reportFixture();
  return { ...report, findings: report.findings.map((finding, index) => (index === 0 ? { ...finding, patch: given } : finding)) };
}

describe('a patch', () => {
  test('is shown in the terminal and on the page, with what it was made from', () => {
    const text = formats.pretty(reportWith(patch), plain);
    expect(text).toContain('  patch   Ask for `owner` in the query (like list_notes (app.py:9))\n');
    expect(text).toContain('          +    find({"_id": id, "owner": me})\n');
    expect(formats.html(reportWith(patch), plain)).toContain('+    find({&#34;_id&#34;: id, &#34;owner&#34;: me})');
  });

  test('is a fix in SARIF', () => {
    const region = { startLine: 4, startColumn: 22, endLine: 4, endColumn: 22 };
    const replacements = [{ deletedRegion: region, insertedContent: { text: ', "owner": me' } }];
    const fixes = [{ description: { text: patch.title }, artifactChanges: [{ artifactLocation: { uri: 'app.py' }, replacements }] }];
    expect(JSON.parse(formats.sarif(reportWith(patch), plain))).toMatchObject({ runs: [{ results: [{ fixes }, {}, {}] }] });
  });

  test('survives JSON', () => {
    expect(parseReport(formats.json(reportWith(patch), plain)).findings[0]?.patch).toEqual(patch);
  });

  test('that is a proposal says so, and is no fix in SARIF', () => {
    const report = reportWith({ ...patch, kind: 'proposal', basis: 'a guess' });
    expect(formats.pretty(report, plain)).toMatch(/propose Ask for `owner` in the query \(a guess; a proposal: something in it is yours/);
    expect(formats.html(report, plain)).toContain('>proposal<');
    expect(formats.sarif(report, plain)).not.toContain('"fixes"');
  });
});
