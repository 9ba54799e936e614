import { createServer, type RequestListener, type Server } from 'node:http';
import { metrics as metricRows } from '@repo/contract/metric';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { createRegistry } from '@repo/registry/registry';
import { findChampions } from '@repo/serving/champions';
import { createModelTable, type ModelEntry } from '@repo/serving/model-table';
import type { Logger } from '@repo/telemetry/logger';
import { createMetrics } from '@repo/telemetry/metrics';
import { createAdmin } from './admin.ts';
import { createApp } from './app.ts';
import type { ServiceMetrics } from './app-deps.ts';
import type { Config } from './config.ts';
import { createDrain } from './drain.ts';
import { leave } from './leave.ts';
import { listen } from './listen.ts';
import { createReadiness, type Readiness } from './readiness.ts';

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

/** keep-alive above the 60 s after which load balancers give up an idle connection, so that they close it and not we. */
function createHttpServer(app: RequestListener): Server {
  return createServer({ keepAliveTimeout: 75_000, headersTimeout: 76_000 }, app);
}

function reportModel(entry: ModelEntry, seconds: number, metrics: ServiceMetrics, logger: Logger): void {
  const labels = { model: entry.name, version: entry.version };
  metrics.set('model_ready', labels, entry.state === 'ready' ? 1 : 0);
  metrics.observe('model_load_duration_seconds', labels, seconds);
  if (entry.state === 'failed') logger.error({ ...labels, reason: entry.reason }, 'model not served');
  if (entry.state !== 'ready') return;
  const sha256 = entry.model.digest.slice('sha256:'.length);
  metrics.set('model_info', { ...labels, sha256, platform: 'onnx_onnxv1', executor: entry.model.executor }, 1);
  logger.info({ ...labels, digest: entry.model.digest, seconds }, 'model ready');
}

function reportReadiness(readiness: Readiness, logger: Logger): void {
  const reasons = readiness.reasons();
  if (reasons.length === 0) logger.info('ready');
  else logger.error({ reasons }, 'not ready');
}

/**
 * Starts the service: listens at once, so that liveness answers, then verifies and loads the models, and is ready after the last.
 * Throws InputError when an address, the state folder or the folder of models cannot be used; nothing is left open then.
 */
export async function startService({ config, logger, version, workspaceDir }: ServiceOptions): Promise<Service> {
  const registry = createRegistry(config.stateUrl, workspaceDir);
  const champions = await findChampions(registry, config.modelsDir);
  const store = openSqliteStore(config.onlineStorePath);
  const table = createModelTable(registry);
  const readiness = createReadiness(table);
  const metrics = createMetrics(metricRows);
  const deps = { table, readiness, store, metrics, logger, limits: config.limits, version };
  const server = createHttpServer(createApp(deps));
  const admin = createHttpServer(createAdmin(deps));
  const drain = createDrain(server);
  let adminPort: number;
  let port: number;
  try {
    adminPort = await listen(admin, config.host, config.adminPort, 'ADMIN_PORT');
    port = await listen(server, config.host, config.port, 'PORT');
  } catch (error) {
    admin.close();
    store.close();
    throw error;
  }
  logger.info({ host: config.host, port, admin_port: adminPort }, 'listening');
  const loaded = table
    .load(champions, (entry, seconds) => reportModel(entry, seconds, metrics, logger))
    .then(() => reportReadiness(readiness, logger));
  const held = { readiness, drain, loaded, table, store, admin };
  let left: Promise<boolean> | undefined;
  return {
    port,
    adminPort,
    loaded,
    stop: () => {
      left ??= leave(held, config, logger);
      return left;
    },
  };
}
