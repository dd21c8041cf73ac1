import { parseFlags, usage } from './flags';
import { launch } from './launch';
import { voiceOn } from './progress';
import { Refusal } from './refusal';
import type { Workspace } from './workspace';

const EXIT_INTERRUPTED = 130;

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
  const stop = (signal: NodeJS.Signals) => {
    if (orderly.signal.aborted) {
      if (signal === 'SIGINT') atOnce.abort();
      return;
    }
    voice.say(`${signal === 'SIGINT' ? '\n' : ''}Stopping everything (once more Ctrl-C: at once) …`);
    orderly.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
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
