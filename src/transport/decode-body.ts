import zlib from 'node:zlib';
import { headersOf, type Header } from '../model/http.ts';

/** A body as text, and whether it had to be cut. */
export interface DecodedBody {
  readonly text: string;
  readonly truncated: boolean;
}

/** Codings within codings beyond this are a trick; such a body is left as it came. */
const maxLayers = 3;

/** The content codings of a response, in the order in which they must be undone. Empty for a plain body. */
export function codingsOf(headers: readonly Header[]): string[] {
  const codings = headersOf(headers, 'content-encoding').flatMap((value) => value.toLowerCase().split(','));
  return codings
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
}

/**
 * Undoes gzip, deflate and brotli, giving up output beyond `limit` bytes, so that a bomb costs no more than that.
 * A body that is not what its header claims is given as it came: it is evidence all the same.
 */
export async function decodeBody(wire: Buffer, codings: readonly string[], limit: number): Promise<DecodedBody> {
  let bytes = wire;
  let truncated = false;
  if (codings.length <= maxLayers) {
    for (const coding of codings) {
      const decoded = await undo(bytes, coding, limit);
      if (!decoded) return { text: wire.toString(), truncated: false };
      bytes = decoded.bytes;
      truncated ||= decoded.cut;
    }
  }
  return { text: bytes.toString(), truncated };
}

async function undo(bytes: Buffer, coding: string, limit: number): Promise<{ bytes: Buffer; cut: boolean } | undefined> {
  try {
    return { bytes: undoAtOnce(bytes, coding, limit), cut: false };
  } catch (error) {
    if (!(error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')) return undefined;
    return { bytes: await firstBytes(bytes, coding, limit), cut: true };
  }
}

// A body that was cut on the wire ends in mid-stream; flushing instead of finishing gives what is there.
const zlibOptions = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotliOptions = { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

function undoAtOnce(bytes: Buffer, coding: string, limit: number): Buffer {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(bytes, { ...zlibOptions, maxOutputLength: limit });
    case 'deflate':
      return (isZlib(bytes) ? zlib.inflateSync : zlib.inflateRawSync)(bytes, { ...zlibOptions, maxOutputLength: limit });
    case 'br':
      return zlib.brotliDecompressSync(bytes, { ...brotliOptions, maxOutputLength: limit });
    default:
      throw new Error(`unknown content coding ${coding}`);
  }
}

/** RFC 9110 says that `deflate` has a zlib wrapper; half the world sends it bare. */
function isZlib(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}

/** The one-shot functions give nothing when there is too much, so the beginning is read from a stream. */
async function firstBytes(bytes: Buffer, coding: string, limit: number): Promise<Buffer> {
  const stream = streamFor(coding, bytes);
  const parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    if (length >= limit) return;
    parts.push(part);
    length += part.length;
    if (length >= limit) stream.destroy();
  });
  stream.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.end(bytes);
  await closed;
  return Buffer.concat(parts, Math.min(length, limit));
}

function streamFor(coding: string, bytes: Buffer): zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress {
  if (coding === 'br') return zlib.createBrotliDecompress(brotliOptions);
  if (coding !== 'deflate') return zlib.createGunzip(zlibOptions);
  return isZlib(bytes) ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions);
}
