/**
 * Loaded before a service (`node --require`): when the pipe on its standard input ends, the launcher wants it to stop, or was killed. Either way the
 * process gets the SIGTERM that it would get elsewhere, and has that long to finish what it has in hand. The service knows nothing of it.
 */
import type { Socket } from 'node:net';

const GRACE_MS = 10_000;

const stop = (): void => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  if (process.platform !== 'win32') process.kill(process.pid, 'SIGTERM');
  // Windows has no such signal to send: its handlers are called directly.
  else if (!process.emit('SIGTERM')) process.exit(0);
};

process.stdin.once('end', stop).once('error', stop).resume();
// The watch alone keeps no process alive.
(process.stdin as unknown as Socket).unref();
