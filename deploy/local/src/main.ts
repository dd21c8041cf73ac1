import { parseFlags, usage } from './flags';
import { launch } from './launch';
import { commandOf, isAlive, parentOf } from './process-info';
import { voiceOn } from './progress';
import { Refusal } from './refusal';
import type { Workspace } from './workspace';

const EXIT_INTERRUPTED = 130;

/** One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. Within this time they are one. */
const SAME_KEYSTROKE_MS = 1_000;

const LOOK_FOR_NPM_EVERY_MS = 250;

export { workspaceAt } from './workspace';

/**
 * `npm start`: reads the flags, starts everything, waits for Ctrl-C (SIGINT), SIGTERM or the end of the terminal, stops everything. A second
 * Ctrl-C does not wait. Returns the exit code: 0 stopped as asked, 1 could not start, 64 wrong flags, 130 stopped at once.
 */
export async function main(args: readonly string[], workspace: Workspace): Promise<number> {
  const voice = voiceOn(process.stdout);
  // A terminal that was closed must not keep the rest from being stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const orderly = new AbortController();
  const atOnce = new AbortController();
  let askedAt = 0;
  const stop = (why: NodeJS.Signals | 'npm ended') => {
    if (orderly.signal.aborted) {
      if (why === 'SIGINT' && performance.now() - askedAt > SAME_KEYSTROKE_MS) atOnce.abort();
      return;
    }
    askedAt = performance.now();
    voice.say(`${why === 'SIGINT' ? '\n' : `${why}. `}Stopping everything (once more Ctrl-C: at once) …`);
    orderly.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  if (process.env['npm_lifecycle_event'] === 'start') whenNpmEnds(() => stop('npm ended'));
  try {
    const flags = parseFlags(args, process.cwd());
    if (flags.help) voice.say(usage);
    else {
      await launch(flags, workspace, voice, { orderly: orderly.signal, atOnce: atOnce.signal });
      voice.say('Stopped.');
    }
    return atOnce.signal.aborted ? EXIT_INTERRUPTED : 0;
  } catch (error) {
    if (orderly.signal.aborted) return EXIT_INTERRUPTED;
    console.error(error instanceof Refusal ? `\n${error.message}\n` : error);
    return error instanceof Refusal ? error.exitCode : 1;
  }
}

/**
 * npm killed with SIGKILL, or its shell with a signal that is not passed on: nobody could reach us with Ctrl-C any more. Our parent is npm
 * or the shell that it started us with; who started npm may come and go.
 */
function whenNpmEnds(then: () => void): void {
  const npm = [process.ppid, parentOf(process.ppid)].find((pid) => pid !== null && commandOf(pid).startsWith('npm '));
  if (npm === undefined || npm === null) return;
  const timer = setInterval(() => {
    if (isAlive(npm)) return;
    clearInterval(timer);
    then();
  }, LOOK_FOR_NPM_EVERY_MS);
  timer.unref();
}
