import type { Server } from 'node:http';
import { metrics as metricRows } from '@repo/contract/metric';
import { openOnlineStore } from '@repo/features/open-online-store';
import { openObjects } from '@repo/registry/open-objects';
import { createPoll } from '@repo/serving/poll';
import { createShadow } from '@repo/serving/predict/shadow';
import type { Logger } from '@repo/telemetry/logger';
import { createMetrics } from '@repo/telemetry/metrics';
import { startTracing, untraced } from '@repo/telemetry/tracing';
import { allowAll } from './access/authorize.ts';
import { openKeyRing } from './access/key-ring.ts';
import { createAdmin } from './admin.ts';
import { createListener } from './app.ts';
import type { Config } from './config.ts';
import { createHttpServer } from './create-http-server.ts';
import { createDoors, type Doors } from './doors.ts';
import { createDrain } from './drain.ts';
import { followFindings } from './follow-findings.ts';
import { createGauges } from './gauges.ts';
import { leave } from './leave.ts';
import { listen } from './listen.ts';
import { openModels } from './open-models.ts';
import { openPredictionLog } from './open-prediction-log.ts';
import { readTls } from './read-tls.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { createTurnBudget } from './turn-budget.ts';

/** Name under which traces show this service. */
const service = 'causeway-inference';

/** A running service. */
export interface Service {
  readonly port: number;
  readonly adminPort: number;
  /** Resolves when every model is either ready or known to be damaged. */
  readonly loaded: Promise<void>;
  /**
   * Leaves in order; see {@link leave}. True when every request was answered within the grace time. Repeating it changes nothing.
   */
  stop(): Promise<boolean>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  /** Where relative paths of the configuration start. */
  readonly workspaceDir: string;
}

function reportReadiness(readiness: Readiness, logger: Logger): void {
  const reasons = readiness.reasons();
  if (reasons.length === 0) logger.info('ready');
  else logger.error({ reasons }, 'not ready');
}

async function listenOnBoth(admin: Server, doors: Doors, { host, adminPort, port }: Config) {
  const ports = { adminPort: await listen(admin, { host, port: adminPort, variable: 'ADMIN_PORT' }), port: 0 };
  ports.port = await doors.open({ host, port, variable: 'PORT' });
  return ports;
}

/**
 * Starts the service: listens at once, so that liveness answers, then verifies and loads the models, and is ready after the last. From
 * then on it follows the champions. Throws InputError when an address, a certificate, the state folder or a folder of models cannot be
 * used; nothing is left open then.
 */
export async function startService({ config, logger, version, workspaceDir }: ServiceOptions): Promise<Service> {
  const tls = await readTls(config.tls);
  const keys = config.apiKeysFile === null ? null : await openKeyRing(config.apiKeysFile, logger);
  const metrics = createMetrics(metricRows);
  const { table, loader } = await openModels(config, workspaceDir, metrics, logger);
  const store = await openOnlineStore(config.onlineStoreUrl, workspaceDir, { mayBeAway: true });
  const predictionLog = openPredictionLog(config, metrics, logger);
  const tracing = config.tracing === null ? untraced : await startTracing({ ...config.tracing, service, version });
  const readiness = createReadiness(table, loader.listing);
  const { limits, defaultTimeoutMs, adminTokenSha256 } = config;
  const changeable = adminTokenSha256 !== null;
  const authorize = keys?.authorize ?? allowAll;
  const shadow = createShadow({ store });
  const used = { table, readiness, store, predictionLog, shadow, metrics, logger, authorize, tracing };
  const deps = { ...used, limits, turnBudget: createTurnBudget(), defaultTimeoutMs, version, changeable };
  const server = createHttpServer(createListener(deps), limits.bodyTimeoutMs, tls);
  const { store: reader } = openObjects(config.stateUrl, workspaceDir, 'monitor');
  const gauges = createGauges(table, metrics, followFindings({ reader, logger }));
  const admin = createHttpServer(
    createAdmin({ metrics, logger, loader, gauges, adminTokenSha256, predictionLog }),
    limits.bodyTimeoutMs,
  );
  const doors = createDoors(server);
  const drain = createDrain(server, doors);
  const ports = await listenOnBoth(admin, doors, config).catch(async (error) => {
    gauges.close();
    admin.close();
    keys?.close();
    await Promise.all([predictionLog.close(), tracing.close(), store.close()]);
    throw error;
  });
  logger.info({ host: config.host, port: ports.port, admin_port: ports.adminPort }, 'listening');
  let left: Promise<boolean> | undefined;
  const loaded = loader.start().then(() => {
    if (left === undefined) reportReadiness(readiness, logger);
  });
  const poll = createPoll(config.registryPollMs, loader.refresh);
  const held = { readiness, drain, poll, loader, table, shadow, predictionLog, tracing, store, keys, gauges, admin };
  return {
    ...ports,
    loaded,
    stop: () => {
      left ??= leave(held, config, logger);
      return left;
    },
  };
}
