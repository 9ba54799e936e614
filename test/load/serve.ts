import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { pythonVenv } from './lightgbm/python-venv.ts';
import { type BenchModel, writeBenchModel } from './serve/bench-models.ts';
import { binary } from './serve/binary.ts';
import { champion } from './serve/champion.ts';
import { loadGenerator } from './serve/closed-loop.ts';
import { leaving } from './serve/leaving.ts';
import { liveness } from './serve/liveness.ts';
import { overload } from './serve/overload.ts';
import type { Bench, Measurement, Row } from './serve/row.ts';
import { soak } from './serve/soak.ts';
import { swapping } from './serve/swapping.ts';
import { renderTable } from './serve/table.ts';
import { mlp, single, trees } from './serve/throughput.ts';

/** The measurements by the name that runs one alone, in the order of the table. */
const measurements: Readonly<Record<string, Measurement>> = {
  trees,
  mlp,
  single,
  liveness,
  overload,
  leaving,
  swapping,
  soak,
  binary,
  champion,
};

const packages = [
  'fastapi==0.165.0',
  'uvicorn==0.54.0',
  'uvloop==0.23.0',
  'httptools==0.9.0',
  'onnxruntime==1.30.0',
  'numpy==2.4.6',
];

function createBench(scratch: string): Bench {
  const begin = performance.now();
  const progress = (text: string) => {
    console.error(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${text}`);
  };
  let python: string | null | undefined;
  const made = new Map<BenchModel, { file: string; repository: string }>();
  return {
    scratch,
    progress,
    model: (name) => {
      const repository = join(scratch, `${name}-repository`);
      const one = made.get(name) ?? { file: writeBenchModel(repository, name), repository };
      made.set(name, one);
      return one;
    },
    python: () => {
      if (python === undefined) {
        progress(`FastAPI: a virtual environment with ${packages.join(', ')}, made once and kept`);
        python = pythonVenv(packages);
      }
      return python;
    },
  };
}

/**
 * `npm run bench -- serve [names]`: the service beside a bare server and FastAPI on the same models, load and all on the same processors, and what it does
 * when it is given too much, asked to leave, swapped and used for long. Every bound is a ratio within one run, or a time that no machine should need. Answers
 * whether every bound holds. Throws InputError for a name that is not there.
 */
export async function run(names: readonly string[] = []): Promise<boolean> {
  const unknown = names.find((name) => !(name in measurements));
  if (unknown !== undefined) {
    const allowed = Object.keys(measurements).join(', ');
    throw new InputError({
      path: 'measurement',
      received: unknown,
      allowed,
      action: 'name one of these, or none for all',
    });
  }
  const scratch = await mkdtemp(join(tmpdir(), 'causeway-serve-'));
  const bench = createBench(scratch);
  const rows: Row[] = [];
  try {
    for (const [name, measure] of Object.entries(measurements)) {
      if (names.length > 0 && !names.includes(name)) continue;
      bench.progress(name);
      try {
        rows.push(...(await measure(bench)));
      } catch (error) {
        // One that cannot be measured is missed; the others are measured all the same.
        rows.push({ what: name, bound: 'can be measured', measured: (error as Error).message, holds: false });
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  console.log(`${availableParallelism()} processors for service and load, ${loadGenerator}, loopback`);
  console.log(renderTable(rows));
  return rows.every(({ holds }) => holds !== false);
}
