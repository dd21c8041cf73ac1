import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from './place';
import { Refusal } from './refusal';

/** One request to a door of the platform. */
export interface RestRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** With the name of the service in front: `availability/outages/batch`. */
  readonly path: string;
  readonly body?: unknown;
  /** A service that has not yet heard by event of what another took in says 404: ask it again. */
  readonly awaitsHearing?: boolean;
}

/** How long one request is tried again before the replay gives up: a process that is started again needs some of it. */
const PATIENCE_MS = 120_000;
const FIRST_CONTACT_MS = 5_000;
const ANSWER_WITHIN_MS = 120_000;
const LONGEST_PAUSE_MS = 2_000;

/** Answers that the same request may not get the next time: every request here can be sent again without harm. */
export const isPassing = (status: number): boolean => [429, 502, 503, 504].includes(status);

/** The public REST doors of a running platform, behind its gateway. Connections are kept open by `fetch` itself. */
export class Platform {
  constructor(private readonly place: Place) {}

  /** Says at once, and clearly, when nobody is there or the key does not fit. */
  async greet(): Promise<void> {
    await this.ask({ method: 'GET', path: 'service-level/parties?limit=1' }, FIRST_CONTACT_MS);
  }

  /** @throws Refusal with the platform's own words when it refuses, or when it does not answer for two minutes */
  send<T>(request: RestRequest): Promise<T> {
    return this.ask(request, PATIENCE_MS) as Promise<T>;
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>({ method: 'GET', path });
  }

  /** Everything of a list, page by page; `path` names its query already. */
  async list<T>(path: string, plural: string): Promise<T[]> {
    const found: T[] = [];
    let next: string | null = null;
    do {
      const page: Record<string, unknown> = await this.get(
        `${path}&limit=500${next === null ? '' : `&after=${encodeURIComponent(next)}`}`,
      );
      if (!Array.isArray(page[plural]))
        throw new Refusal(
          `GET ${this.place.url}/${path} answers without "${plural}": is it Underpin of the same version?`,
        );
      found.push(...(page[plural] as T[]));
      next = typeof page.next === 'string' ? page.next : null;
    } while (next !== null);
    return found;
  }

  private async ask(request: RestRequest, patienceMs: number): Promise<unknown> {
    const limit = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt(request);
      if ('answer' in outcome) return outcome.answer;
      if (!outcome.again || performance.now() > limit) throw new Refusal(outcome.failure);
      await pause(outcome.afterMs ?? Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(attempt, 10)));
    }
  }

  private async attempt(request: RestRequest): Promise<Outcome> {
    const said = `${request.method} ${this.place.url}/${request.path}`;
    try {
      const response = await fetch(`${this.place.url}/${request.path}`, this.messageOf(request));
      const text = await response.text();
      if (response.ok) return { answer: parsed(text, said) };
      const again = isPassing(response.status) || (response.status === 404 && request.awaitsHearing === true);
      return { again, failure: refusalOf(said, response.status, text), afterMs: retryAfterMs(response) };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const why = reasonOf(error);
      return {
        again: true,
        failure: `The platform does not answer (${said}: ${why}): start it with "npm start", or say where it is. What was delivered stays; the same replay goes on from there.`,
      };
    }
  }

  private messageOf({ method, body }: RestRequest): RequestInit {
    const authorization = `Bearer ${this.place.apiKey}`;
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return body === undefined
      ? { method, headers: { authorization }, signal }
      : { method, headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body), signal };
  }
}

type Outcome =
  | { readonly answer: unknown }
  | { readonly again: boolean; readonly failure: string; readonly afterMs?: number | undefined };

const parsed = (text: string, said: string): unknown => {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(`${said} answers no JSON: is it the address of Underpin's gateway?`);
  }
};

const refusalOf = (said: string, status: number, text: string): string => {
  const problem = problemIn(text);
  const words = [problem.code, problem.detail ?? problem.title].filter(Boolean).join(': ') || text.slice(0, 300);
  if (status === 401 || status === 403)
    return `The API key does not open this door (${said}: ${status} ${words}): give one with the scopes service-level:*, availability:* and financial:*.`;
  return `${said} was refused: ${status} ${words}`;
};

/** RFC 9457, as far as it is one. */
export interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
}

const problemIn = (text: string): Problem => {
  try {
    return (JSON.parse(text) as Problem | null) ?? {};
  } catch {
    return {};
  }
};

const retryAfterMs = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE_MS) : undefined;
};

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
};
