import { isDenied, isServed, meaningOf } from '../model/answer.ts';
import type { Answer } from '../model/http.ts';
import type { Call, SendAs } from '../model/identity.ts';
import type { Look, World } from '../model/world.ts';

/** A call that served an identity before, and should as long as the scan stands on firm ground. */
interface Sentinel {
  readonly call: Call;
  readonly what: string;
}

/** One object made for each identity, and the request that proved it: what must still be there after each phase. */
function sentinelsOf(world: World): Sentinel[] {
  const found: Sentinel[] = [];
  for (const { name } of world.identities) {
    const access = world.accesses.find(
      (candidate) =>
        candidate.object.owner === name && candidate.object.learned === 'made' && candidate.baseline?.answers.every(isServed) === true,
    );
    if (access?.baseline) found.push({ call: access.baseline.call, what: `the ${access.object.type} made for ${name}` });
    const look =
      proven(world, name) ??
      world.looks.find(
        (candidate) =>
          candidate.as === name &&
          candidate.baseline.answers.length > 0 &&
          candidate.baseline.answers.every(isServed) &&
          isGuarded(world, candidate.operation.id),
      );
    if (look) found.push({ call: look.baseline.call, what: `what ${name} is served at ${look.operation.id}` });
  }
  return found;
}

/** Where it was shown that the identity works: refused now, its credential was lost, even if that was before the first look. */
function proven(world: World, name: string): Look | undefined {
  const proof = world.proofs.find((candidate) => candidate.identity === name && candidate.usable);
  return world.looks.find((look) => look.as === name && look.operation.id === proof?.operation);
}

function isGuarded(world: World, operation: string): boolean {
  const anonymous = world.looks.find((look) => look.as === null && look.operation.id === operation)?.baseline.answers[0];
  return anonymous !== undefined && isDenied(anonymous);
}

/** Looks at the sentinels again; the sentences name what is gone. Empty when the ground is firm. */
export async function vanished(world: World, sendAs: SendAs): Promise<string[]> {
  const sentinels = sentinelsOf(world);
  const answers = await Promise.all(sentinels.map(({ call }) => sendAs(call)));
  return sentinels.flatMap(({ what }, index) => {
    const answer = answers[index];
    return answer && isDenied(answer)
      ? [`${what} is no longer there: the target was changed by somebody else or by a request of this scan`]
      : [];
  });
}

/** Counts answers as they pass, to tell a scan that saw the target from one that was kept out. */
export class Pulse {
  total = 0;
  busy = 0;
  failed = 0;
  outOfBudget = 0;
  aborted = 0;

  count(answer: Answer): void {
    this.total++;
    if (answer.kind === 'silence') {
      if (answer.reason === 'out-of-budget') this.outOfBudget++;
      else if (answer.reason === 'aborted') this.aborted++;
      else this.failed++;
    } else if (answer.response.truncated) this.failed++;
    else if (meaningOf(answer) === 'busy') this.busy++;
  }
}

/** Why a scan cannot conclude, as sentences that say what to do; empty when it can. */
export function reasonsOf(world: World, pulse: Pulse, wanted: { readonly identities: number; readonly signUp: boolean }): string[] {
  const reasons: string[] = [];
  for (const proof of world.proofs) if (!proof.usable) reasons.push(`Identity "${proof.identity}" is not usable: ${proof.why}.`);
  const guarded = world.looks.some((look) => look.as === null && look.baseline.answers.some((answer) => meaningOf(answer) === 'refused'));
  if (wanted.signUp && world.identities.length < 2 && world.proofs.every((proof) => proof.usable) && guarded) {
    reasons.push(
      'Two accounts could not be signed up, and operations refuse the anonymous caller: lend identities with --identities or --auth.',
    );
  }
  if (wanted.signUp && world.identities.length === 0 && world.proofs.length === 0 && !guarded && world.authOperations.size > 0) {
    reasons.push(
      'There is a log-in, and no account could be signed up: what accounts may do was not looked at. Lend identities with --identities or --auth.',
    );
  }
  const doors = lockedDoors(world);
  if (!wanted.signUp && world.proofs.length === 0 && doors.locked > 0 && doors.locked >= doors.open) {
    reasons.push(
      `No identity was lent, and ${doors.locked} of the ${doors.locked + doors.open} operations that could be called refuse the anonymous caller: lend identities with --identities or --auth, or let accounts be signed up with --allow write.`,
    );
  }
  const answers = [...world.looks, ...world.accesses].flatMap((item) => item.baseline?.answers ?? []);
  if (answers.length === 0) reasons.push('No operation could be called: all of them need an object that is not known, or were left out.');
  else if (!answers.some(isServed))
    reasons.push(`Nobody was served anywhere: ${describe(answers)}. Lend identities with --identities or --auth, or check the URL.`);
  if (pulse.aborted > 0) reasons.push('The scan was interrupted: what was not judged yet is missing.');
  if (pulse.outOfBudget > 0)
    reasons.push(`The budget ended with ${pulse.outOfBudget} requests unsent: raise --max-requests, --max-time or --max-bytes.`);
  if (pulse.busy > pulse.total / 4)
    reasons.push(`The target was busy or limiting its rate (${pulse.busy} of ${pulse.total} answers): try --rate.`);
  if (pulse.failed > pulse.total / 4)
    reasons.push(`The target failed or kept silent too often (${pulse.failed} of ${pulse.total} requests).`);
  return reasons;
}

/** How many of the operations that were looked at refuse the anonymous caller, and how many serve it. */
function lockedDoors(world: World): { locked: number; open: number } {
  const meanings = world.looks
    .filter((look) => look.as === null)
    .map((look) => look.baseline.answers[0])
    .flatMap((answer) => (answer ? [meaningOf(answer)] : []));
  return {
    locked: meanings.filter((meaning) => meaning === 'refused').length,
    open: meanings.filter((meaning) => meaning === 'served').length,
  };
}

function describe(answers: readonly Answer[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const name = answer.kind === 'exchange' ? String(answer.response.status) : answer.reason;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, 4)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');
}
