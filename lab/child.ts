import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { UserError } from '../src/index.ts';

/** A server that was started: stops when asked, and says what it printed when it fails. */
export interface Child {
  readonly process: ChildProcess;
  /** What it printed last, both streams. */
  readonly said: () => string;
  /** Asks it to stop, insists after six seconds, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server as a process of its own. Its environment is what is given and nothing else, so that runs are alike. */
export function startChild({ command, arguments: args, environment, folder }: ChildCommand): Child {
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString('utf8')).slice(-8_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (error) => keep(Buffer.from(error.message)));
  const ended = once(child, 'close').catch(() => []);
  void ended.then(() => running.delete(child));
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    process: child,
    said: () => output,
    stop: async () => {
      if (isGone()) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), 6_000);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** Resolves when the server accepts connections on the port and, where a word is given, has said it. */
export async function untilReady(child: Child, what: string, port: number, word?: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { exitCode, signalCode, pid } = child.process;
    if (exitCode !== null || signalCode !== null || pid === undefined) {
      throw new UserError('lab-server-failed', `${what} did not start:\n${child.said().trim()}`);
    }
    const spoken = word === undefined || child.said().split('\n').includes(word);
    if (spoken && (await accepts(port))) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new UserError('lab-server-failed', `${what} was not ready after 30 seconds:\n${child.said().trim()}`);
}

/** A port of the loopback interface that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
