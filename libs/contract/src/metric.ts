/** One metric of the service: all there is to know about it, so that code, dashboards and alerts read the same row. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What it measures, for people; becomes the HELP line. */
  readonly help: string;
  readonly unit: 'seconds' | 'requests' | 'rows' | 'values' | 'boolean';
  /** Label names. Their values come from a bounded set: models that are served, catalogue codes, statuses. Never from a request. */
  readonly labels: readonly string[];
  /** Histograms only: upper bounds in the unit, rising. */
  readonly buckets?: readonly number[];
}

/** 0.1 ms to 10 s: a tree ensemble answers in fractions of a millisecond, a drowning service in seconds. */
const secondsBuckets = [
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/**
 * Every metric that the service emits, by name. Base units and Prometheus naming. `model` and `version` are empty for requests
 * that named no served model.
 */
export const metrics = {
  inference_requests_total: {
    type: 'counter',
    help: 'Inference and prediction requests answered, by HTTP status; 499 means that the client left first.',
    unit: 'requests',
    labels: ['model', 'version', 'code'],
  },
  inference_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the request line to the last byte of the answer.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_decode_duration_seconds: {
    type: 'histogram',
    help: 'Time to turn a body into the rows of the model, including the lookup of features.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_compute_duration_seconds: {
    type: 'histogram',
    help: 'Time of one run of the model, waiting for its turn included.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_batch_size: {
    type: 'histogram',
    help: 'Rows in one run of the model.',
    unit: 'rows',
    labels: ['model', 'version'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096],
  },
  inference_inflight: {
    type: 'gauge',
    help: 'Inference and prediction requests being worked on.',
    unit: 'requests',
    labels: [],
  },
  inference_rejected_total: {
    type: 'counter',
    help: 'Inference and prediction requests refused, by code of the error catalogue.',
    unit: 'requests',
    labels: ['model', 'version', 'reason'],
  },
  feature_values_total: {
    type: 'counter',
    help: 'Feature values that predictions were made with, by status.',
    unit: 'values',
    labels: ['model', 'version', 'status'],
  },
  model_ready: {
    type: 'gauge',
    help: '1 when the model passed its digest and golden-row checks and answers, else 0.',
    unit: 'boolean',
    labels: ['model', 'version'],
  },
  model_info: {
    type: 'gauge',
    help: 'Always 1; its labels say which bundle is served.',
    unit: 'boolean',
    labels: ['model', 'version', 'sha256', 'platform'],
  },
  model_load_duration_seconds: {
    type: 'histogram',
    help: 'Time to verify a bundle, open it and check its golden rows.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metrics;
