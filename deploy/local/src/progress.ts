import { Refusal } from './refusal';

/** How a step came out: done, or done with something to read below it. */
export type Mark = 'ok' | '!!';

/** What the person who typed `npm start` reads. */
export interface Voice {
  /** One step: its name when it is done, and how long it took; on a terminal also while it runs. */
  readonly step: <T>(name: string, work: (note: (text: string, mark?: Mark) => void) => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
}

/** Seconds with one digit below ten, whole ones below two minutes, then minutes. */
export const elapsed = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
};

/** Writes to a stream; a terminal sees the running step's line change in place, a file gets one line per finished step. */
export function voiceOn(out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }): Voice {
  let running: string | null = null;
  const clear = () => {
    if (running !== null && out.isTTY) out.write('\r\u001b[2K');
  };
  const show = () => {
    if (running !== null && out.isTTY) out.write(`  …  ${running}`.slice(0, (out.columns ?? 80) - 1));
  };
  const say = (line: string) => {
    clear();
    out.write(`${line}\n`);
    show();
  };
  return {
    say,
    async step(name, work) {
      const since = performance.now();
      let [noted, marked]: [string, Mark] = ['', 'ok'];
      running = name;
      show();
      try {
        const result = await work((text, mark = 'ok') => {
          [noted, marked] = [text, mark];
          clear();
          running = `${name}: ${text}`;
          show();
        });
        clear();
        running = null;
        say(`  ${marked} ${name}${noted === '' ? '' : `: ${noted}`} (${elapsed(performance.now() - since)})`);
        return result;
      } catch (error) {
        clear();
        running = null;
        if (!(error instanceof Refusal)) say(`  -- ${name}: failed`);
        throw error;
      }
    },
  };
}
