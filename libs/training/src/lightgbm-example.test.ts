import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StageFailure } from '@repo/contract/stage-failure';
import { trainer } from '@repo/contract/training';
import { openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSmallWorld, type SmallWorld, tableColumns, writeParquet } from './fixtures/small-world.ts';
import { trainStage } from './train-stage.ts';

const { CAUSEWAY_PYTHON: python = 'python3' } = process.env;
const program = fileURLToPath(new URL('../examples/lightgbm/train.py', import.meta.url));
const params = { num_iterations: 30, num_leaves: 6, min_data_in_leaf: 10, early_stopping_round: 5 };
let hasLightgbm: boolean;
let world: SmallWorld;

beforeAll(async () => {
  const found = 'from importlib.util import find_spec as f; assert all(map(f, ("lightgbm", "onnx", "pyarrow")))';
  hasLightgbm = spawnSync(python, ['-c', found]).status === 0;
  world = await createSmallWorld();
});
beforeEach((context) => {
  context.skip(!hasLightgbm, `${python} has no lightgbm, onnx and pyarrow; CAUSEWAY_PYTHON may name one that does`);
});
afterAll(() => world.remove());

const run = (script = program) => trainStage(world.options(trainer({ command: [python, script], params })));

/** Runs the example with one line of it replaced. */
async function runSpoiled(line: string, by: string) {
  const text = await readFile(program, 'utf8');
  expect(text).toContain(line);
  await mkdir(join(world.root, 'spoiled'), { recursive: true });
  await writeFile(join(world.root, 'spoiled/train.py'), text.replace(line, by));
  return run(join(world.root, 'spoiled/train.py'));
}

test('LightGBM trains under the file contract, and its model answers as it predicted', async () => {
  const { metrics } = await run();
  expect(metrics.test.auc).toBeGreaterThan(0.75);
  expect(metrics.trainer).toMatchObject({ rounds: expect.any(Number), valid_binary_logloss: expect.any(Number) });
  const page = await readFile(join(world.options().outDir, 'report.html'), 'utf8');
  expect(page).toContain('<td>version of lightgbm</td>');
});

test.each([
  [
    'thresholds rounded to the nearest float32',
    'return float(rounded if float(rounded) <= threshold else numpy.nextafter(rounded, numpy.float32(-numpy.inf)))',
    'return float(rounded)',
  ],
  ['missing values sent the other way', 'return node["default_left"]', 'return not node["default_left"]'],
])('an export with %s is found', async (_, line, by) => {
  const spoiled = runSpoiled(line, by);
  await expect(spoiled).rejects.toThrow(StageFailure);
  await expect(spoiled).rejects.toThrow(/validation rows otherwise than its trainer predicted/);
});

test('values missing only after training go where LightGBM sends them: to the side of 0', async () => {
  const database = await openDatabase();
  const shifted = async (split: string, expression: string) => {
    const path = join(world.root, `${split}.parquet`);
    await database.run(
      `CREATE OR REPLACE TABLE t AS SELECT * REPLACE (CAST(${expression} AS FLOAT) AS wait) FROM '${path}'`,
    );
    await database.run(`COPY t TO '${path}' (FORMAT parquet)`);
  };
  try {
    await shifted('train', '(CASE WHEN isnan(wait) THEN label ELSE wait END) - 0.5');
    await shifted('validate', 'wait - 0.5');
    await run();
    await expect(runSpoiled('return 0.0 <= node["threshold"]', 'return False')).rejects.toThrow(StageFailure);
  } finally {
    database.close();
  }
});

test('input that it cannot train on is refused with exit code 2 and its reason', async () => {
  const inDir = join(world.root, 'in');
  await mkdir(inDir);
  await writeFile(join(inDir, 'contract.json'), await readFile(join(world.root, 'contract.json')));
  await writeFile(join(inDir, 'params.json'), '{}');
  for (const [columns, rows, message] of [
    [tableColumns, [], 'train.parquet: received 0 rows; allowed: 1 or more'],
    [{ label: 'FLOAT' }, [['1']], 'train.parquet: received no column row_id, load, wait, kind, tick'],
  ] as const) {
    await writeParquet(join(inDir, 'train.parquet'), columns, rows);
    const { status, stderr } = spawnSync(python, [program, inDir, world.root], { encoding: 'utf8' });
    expect(stderr).toContain(`train.py: ${message}`);
    expect(status).toBe(2);
  }
});
