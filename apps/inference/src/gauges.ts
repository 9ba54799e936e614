import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ModelTable } from '@repo/serving/model-table';
import type { ServiceMetrics } from './app-deps.ts';

/** Gauges that are read when somebody scrapes, and not at every change. */
export interface Gauges {
  /** Brings them up to date. */
  refresh(): void;
  close(): void;
}

/** How often the event loop is asked, ms. The monitor measures from one time to the next, this wait included. */
const resolution = 10;

/** Begins to watch the event loop and the queues of the models. */
export function createGauges(table: ModelTable, metrics: ServiceMetrics): Gauges {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  return {
    refresh: () => {
      const p99Seconds = delay.percentile(99) / 1e9 - resolution / 1e3;
      metrics.set('nodejs_eventloop_lag_seconds', {}, Math.max(0, p99Seconds));
      delay.reset();
      for (const entry of table.entries()) {
        if (entry.state !== 'ready') continue;
        const labels = { model: entry.name, version: entry.version };
        metrics.set('inference_queue_depth', labels, entry.model.queueDepth());
      }
    },
    close: () => delay.disable(),
  };
}
