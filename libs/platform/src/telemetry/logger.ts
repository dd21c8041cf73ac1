import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** Structured logs, one JSON object a line, on stdout. Also serves as Nest's logger. */
export class Log implements LoggerService {
  private constructor(private readonly pino: Logger) {}

  static of(service: string, level: string): Log {
    return new Log(
      pino({
        level,
        base: { service },
        messageKey: 'message',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      }),
    );
  }

  /** A logger that adds these fields to every line. */
  with(fields: Readonly<Record<string, unknown>>): Log {
    return new Log(this.pino.child(fields));
  }

  info(message: string, fields: object = {}): void {
    this.pino.info(fields, message);
  }

  log(message: unknown, context?: unknown): void {
    this.pino.debug({ context }, String(message));
  }

  warn(message: unknown, fields?: unknown): void {
    this.pino.warn(asFields(fields), String(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    const fields = more.length === 1 ? asFields(more[0]) : { more };
    this.pino.error(fields, String(message));
  }

  debug(message: unknown, fields?: unknown): void {
    this.pino.debug(asFields(fields), String(message));
  }

  verbose(message: unknown, fields?: unknown): void {
    this.pino.trace(asFields(fields), String(message));
  }

  fatal(message: unknown, fields?: unknown): void {
    this.pino.fatal(asFields(fields), String(message));
  }
}

const asFields = (value: unknown): object => {
  if (value instanceof Error) return { err: value };
  return typeof value === 'object' && value !== null ? value : { context: value };
};
