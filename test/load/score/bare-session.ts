import { readFileSync } from 'node:fs';
import { openDatabase } from '@repo/datasets/database';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Rows of a run; which suits the model best is tried on some rows first. */
const runRows = [512, 1024, 4096, 16_384] as const;
const tried = 100_000;

/** What this program prints as JSON. */
export interface BareRate {
  readonly rows: number;
  /** Rows of a run. */
  readonly run: number;
  readonly perSecond: number;
}

async function readMatrix(file: string, columns: readonly string[]): Promise<Float32Array> {
  const database = await openDatabase();
  try {
    const list = columns.map((name) => `"${name}"`).join(', ');
    const parts = await Array.fromAsync(database.floats(`SELECT ${list} FROM read_parquet('${file}')`));
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  } finally {
    database.close();
  }
}

/**
 * `node bare-session.ts <model.onnx> <matrix.parquet> <input> <columns>`: a session of onnxruntime with its own defaults, which is a thread for each
 * core, over a matrix that lies in memory: nothing is read, checked or written.
 */
async function main([model = '', file = '', input = '', list = '']: readonly string[]): Promise<void> {
  const columns = list.split(',');
  const width = columns.length;
  const matrix = await readMatrix(file, columns);
  const rows = matrix.length / width;
  const session = await InferenceSession.create(readFileSync(model), { logSeverityLevel: 4 });
  const run = (from: number, count: number) =>
    session.run({
      [input]: new Tensor('float32', matrix.subarray(from * width, (from + count) * width), [count, width]),
    });
  const rateOf = async (total: number, size: number): Promise<number> => {
    const begin = performance.now();
    for (let from = 0; from < total; from += size) await run(from, Math.min(size, total - from));
    return total / ((performance.now() - begin) / 1000);
  };
  await rateOf(Math.min(rows, 10_000), 1000);
  let best = { size: 0, rate: 0 };
  for (const size of runRows) {
    const rate = await rateOf(Math.min(rows, tried), size);
    if (rate > best.rate) best = { size, rate };
  }
  const perSecond = await rateOf(rows, best.size);
  console.log(JSON.stringify({ rows, run: best.size, perSecond } satisfies BareRate));
  await session.release();
}

if (import.meta.main) await main(process.argv.slice(2));
