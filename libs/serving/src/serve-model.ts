import { deafObserver } from './model-observer.ts';
import { type OpenExecutorOptions, openExecutor } from './open-executor.ts';
import { createScheduler } from './scheduler.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** Least jobs that may wait: a model that runs one row at a time would otherwise refuse the fifth of callers who come at once. */
const leastQueueItems = 64;

/** What a model is called, and what is known of it besides its file. */
export type ModelIdentity = Pick<ServedModel, 'name' | 'version' | 'digest' | 'contract' | 'bundle'>;

/** The model and what it must be: see {@link OpenExecutorOptions}. */
export type ModelToServe = Pick<OpenExecutorOptions, 'model' | 'maxBatchSize' | 'check'>;

/** Opens a model, checked and warm, and puts its queue before it. Throws as {@link openExecutor}. */
export async function serveModel(
  identity: ModelIdentity,
  model: ModelToServe,
  options: ServingOptions,
): Promise<ServedModel> {
  const { name, version } = identity;
  const observer = options.observerOf?.(name, version) ?? deafObserver;
  let wake = () => {};
  const { executor, inputs, outputs, warm } = await openExecutor({
    ...model,
    name,
    workers: options.workers,
    hardTimeoutMs: options.hardTimeoutMs,
    signal: options.signal,
    lost: (reason) => {
      observer.restarted();
      options.warn(`${name} ${version}: a thread ended and is replaced: ${reason}`);
    },
    replaced: () => wake(),
  });
  if (warm.noBatches !== undefined && model.maxBatchSize > 1) {
    options.warn(`${name} ${version}: served without batches: ${warm.noBatches}`);
  }
  const maxBatchSize = warm.noBatches === undefined ? model.maxBatchSize : 1;
  const scheduler = createScheduler({
    name,
    executor,
    maxBatchSize,
    maxQueueItems: Math.max(leastQueueItems, 4 * maxBatchSize * executor.slots),
    maxQueueBytes: options.maxQueueBytes,
    // Not known where no run succeeded: the first jobs are taken on trust.
    warmRunMs: Number.isFinite(warm.fullBatchMs) ? warm.fullBatchMs : 0,
    observer,
  });
  wake = scheduler.wake;
  let closed: Promise<void> | undefined;
  return {
    ...identity,
    inputs,
    outputs,
    executor: executor.kind,
    maxBatchSize,
    run: scheduler.run,
    admit: scheduler.admit,
    retryAfterSeconds: scheduler.retryAfterSeconds,
    queueDepth: scheduler.depth,
    statistics: scheduler.statistics,
    live: () => executor.live(),
    ready: () => executor.slots > 0,
    close: () => {
      closed ??= scheduler.drain().then(() => executor.release());
      return closed;
    },
  };
}
