import type { Dispatcher } from 'undici';
import type { Answer, Header, Request, Response } from '../model/http.ts';
import { codingsOf, decodeBody } from './decode-body.ts';
import { failureOf, type Failure } from './silence.ts';

/** What all flights of one engine share. */
export interface Sky {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly now: () => number;
  /** True while a connection that was opened just now takes its first request. */
  readonly isFreshConnection: () => boolean;
  readonly inFlight: Set<Flight>;
}

const noBody = Buffer.alloc(0);
const cut = new Error('cut by the scanner');

/** One request on its way: collects the response, watches the clock, and settles exactly once. */
export class Flight implements Dispatcher.DispatchHandler {
  readonly #sky: Sky;
  readonly #request: Request;
  readonly #settle: (answer: Answer) => void;
  readonly #pool: Dispatcher;
  readonly #parcel: Dispatcher.DispatchOptions;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #reused = false;
  #retried = false;
  #settled = false;
  #status = 0;
  #headers: readonly Header[] = [];
  #parts: Buffer[] | undefined;
  /** The one part of most bodies, kept out of an array. */
  #only: Buffer = noBody;
  #length = 0;

  /** `parcel` is the request as undici takes it. */
  constructor(sky: Sky, request: Request, pool: Dispatcher, parcel: Dispatcher.DispatchOptions, settle: (answer: Answer) => void) {
    this.#sky = sky;
    this.#request = request;
    this.#settle = settle;
    this.#pool = pool;
    this.#parcel = parcel;
    this.#startedAt = sky.now();
    this.#timer = setTimeout(overdue, sky.timeoutMs, this);
    sky.inFlight.add(this);
  }

  launch(): void {
    this.#pool.dispatch(this.#parcel, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#reused = !this.#sky.isFreshConnection();
    if (this.#settled) controller.abort(cut);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    this.#headers = headersFrom(controller.rawHeaders);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    const room = this.#sky.maxBodyBytes - this.#length;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (this.#length === 0) this.#only = part;
    else (this.#parts ??= [this.#only]).push(part);
    this.#length += part.length;
    if (chunk.length <= room) return;
    this.#land(true);
    controller.abort(cut);
  }

  onResponseEnd(): void {
    if (!this.#settled) this.#land(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#settled) return;
    const failure = failureOf(error, this.#request.origin);
    if (failure.reason === 'reset' && this.#mayRetry()) {
      this.#retried = true;
      this.#controller = undefined;
      this.launch();
    } else {
      this.fail(failure);
    }
  }

  /** Ends it without a response, now. */
  fail(failure: Failure): void {
    if (this.#settled) return;
    this.#finish();
    const { reason, message } = failure;
    this.#settle({ kind: 'silence', request: this.#request, reason, message, startedAt: this.#startedAt, ms: this.#elapsed() });
    this.#controller?.abort(cut);
  }

  overdue(): void {
    const seconds = this.#sky.timeoutMs / 1000;
    const what = this.#status === 0 ? 'did not answer' : 'began to answer but did not finish';
    this.fail({ reason: 'timeout', message: `${this.#request.origin} ${what} within ${seconds} s.` });
  }

  /** A server may drop an idle connection at the very moment it is used again; that says nothing about the request. */
  #mayRetry(): boolean {
    const { method, body } = this.#request;
    return this.#reused && !this.#retried && this.#status === 0 && !body && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
  }

  #land(truncated: boolean): void {
    this.#finish();
    const ms = this.#elapsed();
    const wire = this.#parts ? Buffer.concat(this.#parts, this.#length) : this.#only;
    this.#parts = undefined;
    const codings = wire.length === 0 ? [] : codingsOf(this.#headers);
    if (codings.length === 0) return this.#deliver(wire.length === 0 ? '' : wire.toString(), truncated, ms);
    void decodeBody(wire, codings, this.#sky.maxBodyBytes).then((body) => this.#deliver(body.text, truncated || body.truncated, ms));
  }

  #deliver(body: string, truncated: boolean, ms: number): void {
    const response: Response = { status: this.#status, headers: this.#headers, body, bytes: this.#length, truncated };
    this.#settle({ kind: 'exchange', request: this.#request, response, startedAt: this.#startedAt, ms });
  }

  #finish(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#sky.inFlight.delete(this);
  }

  #elapsed(): number {
    return this.#sky.now() - this.#startedAt;
  }
}

function overdue(flight: Flight): void {
  flight.overdue();
}

/** Alternating names and values as undici keeps them, paired; bytes beyond ASCII are Latin-1, as HTTP has it. */
function headersFrom(raw: Dispatcher.DispatchController['rawHeaders']): Header[] {
  if (!Array.isArray(raw)) return [];
  const headers: Header[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([textOf(raw[index]), textOf(raw[index + 1])]);
  return headers;
}

function textOf(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}
