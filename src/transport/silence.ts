import type { Request, Silence, SilenceReason } from '../model/http.ts';

/** A `Silence` for a request that was never sent, so it took no time. */
export function unsent(request: Request, reason: SilenceReason, message: string, startedAt: number): Silence {
  return { kind: 'silence', request, reason, message, startedAt, ms: 0 };
}

/** Why a request failed: the reason, and a sentence that says what to do where something can be done. */
export interface Failure {
  readonly reason: SilenceReason;
  readonly message: string;
}

/** The code of an error that a connector of ours raises; its message is already a sentence for people. */
export type ConnectFailureCode = 'ADDRESS_REFUSED' | 'PROXY_FAILED';

/** A connection that we refused to make, or that a proxy did not make for us. */
export class ConnectFailure extends Error {
  readonly code: ConnectFailureCode;

  constructor(code: ConnectFailureCode, message: string) {
    super(message);
    this.name = 'ConnectFailure';
    this.code = code;
  }
}

const certificateCode =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;
const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|EPROTO$)/;
const proceedAnyway = 'Pass --insecure to go on without checking certificates.';

/** Translates an error of undici, Node or our connectors. `host` is named in the sentence. */
export function failureOf(error: unknown, host: string): Failure {
  const { code, message } = read(error);
  switch (code) {
    case 'ADDRESS_REFUSED':
      return { reason: 'out-of-scope', message };
    case 'PROXY_FAILED':
      return { reason: 'refused', message };
    case 'ECONNREFUSED':
      return { reason: 'refused', message: `${host} refused the connection. Check that the API is running and that the port is right.` };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
    case 'EPERM':
      return { reason: 'refused', message: `${host} cannot be reached from here (${code}). Check the network, VPN and firewall.` };
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return { reason: 'timeout', message: `${host} did not accept a connection in time.` };
    case 'ENOTFOUND':
      return { reason: 'unresolved', message: `The name of ${host} does not resolve. Check its spelling.` };
    case 'ECONNRESET':
    case 'EPIPE':
      return { reason: 'reset', message: `${host} broke the connection.` };
    case 'UND_ERR_SOCKET':
      return message === 'other side closed' || message === 'closed'
        ? { reason: 'reset', message: `${host} closed the connection before it had answered.` }
        : { reason: 'protocol', message: `${host} broke the rules of HTTP: ${message}.` };
    case 'UND_ERR_ABORTED':
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return { reason: 'aborted', message: 'The scan was stopped.' };
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return { reason: 'tls', message: `${host} does not speak TLS on this port. Try http:// instead of https://.` };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { reason: 'tls', message: `The certificate of ${host} was issued for another name. ${proceedAnyway}` };
    case 'CERT_HAS_EXPIRED':
      return { reason: 'tls', message: `The certificate of ${host} has expired. ${proceedAnyway}` };
    default:
      return failureOfFamily(code, message, host);
  }
}

function failureOfFamily(code: string, message: string, host: string): Failure {
  if (code.startsWith('EAI_'))
    return { reason: 'unresolved', message: `The name of ${host} could not be looked up (${code}). Check the DNS.` };
  if (certificateCode.test(code)) {
    return { reason: 'tls', message: `The certificate of ${host} is not trusted here (${code}). ${proceedAnyway}` };
  }
  if (tlsCode.test(code)) return { reason: 'tls', message: `No secure connection to ${host} could be made (${code}).` };
  if (code.startsWith('HPE_')) return { reason: 'protocol', message: `${host} answered something that is not HTTP (${code}).` };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { reason: 'protocol', message: `The response headers of ${host} are too large.` };
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return { reason: 'protocol', message: `The body that ${host} sent is not as long as its content-length says.` };
  }
  if (code.startsWith('UND_ERR_')) return { reason: 'protocol', message: `The request cannot be sent as it is: ${message}.` };
  return { reason: 'protocol', message: `The request to ${host} failed: ${message}${code && ` (${code})`}.` };
}

function read(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}
