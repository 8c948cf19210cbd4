import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { UserError } from '../src/index.ts';

/** A port of the loopback interface that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Rejects where a port that a person asked for cannot be had. */
export async function claimPort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new UserError('port-taken', isTaken ? `Port ${port} is taken by another program.` : `Port ${port} cannot be used.`, {
      hint: 'Choose another with --port, or leave --port out to get a free one.',
      cause,
    });
  }
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody accepts connections there, within two seconds. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
