import type { PredictionLog } from '@repo/serving/prediction-log';
import { createPredictionLog } from '@repo/serving/prediction-log/create-prediction-log';
import { createNoLog } from '@repo/serving/prediction-log/no-log';
import type { Logger } from '@repo/telemetry/logger';
import type { ServiceMetrics } from './app-deps.ts';
import type { Config } from './config.ts';
import { followVariant } from './follow-variant.ts';

/** Opens the prediction log that the configuration asks for. What becomes of its events and files is counted. */
export function openPredictionLog(
  { predictionLog, adminTokenSha256, stateUrl }: Config,
  metrics: ServiceMetrics,
  logger: Logger,
): PredictionLog {
  const { mode, dir, variant, variantFile, podHash } = predictionLog;
  if (mode === 'off') return createNoLog();
  for (const result of ['written', 'dropped_queue', 'dropped_size', 'failed'])
    metrics.increment('prediction_log_events_total', { result }, 0);
  for (const result of ['uploaded', 'failed', 'dropped'])
    metrics.increment('prediction_log_files_total', { result }, 0);
  return createPredictionLog({
    dir,
    podHash,
    variant: variantFile === null ? () => variant : followVariant(variantFile, variant),
    // Whoever holds the token may read them, and without one nobody can.
    keepsRecent: adminTokenSha256 !== null,
    durable: mode === 'durable',
    stateUrl,
    countFiles: (result, files) => metrics.increment('prediction_log_files_total', { result }, files),
    count: (result, events) => metrics.increment('prediction_log_events_total', { result }, events),
    warn: (message) => logger.warn(message),
  });
}
