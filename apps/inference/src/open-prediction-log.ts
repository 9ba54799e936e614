import type { PredictionLog } from '@repo/serving/prediction-log';
import { createPredictionLog } from '@repo/serving/prediction-log/create-prediction-log';
import { createNoLog } from '@repo/serving/prediction-log/no-log';
import type { Logger } from '@repo/telemetry/logger';
import type { ServiceMetrics } from './app-deps.ts';
import type { Config } from './config.ts';

/** Opens the prediction log that the configuration asks for. What becomes of its events and files is counted. */
export function openPredictionLog(
  { predictionLog, stateUrl }: Config,
  metrics: ServiceMetrics,
  logger: Logger,
): PredictionLog {
  const { mode, dir, variant } = predictionLog;
  if (mode === 'off') return createNoLog();
  return createPredictionLog({
    dir,
    variant,
    durable: mode === 'durable',
    stateUrl,
    countFiles: (result, files) => metrics.increment('prediction_log_files_total', { result }, files),
    count: (result, events) => metrics.increment('prediction_log_events_total', { result }, events),
    warn: (message) => logger.warn(message),
  });
}
