import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microseconds } from '@repo/contract/duration';
import { featureNames } from '@repo/contract/model-schema';
import { openDatabase } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { joinFeatures } from '@repo/features/join-features';
import flightDelay from '../../models/flight-delay/model.ts';

const threads = 2;
const memoryMiB = 2048;

/**
 * Joins the features of every flight with DuckDB held to 2 threads and 2 GiB, and prints how long it took and the most memory the process
 * held. Ingest comes before the clock starts.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const db = await openDatabase({ threads, memoryMiB });
  try {
    const views = flightDelay.features;
    const sources = new Map([flightDelay.events, ...views.map(({ source }) => source)].map((s) => [s.name, s]));
    for (const source of sources.values()) {
      const outDir = join(folder, source.name);
      await ingest(source, { outDir });
      await db.run(`CREATE VIEW ${source.name} AS FROM '${join(outDir, 'data.parquet')}'`);
    }
    const start = performance.now();
    await joinFeatures(db, {
      events: flightDelay.events.name,
      rowId: flightDelay.events.key,
      time: flightDelay.events.eventTime ?? flightDelay.cutoff.column,
      label: flightDelay.label.column,
      cutoff: { column: flightDelay.cutoff.column, leadUs: microseconds(flightDelay.cutoff.lead) },
      views,
      relations: Object.fromEntries([...sources.keys()].map((name) => [name, name])),
      into: 'joined',
    });
    const seconds = (performance.now() - start) / 1000;
    const [count] = await db.rows('SELECT count(*) AS rows FROM joined');
    const table = [
      ['rows', String(count?.rows)],
      ['features', String(featureNames(views).length)],
      ['looked-up views', String(views.filter(({ spec }) => spec.kind !== 'request').length)],
      ['seconds', seconds.toFixed(1)],
      ['threads', String(threads)],
      ['DuckDB memory limit', `${memoryMiB} MiB`],
      ['peak RSS of the process', `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`],
    ];
    for (const [name = '', value = ''] of table) console.log(`${name.padEnd(24)} ${value.padStart(10)}`);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
