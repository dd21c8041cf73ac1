import { Client } from 'pg';
import { BackOff, pause } from './back-off';

/** Channels of the bus database: one rings when records were appended, one when the members of a group should look at their leases. */
export const APPENDED = 'underpin_appended';
export const LEASES = 'underpin_leases';

type Listener = (channel: string, payload: string) => void;

/**
 * A connection that listens. When it breaks it comes back by itself; what was notified in between is lost, which the readers'
 * polling makes up for.
 */
export class PostgresLogNotifications {
  private readonly listeners = new Set<Listener>();
  private readonly closed = new AbortController();
  private running: Promise<void> | undefined;
  private client: Client | undefined;

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
  ) {}

  /** Calls back for every notification, until the function that it returns is called. The first listener opens the connection. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    this.running ??= this.run();
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.client?.end().catch(() => undefined);
    await this.running;
  }

  private async run(): Promise<void> {
    const backOff = new BackOff(100, 5_000);
    while (!this.closed.signal.aborted) {
      const client = new Client({
        connectionString: this.url,
        application_name: `${this.applicationName} listen`,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      });
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      client.on('error', () => undefined);
      client.on('notification', ({ channel, payload }) =>
        this.listeners.forEach((tell) => tell(channel, payload ?? '')),
      );
      try {
        this.client = client;
        // A client that is ended while it connects never settles its promise.
        await Promise.race([client.connect(), ended.then(() => Promise.reject(new Error('ended')))]);
        await client.query(`listen ${APPENDED}; listen ${LEASES}`);
        backOff.reset();
        if (this.closed.signal.aborted) await client.end();
        await ended;
      } catch {
        await client.end().catch(() => undefined);
      }
      this.client = undefined;
      await pause(backOff.next(), this.closed.signal);
    }
  }
}
