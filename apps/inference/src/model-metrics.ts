import type { ErrorCode } from '@repo/contract/error-catalogue';
import { secondsSince } from '@repo/serving/seconds-since';
import type { ServiceMetrics } from './app-deps.ts';

/** A version that is served, as far as labels go. Names that a caller invented never become labels: there is no end of them. */
export interface Served {
  readonly name: string;
  readonly version: string;
}

/** The series of one model version, bound once. */
export interface ModelMetrics {
  readonly decoded: (seconds: number) => void;
  readonly encoded: (seconds: number) => void;
  /** Counts and times an answer: its status, 499 when the client left first, and the arrival of its request. */
  answered(status: number, arrivedMs: number): void;
  rejected(code: ErrorCode): void;
}

function bind(metrics: ServiceMetrics, labels: { readonly model: string; readonly version: string }): ModelMetrics {
  const byStatus = new Map<number, () => void>();
  const countOf = (status: number): (() => void) => {
    const known = byStatus.get(status);
    if (known !== undefined) return known;
    const count = metrics.bindCounter('inference_requests_total', { ...labels, code: String(status) });
    byStatus.set(status, count);
    return count;
  };
  // From zero: a series that began with its first error would show no increase at that error.
  for (const status of [200, 500, 503, 504]) countOf(status);
  for (const reason of ['queue_full', 'overloaded'])
    metrics.increment('inference_rejected_total', { ...labels, reason }, 0);
  const took = metrics.bindHistogram('inference_request_duration_seconds', labels);
  return {
    decoded: metrics.bindHistogram('inference_decode_duration_seconds', labels),
    encoded: metrics.bindHistogram('inference_encode_duration_seconds', labels),
    answered: (status, arrivedMs) => {
      countOf(status)();
      took(secondsSince(arrivedMs));
    },
    rejected: (reason) => metrics.increment('inference_rejected_total', { ...labels, reason }),
  };
}

const nobody: Served = { name: '', version: '' };
const bound = new WeakMap<ServiceMetrics, WeakMap<Served, ModelMetrics>>();

/** The series of a model version, null for requests that named none; bound the first time that it is asked about. */
export function modelMetrics(metrics: ServiceMetrics, model: Served | null): ModelMetrics {
  let ofModels = bound.get(metrics);
  if (ofModels === undefined) {
    ofModels = new WeakMap();
    bound.set(metrics, ofModels);
  }
  const key = model ?? nobody;
  const known = ofModels.get(key);
  if (known !== undefined) return known;
  const made = bind(metrics, { model: key.name, version: key.version });
  ofModels.set(key, made);
  return made;
}
