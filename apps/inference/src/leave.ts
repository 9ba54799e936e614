import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { OnlineStore } from '@repo/features/online-store';
import type { ModelLoader } from '@repo/serving/model-loader';
import type { ModelTable } from '@repo/serving/model-table';
import type { Poll } from '@repo/serving/poll';
import type { Shadow } from '@repo/serving/predict/shadow';
import type { PredictionLog } from '@repo/serving/prediction-log';
import type { Logger } from '@repo/telemetry/logger';
import type { Tracing } from '@repo/telemetry/tracing';
import type { KeyRing } from './access/key-ring.ts';
import type { Config } from './config.ts';
import type { Drain } from './drain.ts';
import type { Gauges } from './gauges.ts';
import type { Readiness } from './readiness.ts';

/** What a service lets go of when it leaves. */
export interface Held {
  readonly readiness: Readiness;
  readonly drain: Drain;
  readonly poll: Poll;
  readonly loader: ModelLoader;
  readonly table: ModelTable;
  readonly shadow: Shadow;
  readonly predictionLog: PredictionLog;
  readonly tracing: Tracing;
  readonly store: OnlineStore;
  /** Null where no keys are wanted. */
  readonly keys: KeyRing | null;
  readonly gauges: Gauges;
  readonly admin: Server;
}

/** Whether `work` is done in time; what is not goes on, and nothing waits for it. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const late = wait(Math.max(timeoutMs, 0), false, { ref: false });
  return Promise.race([work.then(() => true), late]);
}

/**
 * The order of leaving: not ready, so that load balancers look elsewhere; the pre-stop wait, until they have; no new connections;
 * requests under way answered; then shadow runs, which nobody waits for, and the models, which those needed; then the log and the traces, which heard of all answers, and the store; the metrics
 * last, so that all of this is seen. A run that does not end is left behind: ending its thread would abort the process, and the process
 * ends when the run does, or when whoever started it loses patience. True when every request was answered and every model freed within
 * the grace time.
 */
export async function leave(held: Held, config: Config, logger: Logger): Promise<boolean> {
  const { readiness, drain, poll, loader, table, shadow, predictionLog, tracing, store, keys, gauges, admin } = held;
  readiness.leave();
  logger.info({ prestop_delay_ms: config.prestopDelayMs }, 'leaving');
  const loading = Promise.all([poll.stop(), loader.close()]);
  if (config.prestopDelayMs > 0) {
    drain.announce();
    await wait(config.prestopDelayMs);
  }
  const deadlineMs = performance.now() + config.graceMs;
  const answered = await drain.close(config.graceMs);
  const freed = await within(
    Math.max(deadlineMs - performance.now(), 100),
    Promise.all([loading, shadow.close()]).then(() => table.release()),
  );
  await predictionLog.close();
  await tracing.close();
  keys?.close();
  await store.close();
  gauges.close();
  admin.close();
  admin.closeAllConnections();
  const inTime = answered && freed;
  logger.info({ in_time: inTime }, 'left');
  return inTime;
}
