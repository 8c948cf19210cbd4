import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { bare, type Guard } from './guard.ts';
import { ConnectFailure } from './silence.ts';

export type Connector = buildConnector.connector;

export interface ConnectorOptions {
  readonly timeoutMs: number;
  /** Accept any certificate. */
  readonly insecure: boolean;
  readonly guard: Guard;
}

/** Direct connections to one origin: the literal address, every resolved one and the connected peer pass the guard. */
export function directConnector(origin: string, options: ConnectorOptions): Connector {
  const { guard } = options;
  if (guard.exempts(origin)) return learning(guard, buildConnector(tlsOptions(options)));
  const connect = buildConnector({ ...tlsOptions(options), lookup: guard.lookup });
  return (target, callback) => {
    const refused = literalRefusal(guard, target.hostname);
    if (refused) return callback(refused, null);
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      // The last word: whatever name resolution said, this is the machine at the other end.
      const why = guard.refusal(socket.remoteAddress ?? '');
      if (why === undefined) return callback(null, socket);
      socket.destroy();
      callback(new ConnectFailure('ADDRESS_REFUSED', why), null);
    });
  };
}

/** The failure for a host that is written as an address and is refused. */
export function literalRefusal(guard: Guard, hostname: string): ConnectFailure | undefined {
  const host = bare(hostname);
  const why = isIP(host) === 0 ? undefined : guard.refusal(host);
  return why === undefined ? undefined : new ConnectFailure('ADDRESS_REFUSED', why);
}

/** What TLS and TCP connections have in common, direct or through a proxy. */
export function tlsOptions(options: ConnectorOptions): buildConnector.BuildOptions {
  return { timeout: options.timeoutMs, rejectUnauthorized: !options.insecure, allowH2: false };
}

function learning(guard: Guard, connect: Connector): Connector {
  return (target, callback) => {
    connect(target, (...result) => {
      if (result[1]?.remoteAddress) guard.learn(result[1].remoteAddress);
      callback(...result);
    });
  };
}
