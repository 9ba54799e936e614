import type { FallbackLevel } from '@repo/contract/serving-policy';

/** What is remembered of one answer, so that it can be joined with the truth later. */
export interface PredictionEvent {
  /** Request id; the event's id. */
  readonly requestId: string;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly level: FallbackLevel;
  /** `predict`: data is the prediction's request and answer, features with status. `infer`: data holds inputs and outputs as tensors in JSON form. */
  readonly kind: 'predict' | 'infer';
  /** W3C trace context of the request, when it had one. */
  readonly traceparent?: string | undefined;
  /** Made only when the event is written: what it costs to build, a full log must not pay. */
  readonly data: () => unknown;
}

/** Where answers are remembered. */
export interface PredictionLog {
  /**
   * Takes an event; never blocks and never throws. The promise resolves when the event may be acknowledged: at once, or, when the log
   * is durable, once it is on the disk (or was dropped and counted).
   */
  append(event: PredictionEvent): Promise<void> | undefined;
  /** Writes what is held and closes. */
  close(): Promise<void>;
}
