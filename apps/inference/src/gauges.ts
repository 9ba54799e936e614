import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ModelEntry, ModelTable } from '@repo/serving/model-table';
import type { ServiceMetrics } from './app-deps.ts';
import { servedTrial } from './experiment/served-trial.ts';
import type { FollowedFindings } from './follow-findings.ts';
import { showScoreReference } from './score-reference.ts';
import { showFindings } from './show-findings.ts';
import { whyNotReady } from './why-not-ready.ts';

/** Gauges that are read when somebody scrapes, and not at every change. */
export interface Gauges {
  /** Brings them up to date. Series of versions that are served no more go. */
  refresh(): void;
  close(): void;
}

/** How often the event loop is asked, ms. The monitor measures from one time to the next, this wait included. */
const resolution = 10;

/** Sets the series of a version and returns what removes them. */
function showModel(metrics: ServiceMetrics, entry: ModelEntry): () => void {
  const labels = { model: entry.name, version: entry.version };
  metrics.set('model_ready', labels, whyNotReady(entry) === null ? 1 : 0);
  if (entry.state !== 'ready') return () => metrics.remove('model_ready', labels);
  const { digest, executor, bundle, contract } = entry.model;
  const info = { ...labels, sha256: digest.slice('sha256:'.length), platform: 'onnx_onnxv1', executor };
  metrics.set('model_info', info, 1);
  metrics.set('inference_queue_depth', labels, entry.model.queueDepth());
  const profile = contract?.task === 'binary' ? (bundle?.profile ?? null) : null;
  const removeReference = profile === null ? null : showScoreReference(metrics, labels, profile);
  return () => {
    removeReference?.();
    metrics.remove('model_ready', labels);
    metrics.remove('model_info', info);
    metrics.remove('inference_queue_depth', labels);
  };
}

/** As {@link showModel}, of the experiment of a model; nothing without one. */
function showTrial(table: ModelTable, metrics: ServiceMetrics, { name }: ModelEntry): (() => void)[] {
  const trial = servedTrial(table, name);
  if (trial === null) return [];
  const labels = { model: name, experiment: trial.name };
  metrics.set('experiment_active', labels, trial.active ? 1 : 0);
  return [() => metrics.remove('experiment_active', labels)];
}

/** Begins to watch the event loop and the models, and what the monitor finds about them. */
export function createGauges(table: ModelTable, metrics: ServiceMetrics, findings: FollowedFindings): Gauges {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let shown: (() => void)[] = [];
  return {
    refresh: () => {
      const p99Seconds = delay.percentile(99) / 1e9 - resolution / 1e3;
      metrics.set('nodejs_eventloop_lag_seconds', {}, Math.max(0, p99Seconds));
      delay.reset();
      for (const remove of shown) remove();
      const entries = table.entries();
      const defaults = entries.filter(({ isDefault }) => isDefault);
      shown = [
        ...entries.map((entry) => showModel(metrics, entry)),
        ...defaults.flatMap((entry) => showTrial(table, metrics, entry)),
        ...defaults.map(({ name }) => showFindings(metrics, name, findings.newest(name))),
      ];
    },
    close: () => delay.disable(),
  };
}
