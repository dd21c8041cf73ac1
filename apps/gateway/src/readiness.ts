import type { HealthCheck } from '@underpin/platform/service/health';
import type { Upstream } from './config';
import { reasonIn } from './service-silent';

const ANSWER_WITHIN_MS = 2_000;

/** The gateway is ready when every service behind it is; each one that is not is named, with what it waits for. */
export const serviceReady = ({ name, origin }: Upstream): HealthCheck => ({
  name,
  check: async () => {
    try {
      const answer = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const body = await answer.text();
      return answer.ok ? null : (waitingIn(body) ?? `it answers ${answer.status}`);
    } catch (error) {
      return `it does not answer (${reasonIn(error)})`;
    }
  },
});

/** What the checks of a service wait for, as one line. */
const waitingIn = (body: string): string | null => {
  try {
    const { checks } = JSON.parse(body) as { checks: { name: string; waitingFor?: string }[] };
    return checks
      .flatMap(({ name, waitingFor }) => (waitingFor === undefined ? [] : [`${name}: ${waitingFor}`]))
      .join('; ');
  } catch {
    return null;
  }
};
