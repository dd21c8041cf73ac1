import { ShapeProblem } from '@underpin/platform/http/validation';
import type { Upstream } from './config';

/** A step upwards, also one that is written with escapes: no path of ours has any. */
const UPWARDS = /\/\.\.|\.\.\//;

const LONGEST_SHOWN = 100;

/**
 * The path that a service sees: without the first segment, which names the service. Escapes stay as they came, so that an
 * outage may be called `INC/1`.
 *
 * @throws ShapeProblem for steps upwards
 */
export const pathBehind = (url: string): string => {
  const path = pathOf(url).replace(/^\/[^/]*/, '');
  if (UPWARDS.test(decodeURIComponent(path)))
    throw new ShapeProblem([
      { field: 'path', message: 'must not have ".." beside a slash: write the path that is meant' },
    ]);
  return path;
};

/** The sentence for a path that belongs to no service. */
export const noSuchService = (url: string, services: readonly Upstream[]): string => {
  const path = pathOf(url);
  const shown = path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}…` : path;
  const known = services.map(({ name }) => `/${name}`).join(', ');
  return `There is nothing at ${shown}. The services are ${known}; /docs shows what each of them can do.`;
};

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
