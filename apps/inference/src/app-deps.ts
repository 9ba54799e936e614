import type { metrics } from '@repo/contract/metric';
import type { OnlineStore } from '@repo/features/online-store';
import type { ModelTable } from '@repo/serving/model-table';
import type { Shadow } from '@repo/serving/predict/shadow';
import type { PredictionLog } from '@repo/serving/prediction-log';
import type { Logger } from '@repo/telemetry/logger';
import type { Metrics } from '@repo/telemetry/metrics';
import type { Tracing } from '@repo/telemetry/tracing';
import type { Authorize } from './access/authorize.ts';
import type { Limits } from './config.ts';
import type { Readiness } from './readiness.ts';
import type { TurnBudget } from './turn-budget.ts';

/** The metrics that the service emits. */
export type ServiceMetrics = Metrics<typeof metrics>;

/** What the app works with; it makes none of it and closes none of it. */
export interface AppDeps {
  readonly table: ModelTable;
  readonly readiness: Readiness;
  readonly store: OnlineStore;
  readonly predictionLog: PredictionLog;
  readonly shadow: Shadow;
  readonly metrics: ServiceMetrics;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly turnBudget: TurnBudget;
  /** Deadline of requests to models that declare none. */
  readonly defaultTimeoutMs: number;
  /** Version of the service, for GET /v2. */
  readonly version: string;
  readonly authorize: Authorize;
  readonly tracing: Tracing;
  /** Models may be loaded and unloaded on the admin port. */
  readonly changeable: boolean;
}
