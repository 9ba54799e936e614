import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { createChampions } from '@repo/serving/champions';
import { createModelLoader, type ModelLoader } from '@repo/serving/model-loader';
import { createModelRepository } from '@repo/serving/model-repository';
import { createModelTable, type ModelTable } from '@repo/serving/model-table';
import { createRegistryWatch } from '@repo/serving/registry-watch';
import { openRememberedChampions } from '@repo/serving/remembered-champions';
import type { Logger } from '@repo/telemetry/logger';
import type { ServiceMetrics } from './app-deps.ts';
import type { Config } from './config.ts';
import { observeRuns, reportLoad } from './model-reports.ts';

/** The models of a service: what serves them and what brings them there. Nothing is loaded yet. */
export interface Models {
  readonly table: ModelTable;
  readonly loader: ModelLoader;
}

/** Looks where models may come from. Throws InputError when the state folder or a folder of models cannot be used. */
export async function openModels(
  config: Config,
  workspaceDir: string,
  metrics: ServiceMetrics,
  logger: Logger,
): Promise<Models> {
  const warn = (message: string) => logger.warn(message);
  const watch = createRegistryWatch((away) => {
    if (away === null) logger.info('the registry answers again');
    else logger.warn({ reason: away }, 'the registry does not answer; what is known goes on');
  });
  const remembered = await openRememberedChampions(join(config.localStateDir, 'serving'), warn);
  const registry = createRegistry(config.stateUrl, workspaceDir);
  const { modelsDir, releasesDir } = config;
  const champions = createChampions({ modelsDir, releasesDir, registry, watch, remembered, warn });
  const repository = config.modelRepositoryDir === null ? null : createModelRepository(config.modelRepositoryDir, warn);
  const table = createModelTable();
  const serving = {
    workers: config.workers,
    hardTimeoutMs: config.hardTimeoutMs,
    maxQueueBytes: config.maxQueueBytes,
    observerOf: (name: string, version: string) => observeRuns(metrics, name, version),
    warn,
  };
  const report = (event: Parameters<typeof reportLoad>[0]) => reportLoad(event, metrics, logger);
  const { loadTimeoutMs } = config;
  const loader = await createModelLoader({ table, champions, repository, serving, loadTimeoutMs, report });
  return { table, loader };
}
