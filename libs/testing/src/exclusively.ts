import { createHash } from 'node:crypto';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 50;

/**
 * Runs `work` while no other process of this machine runs work of the same name; the others wait.
 *
 * The lock is a listening socket, which the kernel frees when its holder dies: there are no stale locks. Not reentrant.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = await take(address(name));
  try {
    return await work();
  } finally {
    await new Promise((closed) => lock.close(closed));
  }
}

/** Linux has socket names that are no files; elsewhere a port stands for the name, and two names may share one. */
function address(name: string): ListenOptions {
  const digest = createHash('sha256').update(name).digest();
  return process.platform === 'linux'
    ? { path: `\0underpin-${digest.toString('hex').slice(0, 40)}` }
    : { host: '127.0.0.1', port: 18_000 + (digest.readUInt16BE(0) % 2_000) };
}

async function take(at: ListenOptions): Promise<Server> {
  for (;;) {
    try {
      return await new Promise<Server>((resolve, reject) => {
        const server = createServer((caller) => caller.destroy());
        server.once('error', reject);
        server.listen(at, () => resolve(server));
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await sleep(RETRY_MS);
    }
  }
}
