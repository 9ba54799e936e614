import { describeError, type ErrorCase, type ErrorCode, errorCatalogue } from './error-catalogue.ts';
import { type Problem, problemLines } from './input-error.ts';

/**
 * An error of the catalogue, thrown by the domain and mapped to HTTP in one place. The message has a line for each problem:
 * path, received, allowed, what to do.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  /** For 429 and 503: when to try again, in whole seconds; at least 1. */
  readonly retryAfterSeconds: number;

  /** `cause` is for the log and never reaches a client. */
  constructor(code: ErrorCode, what: ErrorCase | readonly Problem[], cause?: unknown) {
    const problems = Array.isArray(what) ? (what as readonly Problem[]) : [describeError(code, what as ErrorCase)];
    // Where it was thrown is of interest where the service is to blame; under overload thousands a second are made of the others.
    const { stackTraceLimit } = Error;
    if (errorCatalogue[code].status !== 500) Error.stackTraceLimit = 0;
    super(problemLines(problems), { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ServiceError';
    this.code = code;
    this.problems = problems;
    this.retryAfterSeconds = Math.max(1, 'retryAfterSeconds' in what ? (what.retryAfterSeconds ?? 1) : 1);
  }

  /** HTTP status of the code. */
  get status(): number {
    return errorCatalogue[this.code].status;
  }
}
