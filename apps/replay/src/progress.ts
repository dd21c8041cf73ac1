/** What the person at the terminal sees while a replay runs. */
export interface Voice {
  /** A step with a bar; `done` counts up to `total`. The line that stays says how much, and how fast. */
  step<T>(name: string, total: number, unit: string, work: (advance: (by?: number) => void) => Promise<T>): Promise<T>;
  say(text: string): void;
}

const BAR = 30;
/** A terminal is not drawn more often than that. */
const REDRAW_MS = 80;

/** Writes to a stream: a terminal sees a bar that grows, a file gets one line for each finished step. */
export const voiceOn = (out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }): Voice => ({
  say: (text) => void out.write(`${text}\n`),
  async step(name, total, unit, work) {
    const since = performance.now();
    let done = 0;
    let drawn = -Infinity;
    const draw = () => {
      if (!out.isTTY || performance.now() - drawn < REDRAW_MS) return;
      drawn = performance.now();
      out.write(`\r\u001b[2K${barOf(name, done, total, unit).slice(0, (out.columns ?? 80) - 1)}`);
    };
    draw();
    try {
      const result = await work((by = 1) => {
        done += by;
        draw();
      });
      if (out.isTTY) out.write('\r\u001b[2K');
      out.write(`  ok ${name}: ${finished(done, unit, performance.now() - since)}\n`);
      return result;
    } catch (error) {
      if (out.isTTY) out.write('\r\u001b[2K');
      out.write(`  -- ${name}: ${done} of ${total} ${unit}\n`);
      throw error;
    }
  },
});

export const barOf = (name: string, done: number, total: number, unit: string): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(share * BAR);
  return `  ${name} [${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${Math.floor(share * 100)} % (${done} of ${total} ${unit})`;
};

/** "2,394 reports in 3.2 s (748 a second)" */
export const finished = (done: number, unit: string, ms: number): string => {
  const seconds = ms / 1_000;
  const rate = seconds > 0 && done >= 100 ? ` (${Math.round(done / seconds).toLocaleString('en')} a second)` : '';
  return `${done.toLocaleString('en')} ${unit} in ${seconds.toFixed(1)} s${rate}`;
};
