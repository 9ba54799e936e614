import type { FallbackLevel } from '@repo/contract/serving-policy';
import type { RecentPage } from './prediction-log/recent-lines.ts';

/** Data of more tensor values than this is left out of an event before it is made: as a digit and a comma each they would fill it. */
export const mostLoggedValues = 32_768;

/** Which arm of an experiment an answer came from. Events of the same arm share one object. */
export interface Exposure {
  readonly experiment: string;
  readonly variant: string;
  /** How probable that arm was, 0 to 1. */
  readonly propensity: number;
}

/** What is remembered of one answer, so that it can be joined with the truth later. */
export interface PredictionEvent {
  /** Request id; the event's id, unless it has one of its own. */
  readonly requestId: string;
  /** For an event that is not the request's only one. */
  readonly id?: string | undefined;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly level: FallbackLevel;
  /**
   * `predict`: data is the prediction's request and answer, features with status. `infer`: data holds inputs and outputs, their elements in base64.
   * `shadow`: as predict, of an answer that nobody got.
   */
  readonly kind: 'predict' | 'infer' | 'shadow';
  /** Only for answers of an experiment. */
  readonly exposure?: Exposure | undefined;
  /** W3C trace context of the request, when it had one. */
  readonly traceparent?: string | undefined;
  /** How many values of tensors `data` holds, when it holds tensors: those that cannot fit into an event are not even turned into JSON. */
  readonly values?: number | undefined;
  /** Made only when the event is written, on a later turn of the event loop: what it costs to build, a full log must not pay. Plain JSON. */
  readonly data: () => unknown;
}

/** Where answers are remembered. */
export interface PredictionLog {
  /** True for a log that remembers nothing, so that nobody prepares what it would be given. Default: false. */
  readonly isOff?: boolean;
  /**
   * Takes an event; never blocks and never throws. Undefined: the answer may go out at once. The promise of a durable log resolves once the
   * event is on the disk, and rejects with ServiceError no_answer when it could not be put there, so that no answer goes out that the log lacks.
   */
  append(event: PredictionEvent): Promise<void> | undefined;
  /** The newest events, a page at a time; see RecentLines. Undefined: they are not kept. */
  readonly recent?: ((after: string | null, limit: number) => RecentPage) | undefined;
  /** Writes what is held and closes. */
  close(): Promise<void>;
}
