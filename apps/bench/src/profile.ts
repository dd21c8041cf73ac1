import { readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What `--cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  /** Microseconds of the machine's monotonic clock, as `process.hrtime` has it. */
  readonly startTime: number;
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

const PLACES = 12;
const FUNCTIONS = 10;
/** Not the processor's work. */
const RESTING = new Set(['(idle)', '(root)']);

/** This moment, on the clock of profiles. */
export const moment = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Where a profile's own time goes from a moment on (not: while it was starting), by package and by function: lines for the page. */
export const summaryOf = (profile: CpuProfile, since = 0): string[] => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  let whole = 0;
  let now = profile.startTime;
  (profile.samples ?? []).forEach((id, index) => {
    const frame = frames.get(id) as CallFrame;
    const micros = profile.timeDeltas?.[index] ?? 0;
    now += micros;
    if (now < since) return;
    whole += micros;
    if (RESTING.has(frame.functionName)) return;
    busy += micros;
    const place = placeOf(frame);
    places.set(place, (places.get(place) ?? 0) + micros);
    const named = `${frame.functionName || '(anonymous)'} (${place}:${frame.lineNumber + 1})`;
    functions.set(named, (functions.get(named) ?? 0) + micros);
  });
  const share = (micros: number): string => `${((100 * micros) / Math.max(1, busy)).toFixed(1).padStart(5)} %`;
  const most = (map: Map<string, number>, count: number): string[] =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, micros]) => `${share(micros)}  ${name}`);
  return [
    `${(busy / 1_000).toFixed(0)} ms of processor in ${(whole / 1_000).toFixed(0)} ms, by package:`,
    ...most(places, PLACES),
    'by function:',
    ...most(functions, FUNCTIONS),
  ];
};

const placeOf = ({ url, functionName }: CallFrame): string => {
  if (url === '') return functionName.startsWith('(') ? functionName : '(engine)';
  if (url.startsWith('node:')) return url.split('/')[0] as string;
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  return /(?:apps|libs)\/.*$/.exec(url)?.[0].replace('/dist/', '/') ?? path.basename(url);
};

/** The profile that a process has left in a folder at its end. */
export const profileIn = (folder: string): CpuProfile => {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`No profile was left in ${folder}`);
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile;
};

/** Runs the work in this process with a profiler beside it. */
export const profiled = async (work: () => Promise<unknown>): Promise<string[]> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  try {
    await work();
    const { profile } = await session.post('Profiler.stop');
    return summaryOf(profile);
  } finally {
    session.disconnect();
  }
};
