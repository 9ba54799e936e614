import { readFileSync } from 'node:fs';
import { openDatabase } from '@repo/datasets/database';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Rows of a run; the best of them is the rate to compare with. */
const runRows = [512, 1024, 4096, 16_384] as const;

/** What this program prints as JSON: rows, and rows a second by the number of rows of a run. */
export interface BareRates {
  readonly rows: number;
  readonly rates: Readonly<Record<string, number>>;
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
  await run(0, 1000);
  const rates: Record<string, number> = {};
  for (const size of runRows) {
    const begin = performance.now();
    for (let from = 0; from < rows; from += size) await run(from, Math.min(size, rows - from));
    rates[size] = rows / ((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ rows, rates } satisfies BareRates));
  await session.release();
}

if (import.meta.main) await main(process.argv.slice(2));
