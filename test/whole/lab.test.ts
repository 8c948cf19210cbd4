import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compare, type Findings } from '../../lab/compare.ts';
import { systemNames, twins, type Expected } from '../../lab/system.ts';
import type { Confidence, Finding, Severity } from '../../src/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = z.object({
  green: z.boolean(),
  rows: z.array(
    z.object({ system: z.string(), twin: z.string(), outcome: z.enum(['green', 'red', 'skipped']), reasons: z.array(z.string()) }),
  ),
});

describe('the matrix of the seed systems', () => {
  let rows: z.infer<typeof output>['rows'] = [];

  beforeAll(async () => {
    rows = (await matrix()).rows;
  }, 600_000);

  it.for(systemNames.flatMap((system) => twins.map((twin) => [system, twin] as const)))('%s, %s', ([system, twin], { skip }) => {
    const row = rows.find((candidate) => candidate.system === system && candidate.twin === twin);
    if (row?.outcome === 'skipped') skip(row.reasons.join(' '));
    expect(row).toMatchObject({ outcome: 'green', reasons: [] });
  });
});

/** Started as a person starts it. */
function matrix(): Promise<z.infer<typeof output>> {
  const args = ['--import', 'tsx', 'lab/lab.ts', 'scan', '--json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64_000_000 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(output.parse(JSON.parse(stdout)));
      else reject(new Error(`the matrix printed no report:\n${stderr.slice(-4_000)}`, { cause: error }));
    });
  });
}

describe('a row', () => {
  const expected: Expected = {
    system: 'shop',
    operations: [
      {
        operation: 'GET /orders/{id}',
        vulnerable: [{ check: 'foreign-object-read', severity: 'high', confidence: 'firm' }],
        repaired: [],
        why: 'no owner',
      },
      { operation: 'GET /goods/{id}', vulnerable: [], repaired: [], why: 'public' },
    ],
    known_misses: [{ operation: 'POST /contact', weakness: 'foreign-object-change', why: 'a form' }],
  };

  it('finds what is expected, whatever the slots are called, and stronger than asked', () => {
    const found = compare(reported(finding('GET /orders/{orderId}')), expected, 'vulnerable');
    expect(found).toMatchObject({ expected: 1, found: 1, missed: [], unexpected: [], wrong: [] });
  });

  it.for([
    ['is weaker in severity', finding('GET /orders/{id}', 'medium')],
    ['is weaker in confidence', finding('GET /orders/{id}', 'high', 'tentative')],
    ['is of another check', finding('GET /orders/{id}', 'high', 'certain', 'anonymous-access')],
    ['is elsewhere', finding('GET /orders')],
  ] as const)('misses an expected finding that %s', ([, other]) => {
    expect(compare(reported(other), expected, 'vulnerable')).toMatchObject({
      found: 0,
      missed: [expect.stringContaining('GET /orders/{id}')],
    });
  });

  it('asks no more than firm of a scan that may only read', () => {
    const certain: Expected = {
      ...expected,
      operations: expected.operations.map((entry) => ({
        ...entry,
        vulnerable: entry.vulnerable.map((one) => ({ ...one, confidence: 'certain' })),
      })),
    };
    const report = reported(finding('GET /orders/{id}', 'high', 'firm'));
    expect([compare(report, certain, 'vulnerable').found, compare(report, certain, 'vulnerable', true).found]).toEqual([0, 1]);
  });

  it('is wrong with any proven finding in a repaired twin', () => {
    expect(compare(reported(finding('GET /orders/{id}')), expected, 'repaired').wrong).toHaveLength(1);
    expect(compare(reported(finding('GET /elsewhere', 'low', 'firm')), expected, 'repaired').wrong).toHaveLength(1);
  });

  it('is wrong with a proven finding at a safe operation, in either twin', () => {
    for (const twin of twins) expect(compare(reported(finding('GET /goods/{id}')), expected, twin).wrong).toHaveLength(1);
  });

  it('shows and forgives other findings of a vulnerable twin', () => {
    const { unexpected, wrong } = compare(reported(finding('GET /elsewhere')), expected, 'vulnerable');
    expect([unexpected.length, wrong.length]).toEqual([1, 0]);
  });

  it('forgives hints, information and known misses that are found after all', () => {
    const hints = [
      finding('GET /goods/{id}', 'high', 'tentative'),
      finding('GET /goods/{id}', 'info'),
      finding('POST /contact', 'high', 'certain', 'foreign-object-change'),
    ];
    expect(compare(reported(...hints), expected, 'vulnerable')).toMatchObject({ unexpected: [], wrong: [] });
  });

  it('tells of operations that the scan never learned of', () => {
    expect(compare(reported(), expected, 'repaired').undiscovered).toEqual(['GET /orders/{id}']);
  });
});

function reported(...findings: readonly Finding[]): Findings {
  return { findings, coverage: { reach: [{ operation: 'GET /goods/{number}', source: 'crawl', access: {} }] } };
}

function finding(
  operation: string,
  severity: Severity = 'high',
  confidence: Confidence = 'certain',
  check = 'foreign-object-read',
): Finding {
  const [method = '', path = ''] = operation.split(' ');
  return {
    fingerprint: '0',
    check,
    category: 'bolaAuthorization',
    title: '',
    severity,
    confidence,
    owasp: '',
    cwe: [],
    operation: { method, path },
    identities: {},
    proof: '',
    evidence: [],
    curl: '',
    remedy: '',
  };
}
