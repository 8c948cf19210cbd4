import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Exhibit, Verdict } from '../model/check.ts';
import {
  bobToken,
  checkOf,
  exchangeOf,
  input,
  judged,
  marker,
  objectJudged,
  operationJudged,
  operationOf,
  reportFixture,
} from '../../test/support/report-fixture.ts';
import { curlOf } from './curl.ts';
import { fingerprintOf } from './finding.ts';
import { redactor } from './redact.ts';
import { cutAround } from './transcript.ts';

const check = checkOf('a-check', 'bolaAuthorization', 'high');

function failing(more: Partial<Extract<Verdict, { outcome: 'fail' }>> = {}): Verdict {
  return { outcome: 'fail', confidence: 'certain', proof: 'It is so.', exhibits: [], ...more };
}

describe('findings', () => {
  test('with one fingerprint become one, the strongest, with its identities', () => {
    const pair = [
      objectJudged(check, failing({ confidence: 'firm' }), 'bob', 'alice'),
      objectJudged(check, failing(), 'alice', 'bob'),
      objectJudged(check, failing({ confidence: 'tentative', severity: 'low' }), 'alice', 'carol'),
    ];
    for (const order of [pair, pair.toReversed()]) {
      const { findings, categories } = reportFixture({ judged: order });
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ confidence: 'certain', severity: 'high', identities: { owner: 'alice', stranger: 'bob' } });
      expect(categories.bolaAuthorization).toMatchObject({ judged: 3, findings: 1 });
    }
  });

  test('of different parts stay apart', () => {
    const { findings } = reportFixture({ judged: ['a', 'b'].map((part) => objectJudged(check, failing({ part }))) });
    expect(new Set(findings.map((finding) => finding.fingerprint)).size).toBe(2);
  });

  test('come worst first, and the report does not depend on the order of the verdicts', () => {
    const report = reportFixture();
    expect(report.findings.map((finding) => finding.severity)).toEqual(['critical', 'high', 'medium']);
    expect(reportFixture({ judged: judged.toReversed() })).toEqual(report);
  });

  test('know their line, their remedy and the exchange to replay', () => {
    const [, finding] = reportFixture().findings;
    expect(finding).toMatchObject({ line: 41, pointer: '/paths/~1books~1{title}/get', cwe: ['CWE-639'], decisive: 2 });
    expect(finding?.evidence.map((transcript) => transcript.as)).toEqual(['alice', 'alice', 'bob']);
  });

  test('have fingerprints that stay', () => {
    expect(fingerprintOf('foreign-object-read', 'GET', '/books/{title}')).toBe('d9463f55b4d90882');
  });

  test('at a crawled path do not show what the path held', () => {
    const crawled = { ...operationOf('GET', `/reset/${bobToken.slice(7)}`), source: { kind: 'crawl', document: 'x' } as const };
    const [finding] = reportFixture({ judged: [operationJudged(check, failing(), crawled)] }).findings;
    expect(finding?.operation.path).toBe('/reset/<redacted>');
  });
});

describe('the outcome', () => {
  test('is inconclusive, without a score, when a reason is given', () => {
    expect(reportFixture({ reasons: ['Nobody could log in.'] })).toMatchObject({ outcome: 'inconclusive', score: null, grade: null });
  });

  test('is inconclusive when nothing was judged, even without a reason', () => {
    const report = reportFixture({ judged: [] });
    expect(report.outcome).toBe('inconclusive');
    expect(report.reasons).toHaveLength(1);
  });

  test('counts what was judged and what was reached', () => {
    const { coverage } = reportFixture();
    expect(coverage).toMatchObject({ operations: 4, reached: 3, verdicts: { pass: 2, fail: 4, inconclusive: 1, skipped: 0, broken: 0 } });
  });

  test('of a broken check is not scored', () => {
    expect(reportFixture({ judged: [objectJudged(check, { outcome: 'broken', error: 'TypeError' })] }).score).toBeNull();
  });
});

describe('bodies', () => {
  test('are cut around the highlights, and say so', () => {
    const body = `${'a'.repeat(9_000)}${marker}${'b'.repeat(9_000)}`;
    const cut = cutAround(body, [marker]);
    expect(cut).toContain(marker);
    expect(cut.length).toBeLessThan(4_300);
    expect(cut).toMatch(/^\[… \d+ characters left out …\]a/);
  });

  test('show highlights that are far apart', () => {
    const cut = cutAround(`one${'.'.repeat(20_000)}two${'.'.repeat(20_000)}`, ['two', 'one']);
    expect(cut).toMatch(/^one.*two/s);
    expect(cut.match(/left out/g)).toHaveLength(2);
  });
});

describe('the curl', () => {
  const redact = redactor([bobToken, 'p@ss"w\'ord']);

  test('holds variables in place of credentials', () => {
    const { answer } = { answer: exchangeOf({ path: '/x', headers: [['authorization', bobToken]] }, {}) } satisfies Partial<Exhibit>;
    expect(curlOf(answer, { as: 'bob' }, redact)).toBe(
      `curl -sS -i --path-as-is -X GET 'http://127.0.0.1:5000/x' -H "authorization: Bearer $BOB_TOKEN"`,
    );
    expect(curlOf(answer, { as: 'bob', tamper: { label: 'no signature' } }, redact)).toContain('$BOB_ALTERED_TOKEN');
    expect(curlOf(answer, undefined, redact)).toContain('$FORGED_TOKEN');
  });

  test('sends the same request again, through a real shell', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push({ method: request.method, path: request.url, odd: request.headers['x-odd'], auth: request.headers.authorization, body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const body = '{"password":"p@ss\\"w\'ord","note":"it\'s $HOME `id` \\\\ !x"}';
      const answer = exchangeOf(
        {
          method: 'PUT',
          origin: `http://127.0.0.1:${port}`,
          path: `/a/../b%2F{c}[1]?q='%27$(id)`,
          headers: [
            ['X-Odd', `a'b "c" $HOME`],
            ['Authorization', bobToken],
          ],
          body,
        },
        {},
      );
      const command = curlOf(answer, { as: 'bob smith' }, redact);
      expect(command).not.toContain('tok-bob');
      const env = { ...process.env, BOB_SMITH_TOKEN: bobToken.slice(7), BOB_SMITH_PASSWORD: 'p@ss\\"w\'ord' };
      const sent = await promisify(execFile)('sh', ['-c', command], { env }).catch((error: unknown) => error);
      expect(sent).not.toBeInstanceOf(Error);
      expect(seen).toEqual([{ method: 'PUT', path: answer.request.path, odd: `a'b "c" $HOME`, auth: bobToken, body }]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

test('the input is not changed', () => {
  const before = JSON.stringify(input.judged.map((each) => each.verdict));
  reportFixture();
  expect(JSON.stringify(input.judged.map((each) => each.verdict))).toBe(before);
});
