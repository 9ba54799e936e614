/** One metric of the service: all there is to know about it, so that code, dashboards and alerts read the same row. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What it measures, for people; becomes the HELP line. */
  readonly help: string;
  readonly unit: 'seconds' | 'requests' | 'rows' | 'values' | 'events' | 'probability' | 'boolean' | 'level';
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
    help: 'Time of one run of the model, a batch being one run.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_queue_duration_seconds: {
    type: 'histogram',
    help: 'Time from the moment a request is taken into the queue of its model to the start of its run.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_encode_duration_seconds: {
    type: 'histogram',
    help: 'Time to turn the outputs of the model into an answer.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: secondsBuckets,
  },
  inference_queue_depth: {
    type: 'gauge',
    help: 'Requests that wait for a run of the model.',
    unit: 'requests',
    labels: ['model', 'version'],
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
  predictions_total: {
    type: 'counter',
    help: 'Predictions answered, by who answered: champion, previous, compact, prior.',
    unit: 'requests',
    labels: ['model', 'version', 'level'],
  },
  prediction_score: {
    type: 'histogram',
    help: 'Probabilities that a classification answered.',
    unit: 'probability',
    labels: ['model', 'version'],
    buckets: [
      0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1,
    ],
  },
  prediction_score_reference: {
    type: 'gauge',
    help: 'Share of the answers to the training rows at or below a bound of prediction_score, from the profile of the bundle that serves.',
    unit: 'probability',
    labels: ['model', 'version', 'le'],
  },
  prediction_decisions_total: {
    type: 'counter',
    help: 'Classifications answered, by decision: yes, no.',
    unit: 'requests',
    labels: ['model', 'version', 'decision'],
  },
  prediction_outliers_total: {
    type: 'counter',
    help: 'Predictions whose row looked like none of the training rows, by what the policy did.',
    unit: 'requests',
    labels: ['model', 'version', 'policy'],
  },
  output_guard_trips_total: {
    type: 'counter',
    help: 'Answers of a level that were not given: not_finite, out_of_range, or constant (the same answer 200 times running).',
    unit: 'requests',
    labels: ['model', 'version', 'level', 'guard'],
  },
  fallback_breaker_open: {
    type: 'gauge',
    help: '1 while a level is not asked because it failed too often, else 0.',
    unit: 'boolean',
    labels: ['model', 'level'],
  },
  online_store_read_duration_seconds: {
    type: 'histogram',
    help: 'Time of one read of the online store, by result: read, failed.',
    unit: 'seconds',
    labels: ['result'],
    buckets: secondsBuckets,
  },
  prediction_log_events_total: {
    type: 'counter',
    help: 'Prediction events by result: written, dropped_queue, dropped_size, failed.',
    unit: 'events',
    labels: ['result'],
  },
  prediction_log_files_total: {
    type: 'counter',
    help: 'Files of the prediction log that go to S3, by result: uploaded, failed (and tried again), dropped for space before that.',
    unit: 'events',
    labels: ['result'],
  },
  experiment_requests_total: {
    type: 'counter',
    help: 'Prediction requests to a model with an experiment, by arm and result: assigned; no_unit, outside, paused: the champion answered, arm empty.',
    unit: 'requests',
    labels: ['model', 'experiment', 'arm', 'result'],
  },
  experiment_active: {
    type: 'gauge',
    help: '1 while units are assigned; 0 while a version of the experiment is not open, so that the champion answers all.',
    unit: 'boolean',
    labels: ['model', 'experiment'],
  },
  shadow_comparisons_total: {
    type: 'counter',
    help: 'Answers compared with a shadow version, by result: same (to 1e-6), differs, flipped (the other decision), failed, dropped.',
    unit: 'requests',
    labels: ['model', 'version', 'shadow', 'result'],
  },
  shadow_score_difference: {
    type: 'histogram',
    help: 'How far the probability of a shadow version is from the one answered.',
    unit: 'probability',
    labels: ['model', 'version', 'shadow'],
    buckets: [0.000001, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  },
  model_reloads_total: {
    type: 'counter',
    help: 'Changes of the version that serves, by result: swapped, failed.',
    unit: 'events',
    labels: ['model', 'result'],
  },
  worker_restarts_total: {
    type: 'counter',
    help: 'Threads that ended by themselves and were replaced.',
    unit: 'events',
    labels: ['model', 'version'],
  },
  nodejs_eventloop_lag_seconds: {
    type: 'gauge',
    help: 'Delay of the event loop, 99th percentile since the last scrape.',
    unit: 'seconds',
    labels: [],
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
    labels: ['model', 'version', 'sha256', 'platform', 'executor'],
  },
  model_load_duration_seconds: {
    type: 'histogram',
    help: 'Time to verify a bundle, open it and check its golden rows.',
    unit: 'seconds',
    labels: ['model', 'version'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  monitor_finding: {
    type: 'gauge',
    help: 'What causeway monitor found last: 0 within its limit, 1 for the weekly report, 2 to be looked at now, -1 too little was seen. Subjects are features, slices and versions.',
    unit: 'level',
    labels: ['model', 'kind', 'name', 'subject'],
  },
  monitor_value: {
    type: 'gauge',
    help: 'What causeway monitor measured last, in the unit of each measure, such as the index of a drift or a realised log-loss.',
    unit: 'values',
    labels: ['model', 'kind', 'name', 'subject'],
  },
  monitor_run_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time up to which causeway monitor looked for its newest findings: the same in every replica, however young.',
    unit: 'seconds',
    labels: ['model'],
  },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metrics;
