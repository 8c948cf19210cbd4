import pc from 'picocolors';
import type { Listener, ScanEvent } from '../index.ts';
import { fit, oneLine } from '../report/terminal-text.ts';
import type { Terminal } from './terminal.ts';

type Stage = Extract<ScanEvent, { type: 'stage' }>['stage'];

const stages: Readonly<Record<Stage, string>> = {
  discover: 'looking for the description',
  enroll: 'getting the identities ready',
  observe: 'learning what belongs to whom',
  plan: 'planning',
  send: 'testing',
  judge: 'judging',
  'clean-up': 'removing what was made',
};

const redrawMs = 80;

/** Shows how far a scan is. */
export interface Progress {
  readonly onEvent: Listener;
  /** Takes the progress line away. */
  readonly stop: () => void;
}

/** One line that is redrawn for whoever watches; a line per stage for logs; nothing when quiet. */
export function openProgress(terminal: Terminal, quiet: boolean): Progress {
  if (quiet) return { onEvent: () => {}, stop: () => {} };
  return terminal.isWatched ? redrawn(terminal) : logged(terminal);
}

function logged({ say }: Terminal): Progress {
  let told = '';
  const onEvent: Listener = (event) => {
    if (event.type === 'discovered') told = ` (${event.operations} operations from ${oneLine(event.from)})`;
    if (event.type === 'planned') told = ` (${event.probes} probes of ${event.checks} checks)`;
    if (event.type !== 'stage') return;
    say(`${stages[event.stage]}${told}`);
    told = '';
  };
  return { onEvent, stop: () => {} };
}

function redrawn({ draw, colourErr }: Terminal): Progress {
  const colours = pc.createColors(colourErr);
  const state = { stage: '', detail: '', answers: 0, drawnAt: 0 };
  const found = new Set<string>();
  const redraw = (now: number): void => {
    state.drawnAt = now;
    const findings = found.size === 0 ? '' : ` · ${found.size} found`;
    const line = fit(`${state.stage}${state.detail} · ${state.answers} requests${findings}`, (process.stderr.columns || 80) - 1);
    draw(`\r\u001b[K${colours.dim(line)}`);
  };
  const onEvent: Listener = (event) => {
    const isStage = event.type === 'stage';
    if (isStage) Object.assign(state, { stage: stages[event.stage], detail: '' });
    else if (event.type === 'discovered') state.detail = ` · ${event.operations} operations`;
    else if (event.type === 'probe') state.detail = ` ${event.done}/${event.of}`;
    else if (event.type === 'answer') state.answers += 1;
    else if (event.type === 'verdict' && event.outcome === 'fail') found.add(`${event.check} ${event.operation}`);
    const now = Date.now();
    if (isStage || now - state.drawnAt >= redrawMs) redraw(now);
  };
  return { onEvent, stop: () => draw('\r\u001b[K') };
}

/** Shows how much of a work is done. */
export interface Tally {
  readonly onProgress: (done: number, of: number) => void;
  readonly stop: () => void;
}

const sayMs = 10_000;

/** One line that is redrawn for whoever watches; for logs a line when it takes long, and another one each time it has again. */
export function openTally({ isWatched, draw, say, colourErr }: Terminal, quiet: boolean, what: string): Tally {
  if (quiet) return { onProgress: () => {}, stop: () => {} };
  const colours = pc.createColors(colourErr);
  let shownAt = isWatched ? 0 : Date.now();
  const onProgress: Tally['onProgress'] = (done, of) => {
    const now = Date.now();
    if (now - shownAt < (isWatched ? redrawMs : sayMs)) return;
    shownAt = now;
    const line = `${what} ${done}/${of}`;
    if (isWatched) draw(`\r\u001b[K${colours.dim(line)}`);
    else say(line);
  };
  return {
    onProgress,
    stop: () => {
      if (isWatched) draw('\r\u001b[K');
    },
  };
}
