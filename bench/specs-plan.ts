import { checks } from '../src/checks/index.ts';
import { enroll } from '../src/enroll.ts';
import { examine } from '../src/engine/examine.ts';
import { Journal } from '../src/engine/journal.ts';
import { tokens } from '../src/engine/token.ts';
import { parseAuthFlag } from '../src/identity/index.ts';
import type { Send } from '../src/model/http.ts';
import type { Surface } from '../src/model/operation.ts';
import { walkSurface, type Planned } from './specs-walk.ts';

/** A target that has nothing: every request is answered, none is served, so that all the time is the scanner's own. */
const nothing: Send = (request) =>
  Promise.resolve({
    kind: 'exchange',
    request,
    response: { status: 404, headers: [['content-type', 'application/json']], body: '{"error":"not found"}', bytes: 21, truncated: false },
    startedAt: 0,
    ms: 0,
  });

const identities = ['alice', 'bob'].map((name) => parseAuthFlag(`${name}=Bearer token-of-${name}`));

/** Takes a surface through the line to the plan of a dry run, bodies of creating requests included, and reads every schema. */
export async function planOf(surface: Surface): Promise<Planned> {
  const walked = walkSurface(surface);
  const token = tokens('bench');
  const common = { surface, send: nothing, token, onEvent: () => {} };
  const enrolled = await enroll({ ...common, declared: identities, signUp: false, now: () => 0, onSession: () => {} });
  const usable = enrolled.proofs.map((proof) => ({ ...proof, usable: true }));
  const { world, plan } = await examine({
    ...common,
    ...enrolled,
    proofs: usable,
    checks,
    allow: 'write',
    journal: new Journal(undefined, { target: surface.origin, seed: 'bench', startedAt: '' }),
    excluded: () => false,
    dryRun: true,
    onCleanUp: () => {},
    host: () => Promise.resolve({ why: 'nothing is sent' }),
    words: async () => [],
    isReplay: false,
  });
  if (plan.broken.length > 0) throw new Error(`a check broke while planning: ${JSON.stringify(plan.broken[0]?.verdict)}`);
  return { operations: world.surface.operations.length, schemas: walked.schemas };
}
