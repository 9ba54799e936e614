import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstantUs } from '@repo/contract/instant';
import { type Champion, championSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { type Database, openDatabase } from '@repo/datasets/database';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { type Asker, createAsker } from './ask-service.ts';
import type { DemoWorkspace } from './demo-workspace.ts';
import { createFeatureClock, type FeatureClock } from './feature-clock.ts';
import type { LiveView } from './live-view.ts';
import { type Asked, readFlights } from './read-flights.ts';
import { tickOf } from './replay.ts';
import { runCauseway } from './run-causeway.ts';
import { type DemoService, startDemoService } from './start-service.ts';

/** Requests that are under way at the same time, each over a connection that lives on: more would only wait for each other on a busy machine. */
export const connections = 4;

export interface SceneOptions {
  readonly workspace: DemoWorkspace;
  readonly view: LiveView;
  /** Traffic of this span of event time. */
  readonly fromUs: InstantUs;
  readonly toUs: InstantUs;
  /** Distance between two moments of the online store. */
  readonly tickUs: number;
}

/** All that the chapters of the story work with. */
export interface Scene extends SceneOptions {
  readonly model: Model;
  readonly champion: Champion;
  /** Folder of the champion's bundle. */
  readonly championDir: string;
  /** Parquet file of the typed events. */
  readonly dataPath: string;
  readonly logDir: string;
  /** `sqlite:<path>`. */
  readonly onlineStore: string;
  readonly database: Database;
  readonly requests: readonly Asked[];
  readonly clock: FeatureClock;
  readonly service: DemoService;
  readonly asker: Asker;
  /** Another process that answers like the service, from other models and another state, into the same log. */
  startCanary(modelsDir: string, stateDir: string): Promise<{ service: DemoService; asker: Asker }>;
  close(): Promise<void>;
}

/** Ingests the sources, opens the online store, and starts the service of the committed champion. The caller closes it. */
export async function openScene(options: SceneOptions): Promise<Scene> {
  const { workspace, view } = options;
  const { root, stateDir } = workspace;
  const modelDir = workspace.modelDir();
  const model = (await import(pathToFileURL(join(modelDir, 'model.ts')).href)).default as Model;
  const champion = championSchema.parse(JSON.parse(await readFile(join(modelDir, 'champion.json'), 'utf8')));
  const championDir = join(modelDir, 'release', String(champion.version));
  const contract = modelContractSchema.parse(JSON.parse(await readFile(join(championDir, 'contract.json'), 'utf8')));
  const sources = [...new Set([model.events, ...model.features.map(({ source }) => source)])];
  const storePath = join(stateDir, 'online.sqlite');
  const common = { onlineStore: `sqlite:${storePath}`, logDir: join(stateDir, 'predictions') };
  const modelsDir = join(root, 'models');
  // The service loads while the sources are read.
  const starting = startDemoService({ ...common, modelsDir, stateDir, variant: 'stable', podHash: 'stable' });
  starting.catch(() => {});
  await Promise.all(sources.map((source) => runCauseway({ root, stateDir }, ['ingest', source.name])));
  const dataPaths = Object.fromEntries(
    sources.map(({ name }) => [name, join(workspace.stageDir(name, 'ingest'), 'data.parquet')]),
  );
  const dataPath = dataPaths[model.events.name] as string;
  const service = await starting;
  view.say(`version ${champion.version} answers on port ${service.port}, in a state folder of its own`);
  const database = await openDatabase({ threads: 1 });
  const store = openSqliteStore(storePath);
  const key = model.events.key[0] as string;
  const requests = await readFlights(database, { ...options, dataPath, contract, key });
  const ticks = [...new Set(requests.map(({ atUs }) => tickOf(atUs, options.tickUs)))];
  const clock = createFeatureClock({ database, views: model.features, dataPaths, store, ticks });
  const asker = createAsker(service.port, model.name, connections);
  const others: { service: DemoService; asker: Asker }[] = [];
  return {
    ...options,
    ...{ model, champion, championDir, dataPath, database, requests, clock, service, asker, ...common },
    startCanary: async (canaryModels, canaryState) => {
      const canary = { modelsDir: canaryModels, stateDir: canaryState, variant: 'canary', podHash: 'canary' };
      const other = await startDemoService({ ...common, ...canary });
      others.push({ service: other, asker: createAsker(other.port, model.name, connections) });
      return others.at(-1) as (typeof others)[number];
    },
    close: async () => {
      for (const one of [{ service, asker }, ...others]) {
        one.asker.close();
        await one.service.stop();
      }
      store.close();
      database.close();
    },
  };
}
