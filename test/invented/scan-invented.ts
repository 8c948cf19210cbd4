import { scanBy } from '../../src/scan.ts';
import type { Finding, Report } from '../../src/model/report.ts';
import type { Way } from '../../src/way.ts';
import { answerKey, judgedChecks, nameless, type Expected } from './answer-key.ts';
import type { Blueprint } from './blueprint.ts';
import { lentIdentities } from './credentials.ts';
import { toldPermissions } from './office.ts';
import { routesOf, serve } from './serve.ts';

const origin = 'http://api.invented.test';

/** What the engine made of an invented API, compared with what is known of it. */
export interface Compared {
  readonly blueprint: Blueprint;
  readonly expected: readonly (Expected & { readonly found: boolean })[];
  /** Certain or firm, not a mere remark, and not what was planted. */
  readonly wrong: readonly Finding[];
  readonly operations: number;
  readonly report: Report;
}

/** Scans an invented API with the whole engine, in memory, and compares. */
export async function scanInvented(blueprint: Blueprint): Promise<Compared> {
  const { from } = blueprint.accounts;
  const permissions = toldPermissions(blueprint, routesOf(blueprint));
  const { report } = await scanBy(
    wayTo(blueprint),
    {
      target: origin,
      allow: from === 'lent-read' ? 'read' : 'write',
      identities: lentIdentities(blueprint),
      only: judgedChecks,
      ...(permissions ? { permissions } : {}),
    },
    'invented',
  );
  const { expected, tolerated } = answerKey(blueprint);
  const found = new Set(report.findings.filter(isAsserted).map(keyOf));
  return {
    blueprint,
    expected: expected.map((item) => ({ ...item, found: item.operations.some((operation) => found.has(`${item.check} ${operation}`)) })),
    wrong: report.findings.filter((finding) => isAsserted(finding) && !tolerated.has(keyOf(finding))),
    operations: routesOf(blueprint).length,
    report,
  };
}

/** What was missed of what the engine is asked for. */
export function missedOf({ expected }: Compared): readonly Expected[] {
  return expected.filter((item) => !item.found && item.unclaimed === undefined);
}

function isAsserted({ confidence, severity }: Finding): boolean {
  return confidence !== 'tentative' && severity !== 'info';
}

function keyOf({ check, operation }: Finding): string {
  return `${check} ${nameless(operation.method, operation.path)}`;
}

function wayTo(blueprint: Blueprint): Way {
  const handle = serve(blueprint);
  let requests = 0;
  return {
    send: async (request) => {
      requests++;
      const { status, body, headers } = handle(request);
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'text/plain' : 'application/json';
      const response = {
        status,
        headers: Object.entries({ 'content-type': type, ...headers }),
        body: text,
        bytes: text.length,
        truncated: false,
      };
      return { kind: 'exchange', request, response, startedAt: Date.now(), ms: 1 };
    },
    now: Date.now,
    admit: async () => {},
    rescue: () => {},
    keepSecret: () => {},
    host: async () => ({ why: 'an invented API fetches nothing' }),
    isReplay: false,
    stats: () => ({ requests, seconds: 0, bytes: 0 }),
    notes: async () => [],
    close: async () => {},
  };
}
