import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { allBundleFiles, goldenSchema } from '@repo/contract/manifest';
import { profileSchema } from '@repo/contract/profile';
import { StageFailure } from '@repo/contract/stage-failure';
import { importedOnnx, trainer } from '@repo/contract/training';
import { readBundle } from '@repo/registry/read-bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleMetricsSchema } from './bundle-metrics.ts';
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

test('a training run leaves the files of a bundle, the optional ones too, their manifest, a card and a report, and nothing beside them', async () => {
  const { outDir } = world.options();
  expect(await readdir(join(world.root, 'stage'))).toEqual(['train']);
  expect((await readdir(outDir)).sort()).toEqual(['bundle', 'evidence', 'report.html']);
  expect(await readdir(join(outDir, 'evidence'))).toEqual(['card.md']);
  expect(await readFile(join(outDir, 'evidence/card.md'), 'utf8')).toContain(first.digest);
  expect((await readdir(join(outDir, 'bundle'))).sort()).toEqual([...allBundleFiles, 'manifest.json'].sort());
  expect((await stat(outDir)).mode & 0o777).toBe(0o755);
  expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const metrics = await readJson('bundle/metrics.json');
  expect(metrics).toEqual(JSON.parse(JSON.stringify(first.metrics)));
  expect(bundleMetricsSchema.parse(metrics)).toEqual(metrics);
  expect(() => bundleMetricsSchema.parse({ ...metrics, test: { logLoss: 'low' } })).toThrow();
});

test('the model beats the prior on rows that it never saw', () => {
  const { test: scores, baselines, rows, trainer } = first.metrics;
  expect(rows).toEqual({ train: 700, validate: 300, test: 1000 });
  expect(scores.auc).toBeGreaterThan(0.75);
  expect(baselines.prior?.test.auc).toBe(0.5);
  expect(baselines.prior?.gain.lower).toBeGreaterThan(0);
  expect(trainer).toMatchObject({ trainer: 'gradientBoosting', calibration: expect.any(String) });
});

test('every level of degradation is measured on the test rows, and what is missing costs what it was worth', () => {
  const { levels, test: whole } = first.metrics;
  expect(levels.map(({ level, without, rows }) => [level, without, rows])).toEqual([
    ['champion', [], 1000],
    ['champion', ['waiting'], 1000],
    ['compact', [], 1000],
    ['prior', [], 1000],
  ]);
  expect(levels[0]?.metrics).toEqual(whole);
  const losses = levels.map(({ metrics }) => metrics.logLoss as number);
  for (const worse of losses.slice(1, 3)) {
    expect(worse).toBeGreaterThan(losses[0] as number);
    expect(worse).toBeLessThan(losses[3] as number);
  }
  expect(levels[3]?.metrics.auc).toBe(0.5);
});

test('the profile holds rising outlier scores of rows that were held out, and few test rows are outliers', async () => {
  const { outliers } = profileSchema.parse(await readJson('bundle/profile.json'));
  const scores = outliers?.scores ?? [];
  expect(scores).toHaveLength(300);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  const { below, testShare } = first.metrics.outliers;
  expect(below).toBe(0.005);
  expect(testShare).toBeLessThan(0.03);
});

test.each(['outliers.onnx', 'compact.onnx'])('a bundle whose %s was damaged is refused by its digest', async (name) => {
  const damaged = join(world.root, `damaged-${name}`);
  await cp(join(world.options().outDir, 'bundle'), damaged, { recursive: true });
  expect((await readBundle(damaged)).digest).toBe(first.digest);
  const bytes = await readFile(join(damaged, name));
  const half = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(half) ^ 1, half);
  await writeFile(join(damaged, name), bytes);
  const refusal = await readBundle(damaged).catch((error: InputError) => error);
  expect((refusal as InputError).problems.map(({ path }) => path)).toEqual([join(damaged, name)]);
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
  for (const level of ['champion', 'champion without waiting', 'compact', 'prior'])
    expect(page).toContain(`<td>${level}</td>`);
  expect(page).toMatch(/\d\.\d\d % of the test rows are outliers \(p below 0\.005\)/);
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
  expect((await readdir(world.options().outDir)).sort()).toEqual(['bundle', 'evidence', 'report.html']);
  const page = await readFile(join(world.options().outDir, 'report.html'), 'utf8');
  expect(page).toContain(`<td>version of node</td><td>${process.versions.node}</td>`);
  expect(await readJson('bundle/metrics.json')).not.toHaveProperty('trainer.node');
  expect((await readdir(join(world.options().outDir, 'bundle'))).sort()).toEqual(
    [...allBundleFiles, 'manifest.json'].sort(),
  );
  expect(metrics.levels.map(({ level }) => level)).toEqual(['champion', 'champion', 'compact', 'prior']);
});

test('a regression is trained, measured and drawn too', async () => {
  const other = await createSmallWorld('took');
  try {
    const { metrics } = await trainStage(other.options());
    expect(metrics.task).toBe('regression');
    expect(metrics.test.r2).toBeGreaterThan(0.6);
    expect(metrics.levels.map(({ level, metrics: { r2 } }) => [level, (r2 as number) > 0])).toEqual([
      ['champion', true],
      ['champion', true],
      ['compact', true],
      ['prior', false],
    ]);
    const page = await readFile(join(other.options().outDir, 'report.html'), 'utf8');
    expect(page).toContain('Labels against answers on the test rows');
    expect(page).not.toContain('ROC curve');
  } finally {
    await other.remove();
  }
});

test('a model whose definition asks for no compact model gets none', async () => {
  const other = await createSmallWorld();
  try {
    const serving = { ...other.contract.serving, fallback: ['prior'] };
    await writeFile(join(other.root, 'contract.json'), canonicalJson({ ...other.contract, serving }));
    const { metrics } = await trainStage(other.options());
    expect(await readdir(join(other.options().outDir, 'bundle'))).not.toContain('compact.onnx');
    expect(metrics.levels.map(({ level }) => level)).toEqual(['champion', 'champion', 'prior']);
  } finally {
    await other.remove();
  }
});
