import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { OnlineStore } from '@repo/features/online-store';
import type { ModelTable } from '@repo/serving/model-table';
import type { Logger } from '@repo/telemetry/logger';
import type { Config } from './config.ts';
import type { Drain } from './drain.ts';
import type { Readiness } from './readiness.ts';

/** What a service lets go of when it leaves. */
export interface Held {
  readonly readiness: Readiness;
  readonly drain: Drain;
  /** Settles when no model is loading any more. */
  readonly loaded: Promise<void>;
  readonly table: ModelTable;
  readonly store: OnlineStore;
  readonly admin: Server;
}

/**
 * The order of leaving: not ready, so that load balancers look elsewhere; the pre-stop wait, until they have; no new connections;
 * requests under way answered; then the models and the store, which those needed; the metrics last, so that all of this is seen.
 * True when every request was answered within the grace time.
 */
export async function leave(held: Held, config: Config, logger: Logger): Promise<boolean> {
  held.readiness.leave();
  held.drain.announce();
  logger.info({ prestop_delay_ms: config.prestopDelayMs }, 'leaving');
  await wait(config.prestopDelayMs);
  const inTime = await held.drain.close(config.graceMs);
  await held.loaded;
  await held.table.release();
  held.store.close();
  held.admin.close();
  held.admin.closeAllConnections();
  logger.info({ in_time: inTime }, 'left');
  return inTime;
}
