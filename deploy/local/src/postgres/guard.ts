/**
 * Stands between the launcher and PostgreSQL: starts the server and stops it when its own standard input ends. The launcher's
 * end of that pipe is closed on purpose in an orderly stop, and by the operating system when the launcher is killed; the server never stays behind.
 *
 * Usage: node guard.js '{"program": …, "args": […], "uid"?: …, "gid"?: …}'
 */
import { spawn } from 'node:child_process';
import { asUser, type OsUser } from './os-user';

interface Order {
  readonly program: string;
  readonly args: readonly string[];
  readonly user: OsUser;
  /** How long the sessions that are open get to end by themselves, when the launcher died without stopping the services first. */
  readonly patienceMs: number;
}

const { program, args, user, patienceMs } = JSON.parse(process.argv[2] ?? '') as Order;
const server = spawn(program, args, { ...asUser(user), stdio: ['ignore', 'inherit', 'inherit'] });

let stopping = false;
const stop = (): void => {
  if (stopping) return;
  stopping = true;
  // "Smart" first: new sessions are refused, those that are open may finish; then "fast": they are cut off, what is committed is written.
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGINT'), patienceMs).unref();
};

process.stdin.on('end', stop).on('error', stop).resume();
process.on('SIGTERM', stop).on('SIGINT', stop);
server.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.once('exit', (code, signal) => {
  if (signal !== null) console.error(`PostgreSQL ended by ${signal}`);
  process.exit(stopping ? 0 : (code ?? 1));
});
