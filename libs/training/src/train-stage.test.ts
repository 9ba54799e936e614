import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import { allBundleFiles, goldenSchema } from '@repo/contract/manifest';
import { StageFailure } from '@repo/contract/stage-failure';
import { importedOnnx, trainer } from '@repo/contract/training';
import { readBundle } from '@repo/registry/read-bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSmallWorld, type SmallWorld } from './fixtures/small-world.ts';
import type { TrainResult } from './train-result.ts';
import { trainStage } from './train-stage.ts';

let world: SmallWorld;
let first: TrainResult;
const program = fileURLToPath(new URL('fixtures/trainer.ts', import.meta.url));
const run = (params = {}) => trainer({ command: [process.execPath, program], params });
const readJson = async (...path: string[]) =>
  JSON.parse(await readFile(join(world.root, 'stage/train', ...path), 'utf8'));

beforeAll(async () => {
  world = await createSmallWorld();
  first = await trainStage(world.options());
});
afterAll(() => world.remove());

test('a training run leaves the files of a bundle, the optional ones too, their manifest and a report, and nothing beside them', async () => {
  const { outDir } = world.options();
  expect(await readdir(join(world.root, 'stage'))).toEqual(['train']);
  expect((await readdir(outDir)).sort()).toEqual(['bundle', 'report.html']);
  expect((await readdir(join(outDir, 'bundle'))).sort()).toEqual([...allBundleFiles, 'manifest.json'].sort());
  expect((await stat(outDir)).mode & 0o777).toBe(0o755);
  expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await readJson('bundle/metrics.json')).toEqual(JSON.parse(JSON.stringify(first.metrics)));
});

test('the model beats the prior on rows that it never saw', () => {
  const { test: scores, baselines, rows, trainer } = first.metrics;
  expect(rows).toEqual({ train: 700, validate: 300, test: 1000 });
  expect(scores.auc).toBeGreaterThan(0.75);
  expect(baselines.prior?.test.auc).toBe(0.5);
  expect(baselines.prior?.gain.lower).toBeGreaterThan(0);
  expect(trainer).toMatchObject({ trainer: 'gradientBoosting', calibration: expect.any(String) });
});

test('golden rows spread over the test split and hold null for missing', async () => {
  const golden = goldenSchema.parse(await readJson('bundle/golden.json'));
  expect(golden.features).toHaveLength(50);
  expect(golden.outputs.every((x) => x > 0 && x < 1)).toBe(true);
  expect(golden.features.flat()).toContain(null);
});

test('the report is self-contained, has a chart of each kind and shows the question as text', async () => {
  const page = await readFile(join(world.options().outDir, 'report.html'), 'utf8');
  expect(page).not.toMatch(/<script|<link|<iframe|<img|\b(?:src|href)\s*=|url\(\s*["']?http|@import/i);
  expect(page.match(/<svg /g)).toHaveLength(5);
  expect(page).toContain('Will this &lt;job&gt; fail?');
  expect(page).not.toContain('<job>');
  expect(page).toContain(first.digest);
});

test('a second run gives the same digest', async () => {
  expect((await trainStage(world.options())).digest).toBe(first.digest);
});

test('a failing run leaves what was there before, and nothing else', async () => {
  for (const [training, error] of [
    [importedOnnx({ path: 'absent.onnx' }), InputError],
    [run({ shift: 0.01 }), StageFailure],
  ] as const) {
    await expect(trainStage(world.options(training))).rejects.toThrow(error);
    expect(await readdir(join(world.root, 'stage'))).toEqual(['train']);
    expect((await readBundle(join(world.options().outDir, 'bundle'))).digest).toBe(first.digest);
  }
});

test('a foreign program trains under the file contract, and its words and versions are kept where they belong', async () => {
  const { metrics } = await trainStage(world.options(run()));
  expect(metrics.trainer).toEqual({ rows: 700, trainer: `${process.execPath} ${program}` });
  expect(metrics.test.auc).toBeGreaterThan(0.7);
  expect(await readdir(world.options().outDir)).toEqual(['bundle', 'report.html']);
  const page = await readFile(join(world.options().outDir, 'report.html'), 'utf8');
  expect(page).toContain(`<td>version of node</td><td>${process.versions.node}</td>`);
  expect(await readJson('bundle/metrics.json')).not.toHaveProperty('trainer.node');
});

test('a regression is trained, measured and drawn too', async () => {
  const other = await createSmallWorld('took');
  try {
    const { metrics } = await trainStage(other.options());
    expect(metrics.task).toBe('regression');
    expect(metrics.test.r2).toBeGreaterThan(0.6);
    const page = await readFile(join(other.options().outDir, 'report.html'), 'utf8');
    expect(page).toContain('Labels against answers on the test rows');
    expect(page).not.toContain('ROC curve');
  } finally {
    await other.remove();
  }
});
