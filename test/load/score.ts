import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { openDatabase } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { joinFeatures } from '@repo/features/join-features';
import { writeMatrix } from '@repo/features/write-matrix';
import { bundleJson } from '@repo/registry/bundle-json';
import { type CommittedBundle, verifyCommitted } from '@repo/registry/verify-committed';
import flightDelay from '../../models/flight-delay/model.ts';
import { runMeasured } from './measure/run-measured.ts';
import type { BareRate } from './score/bare-session.ts';
import { type Row, rate } from './serve/row.ts';
import { renderTable } from './serve/table.ts';

/** The share of the runtime's own rate that a batch has to reach, files and all. */
const bound = 0.5;
/** Rounds, of which the middle one counts; both sides take turns, so that a busy moment meets both. */
const rounds = 3;
/** Copies of the year in the matrix: some three million rows, as what a command takes to start says nothing about its rate. */
const copies = 10;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const workspaceDir = here('../..');

async function championOf(): Promise<CommittedBundle> {
  const champion = await verifyCommitted(join(workspaceDir, 'models', flightDelay.name));
  if (champion === null) throw new Error('there is no champion of flight-delay to score with');
  return champion;
}

/** Writes the features of every flight that has a label, as the champion takes them, and nothing else. */
async function writeFlights(contract: ModelContract, folder: string): Promise<string> {
  const views = flightDelay.features;
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    const sources = new Map([flightDelay.events, ...views.map(({ source }) => source)].map((s) => [s.name, s]));
    for (const source of sources.values()) {
      const { dataPath } = await ingest(source, { outDir: join(folder, source.name) });
      await database.run(`CREATE VIEW ${source.name} AS FROM '${dataPath}'`);
    }
    const { events, cutoff, label } = flightDelay;
    await joinFeatures(database, {
      events: events.name,
      rowId: events.key,
      time: cutoff.column,
      label: label.column,
      cutoff: { column: cutoff.column, leadUs: contract.cutoff.leadUs },
      views,
      relations: Object.fromEntries([...sources.keys()].map((name) => [name, name])),
      into: 'joined',
    });
    const path = join(folder, 'tables.parquet');
    await writeMatrix(database, {
      table: 'joined',
      features: contract.features,
      fromUs: 0,
      toUs: Date.now() * 1000,
      path,
    });
    const columns = ['row_id', ...contract.features.map(({ name }) => `"${name}"`)].join(', ');
    const matrix = join(folder, 'matrix.parquet');
    await database.run(
      `COPY (SELECT ${columns} FROM '${path}', range(${copies})) TO '${matrix}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    return matrix;
  } finally {
    database.close();
  }
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** One turn of each: rows a second of the verb, from its start to its end, and of the session at the size of run that suits it best. */
async function takeTurns(champion: CommittedBundle, contract: ModelContract, matrix: string, folder: string) {
  const columns = contract.features.map(({ name }) => name).join(',');
  const model = join(champion.dir, 'model.onnx');
  const bare = await runMeasured(workspaceDir, here('score/bare-session.ts'), [
    model,
    matrix,
    contract.input.name,
    columns,
  ]);
  const { rows, perSecond } = JSON.parse(bare.stdout) as BareRate;
  const args = ['score', flightDelay.name, matrix, '--out', join(folder, 'scored.parquet'), '--json'];
  const scored = await runMeasured(workspaceDir, here('../../apps/pipeline/src/main.ts'), args);
  return { rows, bare: perSecond, scored: rows / scored.seconds, peakMiB: scored.peakMiB };
}

/**
 * `npm run bench -- score`: what `causeway score` makes of a feature matrix beside a bare session of onnxruntime on the same matrix in memory. The
 * verb starts, verifies the bundle, reads a file, checks, answers and writes a file. Answers whether the bound holds.
 */
export async function run(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-score-'));
  try {
    const champion = await championOf();
    const contract = bundleJson(champion.contents, 'contract.json', modelContractSchema);
    console.error('join the features of every flight');
    const matrix = await writeFlights(contract, folder);
    const turns: Awaited<ReturnType<typeof takeTurns>>[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds}`);
      turns.push(await takeTurns(champion, contract, matrix, folder));
    }
    const share = middle(turns.map(({ scored, bare }) => scored / bare));
    const only = { bound: '', holds: null };
    const what = `causeway score, ${turns[0]?.rows.toLocaleString('en-US')} rows of ${contract.features.length} features`;
    const rows: Row[] = [
      { what: 'onnxruntime, matrix in memory', ...only, measured: rate(middle(turns.map(({ bare }) => bare))) },
      { what, ...only, measured: rate(middle(turns.map(({ scored }) => scored))) },
      { what: 'share of its rate', bound: `${bound}`, measured: share.toFixed(2), holds: share >= bound },
      { what: 'peak memory', ...only, measured: `${Math.round(Math.max(...turns.map(({ peakMiB }) => peakMiB)))} MiB` },
    ];
    console.log(`${availableParallelism()} processors, the middle of ${rounds} rounds`);
    console.log(renderTable(rows));
    return share >= bound;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
