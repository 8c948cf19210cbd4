import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { request } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compare, type Findings } from '../../lab/compare.ts';
import { systemNames, twins, type Expected } from '../../lab/system.ts';
import { bringUp } from '../../lab/up.ts';
import type { Confidence, Finding, Severity } from '../../src/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const row = z.object({
  system: z.string(),
  twin: z.string(),
  store: z.string().optional(),
  outcome: z.enum(['green', 'red', 'skipped']),
  reasons: z.array(z.string()),
  served: z.array(z.string()).optional(),
});
const output = z.object({ green: z.boolean(), rows: z.array(row) });
type Rows = readonly z.infer<typeof row>[];

describe('the matrix of the seed systems', () => {
  let rows: Rows = [];
  let onPostgresql: Rows = [];
  let patched: Rows = [];

  beforeAll(async () => {
    // At the same time, as two people would.
    [rows, onPostgresql, patched] = await Promise.all([
      matrix(),
      matrix('flask-sqlalchemy-identification', '--store', 'postgresql'),
      matrix('--patched'),
    ]);
  }, 600_000);

  it.for(systemNames.flatMap((system) => twins.map((twin) => [system, twin] as const)))('%s, %s', ([system, twin], { skip }) => {
    const row = rows.find((candidate) => candidate.system === system && candidate.twin === twin);
    if (row?.outcome === 'skipped') skip(row.reasons.join(' '));
    expect(row).toMatchObject({ outcome: 'green', reasons: [] });
  });

  it.for(systemNames)('%s, with the patches of its source', (system, { skip }) => {
    const row = patched.find((candidate) => candidate.system === system);
    if (row?.outcome === 'skipped') skip(row.reasons.join(' '));
    expect(row).toMatchObject({ outcome: 'green', reasons: [], twin: 'patched' });
    // What nobody can use is safe, too: whatever both twins serve somebody is still served.
    const [vulnerable = ['?'], repaired = []] = twins.map(
      (twin) => rows.find((each) => each.system === system && each.twin === twin)?.served,
    );
    expect(row?.served).toEqual(expect.arrayContaining(vulnerable.filter((operation) => repaired.includes(operation))));
  });

  it.for(twins)('flask-sqlalchemy-identification, %s, on PostgreSQL', (twin, { skip }) => {
    const row = onPostgresql.find((candidate) => candidate.twin === twin);
    if (row?.outcome === 'skipped') skip(row.reasons.join(' '));
    expect(row).toMatchObject({ outcome: 'green', reasons: [], store: 'postgresql' });
  });
});

/** Started as a person starts it. */
function matrix(...more: readonly string[]): Promise<Rows> {
  const args = ['--import', 'tsx', 'lab/lab.ts', 'scan', '--json', ...more];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64_000_000 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(output.parse(JSON.parse(stdout)).rows);
      else reject(new Error(`the matrix printed no report:\n${stderr.slice(-4_000)}`, { cause: error }));
    });
  });
}

describe('a system that is brought up', () => {
  const quietly = { twin: 'vulnerable', say: () => undefined } as const;

  it('refuses a name that no system has, and lists those that there are', async () => {
    const hint = `The systems are: ${systemNames.join(', ')}.`;
    await expect(bringUp('flask', quietly)).rejects.toMatchObject({ code: 'unknown-system', hint });
  });

  it('refuses a store that the system cannot use', async () => {
    const up = bringUp('flask-dynamodb-identification', { ...quietly, store: 'postgresql' });
    await expect(up).rejects.toMatchObject({ code: 'store-unsuitable' });
  });

  it('refuses a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const up = bringUp('flask-sqlalchemy-identification', { ...quietly, port });
    await expect(up).rejects.toMatchObject({ code: 'port-taken', message: `Port ${port} is taken by another program.` });
    server.close();
    await once(server, 'close');
  });

  it.skipIf(process.platform === 'win32')('serves what it says, and leaves nothing running after ^C', async ({ skip }) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'lab/lab.ts', 'up', 'flask-mongodb-identification'], { cwd: root });
    const ended = once(child, 'close');
    let said = '';
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.includes('Stop with ^C.')) break;
    }
    if (said === '' && process.env['CI'] !== 'true' && complaint.includes('was not found')) skip(complaint);
    const url = / is up at (\S+)/.exec(said)?.[1] ?? '';
    const { statusCode, body } = await request(url);
    await body.dump();
    const children = await childrenOf(child.pid ?? 0);
    const start = performance.now();
    child.kill('SIGINT');
    const [code] = await ended;
    expect(performance.now() - start).toBeLessThan(5_000);
    expect([statusCode, code]).toEqual([200, 0]);
    // The application, the store, and perhaps the compiler of tsx.
    expect(children.length).toBeGreaterThanOrEqual(2);
    expect(children.filter(isRunning)).toEqual([]);
  });
});

/** The processes that a process has started and that run. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
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
    unpatched: [],
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
