import type { Answer, Request, Send } from '../model/http.ts';
import { isSafeMethod } from '../model/operation.ts';
import type { Clock } from './clock.ts';
import { retryAfterMs } from './retry-after.ts';

export interface Pace {
  readonly max: number;
  readonly start: number;
  /** Between the starts of two requests; 0 for no limit. */
  readonly spacingMs: number;
  readonly retries: number;
  readonly maxPauseMs: number;
  readonly remainingMs: () => number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

/** A timer that is late by no more than this does not move the schedule, so the rate holds on average; idle time does. */
const catchUpMs = 5;

/** A request that waits for its turn, or has it. */
export interface Turn {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  retries: number;
  /** Its place in the order in which the lane sent; 0 while it waits. */
  number: number;
}

/** The queue before one origin. */
export class Lane {
  readonly #pace: Pace;
  readonly #send: Send;
  readonly #queue: Turn[] = [];
  #head = 0;
  /** Turns to be repeated go before all others: they came first. */
  readonly #repeats: Turn[] = [];
  #active = 0;
  #limit: number;
  #successes = 0;
  #sent = 0;
  /** Requests up to this one were sent before the limit was last halved; their trouble is already answered. */
  #halvedAt = 0;
  #pausedUntil = 0;
  /** When the next request is due (GCRA's theoretical arrival time). */
  #due = 0;
  #asleep = false;

  constructor(pace: Pace, send: Send) {
    this.#pace = pace;
    this.#send = send;
    this.#limit = pace.start;
  }

  /** Queues a request; it is sent when it is its turn. */
  enter(turn: Turn): void {
    this.#queue.push(turn);
    this.#advance();
  }

  #leave(turn: Turn, answer: Answer): void {
    this.#active--;
    this.#adapt(turn, answer);
    if (answer.kind === 'exchange' && isBusy(answer.response.status) && this.#putOff(turn, answer)) this.#repeats.push(turn);
    else turn.resolve(answer);
    this.#advance();
  }

  #advance(): void {
    while (this.#repeats.length > 0 || this.#head < this.#queue.length) {
      if (this.#active >= this.#limit || this.#asleep) return;
      if (this.#pausedUntil > 0 || this.#pace.spacingMs > 0) {
        const wait = this.#wait();
        if (wait > 0) return this.#sleep(wait);
      }
      this.#launch(this.#repeats.shift() ?? this.#next());
    }
  }

  /** How long the next request has to wait; 0 takes a slot. */
  #wait(): number {
    const { clock, signal, remainingMs, spacingMs } = this.#pace;
    if (signal?.aborted || remainingMs() <= 0) return 0;
    const now = clock.now();
    const wait = Math.max(this.#pausedUntil, this.#due) - now;
    if (wait > 0) return wait;
    this.#pausedUntil = 0;
    this.#due = spacingMs > 0 ? (now - this.#due <= catchUpMs ? this.#due : now) + spacingMs : 0;
    return 0;
  }

  #sleep(ms: number): void {
    this.#asleep = true;
    void this.#pace.clock.sleep(ms, this.#pace.signal).then(() => {
      this.#asleep = false;
      this.#advance();
    });
  }

  #next(): Turn | undefined {
    const turn = this.#queue[this.#head++];
    if (this.#head === this.#queue.length || this.#head === 1024) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    return turn;
  }

  #launch(turn: Turn | undefined): void {
    if (!turn) return;
    this.#active++;
    turn.number = ++this.#sent;
    this.#send(turn.request).then(
      (answer) => this.#leave(turn, answer),
      (error: unknown) => {
        this.#active--;
        turn.reject(error);
        this.#advance();
      },
    );
  }

  #adapt(turn: Turn, answer: Answer): void {
    const congested = answer.kind === 'exchange' ? isBusy(answer.response.status) : answer.reason === 'timeout';
    if (congested) {
      // Once for all that were under way: a window of timeouts is one sign of trouble, not sixteen.
      if (turn.number <= this.#halvedAt) return;
      this.#limit = Math.max(1, this.#limit >> 1);
      this.#halvedAt = this.#sent;
      this.#successes = 0;
    } else if (answer.kind === 'exchange' && this.#limit < this.#pace.max && ++this.#successes >= this.#limit) {
      this.#limit++;
      this.#successes = 0;
    }
  }

  /** Heeds Retry-After; true when the request is to be repeated after it. */
  #putOff(turn: Turn, answer: Answer & { kind: 'exchange' }): boolean {
    const { clock, maxPauseMs, remainingMs, retries } = this.#pace;
    const now = clock.now();
    const asked = retryAfterMs(answer.response.headers, now);
    if (asked === undefined) return false;
    const remaining = remainingMs();
    const wait = Math.min(asked, maxPauseMs);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(wait, remaining));
    const repeatable = answer.response.status === 429 || isSafeMethod(turn.request.method);
    if (!repeatable || turn.retries >= retries || wait >= remaining) return false;
    turn.retries++;
    return true;
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status === 503;
}
