import { createReadStream } from 'node:fs';
import type { Answer, Send } from '../model/http.ts';
import { isObject, parseJson, type JsonObject } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import { systemClock } from './clock.ts';
import { keyOf, recordedAnswer, recordingHeader, type Mask } from './recording-format.ts';
import { unsent } from './silence.ts';

/** A scan as it was recorded. */
export interface Recording {
  /** What the recorder was given, with `kind` and `version`. */
  readonly header: JsonObject;
  readonly answers: readonly Answer[];
  /** Sentences: what is missing from it. */
  readonly notes: readonly string[];
}

/**
 * Reads a recording. One that ends in mid-line, as a crash leaves it, is read up to there, with a note.
 * Throws `UserError`: `cannot-read-recording`, `not-a-recording`, `recording-too-new`, `recording-damaged`.
 */
export async function readRecording(file: string): Promise<Recording> {
  let header: JsonObject | undefined;
  const answers: Answer[] = [];
  const notes: string[] = [];
  let number = 0;
  for await (const { text, whole } of linesOf(file)) {
    number++;
    if (!header) {
      header = headerFrom(text, file);
      continue;
    }
    const answer = recordedAnswer.safeParse(parseJson(text));
    if (answer.success) answers.push(answer.data);
    else if (whole)
      throw new UserError('recording-damaged', `Line ${number} of ${file} is not a recorded answer.`, { hint: 'Record the scan again.' });
    else notes.push(`The recording ${file} breaks off in line ${number}; what came after that is missing.`);
  }
  return { header: header ?? headerFrom('', file), answers, notes };
}

/**
 * Answers from a recording and nothing else. Requests that were sent several times get their answers in the recorded order, the
 * last one again and again after that; what was not recorded is answered by silence. Secrets were masked when it was recorded:
 * `mask` does the same to the requests that are looked up, where real ones may still be in them.
 */
export function replayed(recording: Recording, mask: Mask = (text) => text): Send {
  const tracks = new Map<string, { readonly answers: Answer[]; next: number }>();
  for (const answer of recording.answers) {
    const key = keyOf(answer.request, mask);
    const track = tracks.get(key);
    if (track) track.answers.push(answer);
    else tracks.set(key, { answers: [answer], next: 0 });
  }
  return async (request) => {
    const track = tracks.get(keyOf(request, mask));
    const answer = track?.answers[Math.min(track.next++, track.answers.length - 1)];
    if (answer) return { ...answer, request };
    return unsent(request, 'not-recorded', `${request.method} ${request.path} is not in the recording.`, systemClock.now());
  };
}

function headerFrom(text: string, file: string): JsonObject {
  const json = parseJson(text);
  const header = recordingHeader.safeParse(json);
  if (!header.success || !isObject(json)) {
    throw new UserError('not-a-recording', `${file} is not a recording.`, { hint: 'Give a file that a scan wrote with --record.' });
  }
  if (header.data.version === 1) return json;
  throw new UserError('recording-too-new', `${file} is a recording of version ${header.data.version}; this program reads version 1.`, {
    hint: 'Update middlebrick.',
  });
}

/** Lines ended by LF alone (JSON leaves other line separators unescaped); `whole` is false for a last one without its LF. */
async function* linesOf(file: string): AsyncGenerator<{ text: string; whole: boolean }> {
  let rest = '';
  try {
    for await (const part of createReadStream(file, 'utf8')) {
      const lines = (rest + String(part)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { text, whole: true };
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('cannot-read-recording', `The recording cannot be read: ${why}.`, { hint: 'Check the path.', cause: error });
  }
  if (rest !== '') yield { text: rest, whole: false };
}
