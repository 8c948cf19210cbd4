import type { AnyCheck, Judged } from '../model/check.ts';
import type { Listener } from '../model/events.ts';
import type { Host } from '../model/hosting.ts';
import type { Send } from '../model/http.ts';
import type { Call, Proof, SendAs, Session } from '../model/identity.ts';
import type { Operation, OperationId, Surface } from '../model/operation.ts';
import type { Allow, Skipped } from '../model/report.ts';
import type { SignUp, World } from '../model/world.ts';
import { credentialsSeen } from './credentials-seen.ts';
import { cleanUp, journalled, journalledBare, type Journal } from './journal.ts';
import { judge } from './judge.ts';
import { vanished } from './health.ts';
import { passwordsIn } from './passwords.ts';
import type { Permissions } from '../model/permissions.ts';
import { observe } from './observe/observe.ts';
import { phases, plan, type Plan, type Planned } from './plan.ts';
import { withoutOffshoots } from './roots.ts';
import { runProbes, type Ran } from './run-probes.ts';

export interface ExamineInput {
  readonly surface: Surface;
  readonly checks: readonly AnyCheck[];
  readonly sessions: ReadonlyMap<string, Session>;
  readonly proofs: readonly Proof[];
  readonly signUp?: SignUp;
  readonly authOperations: ReadonlySet<OperationId>;
  readonly sendAs: SendAs;
  readonly send: Send;
  readonly allow: Allow;
  readonly token: (salt: string) => string;
  readonly journal: Journal;
  readonly excluded: (operation: Operation) => boolean;
  readonly onEvent: Listener;
  /** What a person says is right. */
  readonly permissions?: Permissions | undefined;
  /** Show the plan and send no probe. */
  readonly dryRun: boolean;
  /** Called before what was made is removed: lifts the interruption and the spent budget. */
  readonly onCleanUp: () => void;
  /** Serves pages of our own to the target. */
  readonly host: Host;
  /** Keys to try on tokens and sessions that are signed with a secret one. */
  readonly words: () => Promise<readonly string[]>;
  /** The answers come from a recording. */
  readonly isReplay: boolean;
}

export interface Examined {
  readonly world: World;
  readonly plan: Plan;
  /** The answers that were judged. */
  readonly ran: readonly Ran[];
  readonly judged: readonly Judged[];
  readonly skipped: readonly Skipped[];
  /** Why nothing, or not everything, may be concluded. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

/** The second half of the line: observe → plan → send → judge, and clean up whatever was made. */
export async function examine(input: ExamineInput): Promise<Examined> {
  const { onEvent, journal } = input;
  const sendAs = rememberingPasswords(journalled(input.sendAs, journal), input.sessions);
  const send = journalledBare(input.send, journal);
  try {
    onEvent({ type: 'stage', stage: 'observe' });
    const seen = await observe({ ...input, sendAs });
    const said = input.permissions === undefined ? {} : { permissions: input.permissions };
    const world: World = { ...seen, ...(await credentialsSeen(seen, { ...input, send })), ...said };
    onEvent({ type: 'stage', stage: 'plan' });
    const made = plan(input.checks, world, input.allow);
    onEvent({ type: 'planned', probes: made.planned.length, checks: new Set(made.planned.map((item) => item.check.id)).size });
    const base = { world, plan: made, skipped: [...made.skipped, ...leftOutSkips(world, made)] };
    if (input.dryRun) return { ...base, ran: [], judged: [], reasons: [], notes: [] };
    const { ran, judged, reasons } = await sendAndJudge(made.planned, world, { ...input, sendAs, send });
    const concluded = withoutOffshoots([...made.broken, ...judged]);
    return { ...base, ran, judged: concluded, reasons, notes: await tidy(journal, sendAs, input) };
  } catch (error) {
    await tidy(journal, sendAs, input);
    throw error;
  }
}

/** Phase by phase; after each, what was made must still be there, or nothing is concluded from the ruins. */
async function sendAndJudge(
  planned: readonly Planned[],
  world: World,
  input: ExamineInput,
): Promise<{ ran: Ran[]; judged: Judged[]; reasons: string[] }> {
  const { onEvent, sendAs, send } = input;
  const concluded: Ran[] = [];
  const judged: Judged[] = [];
  const reasons: string[] = [];
  onEvent({ type: 'stage', stage: 'send' });
  let done = 0;
  for (const phase of phases) {
    const group = planned.filter((item) => item.phase === phase);
    if (group.length === 0) continue;
    const ran = await runProbes(group, {
      sendAs,
      send,
      onEvent: (event) => onEvent(event.type === 'probe' ? { type: 'probe', done: ++done, of: planned.length } : event),
    });
    const gone = await vanished(world, sendAs);
    reasons.push(...gone.map((sentence) => `In mid-run, ${sentence}. What was judged meanwhile is not concluded from.`));
    judged.push(...(gone.length > 0 ? ruined(ran, gone) : judge(ran, onEvent)));
    if (gone.length > 0) break;
    concluded.push(...ran);
  }
  onEvent({ type: 'stage', stage: 'judge' });
  return { ran: concluded, judged, reasons };
}

function ruined(ran: readonly Ran[], gone: readonly string[]): Judged[] {
  return ran.map(({ planned: { check, subject } }) => ({
    check,
    subject,
    verdict: { outcome: 'inconclusive', why: gone[0] ?? 'the target changed in mid-run' },
  }));
}

/** What was left out of ordinary probing, and that no check sends with accounts of its own. */
function leftOutSkips(world: World, { planned }: Plan): Skipped[] {
  const sent = new Set(planned.map(({ subject }) => subject.operation.id));
  return world.leftOut.filter((item) => !sent.has(item.operation)).map((item) => ({ what: item.operation, why: item.why, count: 1 }));
}

async function tidy(journal: Journal, sendAs: SendAs, { onEvent, onCleanUp }: ExamineInput): Promise<string[]> {
  if (journal.leftovers().length === 0) return [];
  onCleanUp();
  onEvent({ type: 'stage', stage: 'clean-up' });
  const left = await cleanUp(journal, sendAs);
  const counts = new Map<string, number>();
  for (const item of left) counts.set(item.type, (counts.get(item.type) ?? 0) + 1);
  return [...counts].map(
    ([type, count]) => `${count} × ${type} made by this scan could not be removed: the target offers no way that worked.`,
  );
}

/** A probe may put a password in force where it should not: each session is told, so that it can still log in. */
function rememberingPasswords(sendAs: SendAs, sessions: ReadonlyMap<string, Session>): SendAs {
  return (call: Call) => {
    for (const password of passwordsIn(call.request)) for (const session of sessions.values()) session.mayHavePassword(password);
    return sendAs(call);
  };
}
