import { request as openHttp, type IncomingMessage } from 'node:http';
import { request as openHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { UserError } from '../model/user-error.ts';
import { literalRefusal, tlsOptions, type Connector, type ConnectorOptions } from './connector.ts';
import { bare } from './guard.ts';
import { ConnectFailure } from './silence.ts';

/**
 * Connections through an HTTP proxy, tunnelled by CONNECT for plain HTTP as well, so that requests reach the target byte for
 * byte. (undici's ProxyAgent merges duplicate headers.) The guard checks the name before the tunnel is asked for; the
 * connected peer is the proxy and says nothing. User and password in the URL are sent as Basic.
 */
export function proxyConnector(origin: string, proxy: URL, options: ConnectorOptions): Connector {
  const secure = buildConnector(tlsOptions(options));
  const { guard } = options;
  return (target, callback) => {
    const fail = (error: Error): void => callback(error, null);
    const tunnel = (): void => {
      const authority = `${target.hostname.includes(':') ? `[${bare(target.hostname)}]` : target.hostname}:${target.port || defaultPort(target.protocol)}`;
      openTunnel(proxy, authority, options.timeoutMs, fail, (socket) => {
        if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      });
    };
    if (guard.exempts(origin)) return tunnel();
    const refused = literalRefusal(guard, target.hostname);
    if (refused) return fail(refused);
    if (isIP(bare(target.hostname)) !== 0) return tunnel();
    guard.lookup(target.hostname, { all: true }, (error) => (error ? fail(error) : tunnel()));
  };
}

/** The URL of a proxy. Throws `UserError` `bad-proxy` for what is none. */
export function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UserError('bad-proxy', 'The proxy must be an HTTP URL.', { hint: 'Write it as http://host:port.' });
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

function openTunnel(proxy: URL, authority: string, timeoutMs: number, fail: (error: Error) => void, done: (socket: Socket) => void): void {
  const headers: Record<string, string> = { host: authority };
  if (proxy.username) {
    const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const open = proxy.protocol === 'https:' ? openHttps : openHttp;
  const asked = open({
    hostname: bare(proxy.hostname),
    port: proxy.port || defaultPort(proxy.protocol),
    method: 'CONNECT',
    path: authority,
    headers,
    agent: false,
    timeout: timeoutMs,
  });
  const refuse = (why: string): void => {
    asked.destroy();
    fail(new ConnectFailure('PROXY_FAILED', `The proxy ${proxy.host} ${why}`));
  };
  asked.once('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
    asked
      .removeAllListeners('timeout')
      .removeAllListeners('error')
      .on('error', () => undefined);
    socket.setTimeout(0);
    if (response.statusCode === 200) {
      if (head.length > 0) socket.unshift(head);
      return done(socket);
    }
    socket.destroy();
    refuse(refusalSentence(response.statusCode ?? 0, authority));
  });
  asked.once('response', (response) => refuse(refusalSentence(response.statusCode ?? 0, authority)));
  asked.once('timeout', () => refuse('did not answer in time.'));
  asked.once('error', (error) => {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    refuse(`cannot be used (${code}). Check its address, or scan without it.`);
  });
  asked.end();
}

function refusalSentence(status: number, authority: string): string {
  if (status === 407) return 'wants a user and a password. Give them in its URL: http://user:password@host:port.';
  return `answered ${status} when asked for a tunnel to ${authority}. It must allow CONNECT to that host and port.`;
}
