import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Answer, Send } from '../model/http.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import { lineOf, type Mask } from './recording-format.ts';

/** Writes answers to a file, secrets masked. A file that can no longer be written does not stop a scan. */
export interface Recorder {
  readonly record: (answer: Answer) => void;
  /** Writes what is left. `error` is a sentence about the first failure to write; what came after it is not in the file. */
  readonly close: () => Promise<{ readonly error?: string }>;
}

// Answers are held back a little before they are masked: a token becomes a known secret only after the answer
// that brought it was read.
const holdMs = 250;
const maxHeldChars = 8_000_000;

/**
 * Starts a recording: NDJSON, readable by its owner only, replacing what was there. `mask` takes the secrets out of a text; it
 * is applied to every URL, header value, body and message, and to the strings of `header`.
 * Throws `UserError` `cannot-write-recording`.
 */
export async function openRecorder(file: string, header: JsonObject, mask: Mask): Promise<Recorder> {
  const handle = await openPrivately(file);
  let held: Answer[] = [];
  let heldChars = 0;
  let timer: NodeJS.Timeout | undefined;
  let failure: string | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = (text: string): void => {
    writing = writing.then(async () => {
      if (failure !== undefined) return;
      await handle.appendFile(text).catch((error: unknown) => {
        failure = `The recording ${file} is incomplete: ${error instanceof Error ? error.message : String(error)}.`;
      });
    });
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    const text = held.map((answer) => lineOf(answer, mask)).join('');
    held = [];
    heldChars = 0;
    write(text);
  };
  write(`${JSON.stringify({ ...maskAll(header, mask), kind: 'middlebrick-recording', version: 1 })}\n`);

  return {
    record: (answer) => {
      if (failure !== undefined) return;
      held.push(answer);
      heldChars += answer.kind === 'exchange' ? answer.response.body.length : 0;
      if (heldChars > maxHeldChars) flush();
      else timer ??= setTimeout(flush, holdMs).unref();
    },
    close: async () => {
      flush();
      await writing;
      await handle.close().catch(() => undefined);
      return failure === undefined ? {} : { error: failure };
    },
  };
}

/** Records every answer, silences included. */
export function recorded(recorder: Recorder): (send: Send) => Send {
  const note = (answer: Answer): Answer => {
    recorder.record(answer);
    return answer;
  };
  return (send) => (request) => send(request).then(note);
}

async function openPrivately(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC | constants.O_APPEND, 0o600);
    // A file that was there keeps its mode when it is opened.
    if ((await handle.stat()).isFile()) await handle.chmod(0o600);
    return handle;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('cannot-write-recording', `The recording cannot be written: ${why}.`, {
      hint: 'Name a file in a folder that exists and that you may write to.',
      cause: error,
    });
  }
}

function maskAll(value: JsonObject, mask: Mask): { readonly [key: string]: Json } {
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return mask(node);
    if (Array.isArray(node)) return node.map(walk);
    return isObject(node) ? maskAll(node, mask) : node;
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
}
