import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { microseconds } from '@repo/contract/duration';
import { formatInstant, parseInstant } from '@repo/contract/instant';
import { championSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { openDatabase } from '@repo/datasets/database';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { createAsker } from './ask-service.ts';
import type { DemoWorkspace } from './demo-workspace.ts';
import { createFeatureClock } from './feature-clock.ts';
import type { LiveView } from './live-view.ts';
import { readFlights } from './read-flights.ts';
import { readOutcomes } from './read-outcomes.ts';
import { replay, tickOf } from './replay.ts';
import { runCauseway } from './run-causeway.ts';
import { startDemoService } from './start-service.ts';
import type { Story } from './story.ts';
import { weeksOf } from './week-quality.ts';

const tickHours = 1;
const tickUs = tickHours * 3600e6;

/** Plays the whole story and answers its figures. */
export async function runDemo(workspace: DemoWorkspace, view: LiveView, secondsNow: () => number): Promise<Story> {
  const { root, stateDir, model: name } = workspace;
  const modelDir = workspace.modelDir();
  const model = (await import(pathToFileURL(join(modelDir, 'model.ts')).href)).default as Model;
  const champion = championSchema.parse(JSON.parse(await readFile(join(modelDir, 'champion.json'), 'utf8')));
  const release = join(modelDir, 'release', String(champion.version));
  const contract = modelContractSchema.parse(JSON.parse(await readFile(join(release, 'contract.json'), 'utf8')));
  view.chapter('A year of flights is read, and the champion of January to September serves');
  const sources = [...new Set([model.events, ...model.features.map(({ source }) => source)])];
  for (const source of sources) await runCauseway({ root, stateDir, say: view.say }, ['ingest', source.name]);
  const dataPaths = Object.fromEntries(
    sources.map(({ name }) => [name, join(workspace.stageDir(name, 'ingest'), 'data.parquet')]),
  );
  const dataPath = dataPaths[model.events.name] as string;
  const database = await openDatabase({ threads: 1 });
  const storePath = join(stateDir, 'online.sqlite');
  const store = openSqliteStore(storePath);
  const logDir = join(stateDir, 'predictions');
  const service = await startDemoService({
    modelsDir: join(root, 'models'),
    stateDir,
    onlineStore: `sqlite:${storePath}`,
    logDir,
    variant: 'stable',
    podHash: 'stable',
  });
  const asker = createAsker(service.port, name, 8);
  try {
    const [fromUs, toUs] = [parseInstant('2013-10-01', ''), parseInstant('2014-01-01', '')];
    const requests = await readFlights(database, {
      dataPath,
      contract,
      key: model.events.key[0] as string,
      fromUs,
      toUs,
    });
    const ticks = [...new Set(requests.map(({ atUs }) => tickOf(atUs, tickUs)))];
    const clock = createFeatureClock({ database, views: model.features, dataPaths, store, ticks });
    view.chapter('October, November and December pass');
    const begun = secondsNow();
    await replay({
      requests,
      clock,
      tickUs,
      concurrency: 8,
      ask: asker.ask,
      onTick: (done, atUs) => {
        const rate = Math.round(done / (secondsNow() - begun));
        view.progress(
          done / requests.length,
          `${formatInstant(atUs).slice(0, 13)}h  ${done} answers, ${rate} a second`,
        );
      },
    });
    const seconds = secondsNow() - begun;
    view.chapter('What were the answers worth?');
    const outcomes = await readOutcomes(database, {
      model,
      logDirs: [logDir],
      temporaryDir: root,
      dataPath,
      knownByUs: toUs + microseconds('2d'),
      fromUs,
      toUs,
    });
    const weeks = weeksOf(outcomes, parseInstant('2013-09-30', ''));
    return {
      schemaVersion: 1,
      model: name,
      question: model.question,
      champion: { ...champion, trainedOn: [model.split.train[0], model.split.validate[1]] },
      replay: { requests: requests.length, seconds, tickHours },
      weeks,
      tookSeconds: secondsNow(),
    };
  } finally {
    asker.close();
    await service.stop();
    store.close();
    database.close();
  }
}
