import type { BundleMetrics } from './measure.ts';

/** What a finished train stage tells about itself. */
export interface TrainResult {
  digest: string;
  metrics: BundleMetrics;
  /** Bytes of model.onnx. */
  modelBytes: number;
  /** Seconds of each step, in order. */
  seconds: Record<string, number>;
}
