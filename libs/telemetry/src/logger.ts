import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger };

/** Log levels, the least important first. */
export const LogLevel = { debug: 'debug', info: 'info', warn: 'warn', error: 'error', silent: 'silent' } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

export interface LoggerOptions {
  level: LogLevel;
  /** Takes the lines. Default: standard output, written without blocking; flush before the process ends. */
  to?: DestinationStream;
}

/** Makes a logger of JSON lines: level by name, time in ISO 8601 UTC, then the fields at hand and `msg`. */
export function createLogger({ level, to = destination({ dest: 1, sync: false }) }: LoggerOptions): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, formatters }, to);
}

/** Resolves when every line so far is written. */
export function flushLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.flush(() => resolve());
  });
}
