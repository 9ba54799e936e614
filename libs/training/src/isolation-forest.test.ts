import { auc } from '@repo/stats/auc';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { boundaryRows } from './boundary-rows.ts';
import { exportOutliers, outlierOutput } from './export-outliers.ts';
import { jobContract } from './fixtures/planted-tables.ts';
import { fitIsolationForest, type IsolationForest, outlierScores, usualPathOf } from './isolation-forest.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { requireOutlierParity } from './require-outlier-parity.ts';
import { toColumns } from './row-major.ts';
import { createTrainingMatrix, type TrainingMatrix } from './training-matrix.ts';

/** Rows of three normal numbers and a code, a tenth of the second missing; the first `strange` rows lie four to six deviations off in two of them. */
function plantedRows(rows: number, strange: number, seed: number): TrainingMatrix {
  const random = createRandom(seed);
  const columns = [0, 1, 2, 3].map(() => new Float32Array(rows));
  for (let row = 0; row < rows; row++) {
    const away = () => (random.next() < 0.5 ? -1 : 1) * (4 + 2 * random.next());
    const values = [random.normal(), random.normal(), random.normal(), random.integer(5)];
    if (row < strange) for (const place of [0, 2]) values[place] = away();
    else if (random.next() < 0.1) values[1] = Number.NaN;
    values.forEach((value, place) => {
      (columns[place] as Float32Array)[row] = value;
    });
  }
  return createTrainingMatrix({
    featureNames: ['a', 'b', 'c', 'd'],
    categorical: [false, false, false, true],
    columns,
    labels: new Float32Array(rows),
  });
}

const clean = plantedRows(4000, 0, 1);
const mixed = plantedRows(2000, 100, 2);
const forest = fitIsolationForest(clean);
const scores = outlierScores(forest, mixed.columns, mixed.rows);

async function withScorer<T>(of: IsolationForest, work: (scorer: Awaited<ReturnType<typeof createOnnxScorer>>) => T) {
  const output = { name: outlierOutput, datatype: 'FP32' } as const;
  const scorer = await createOnnxScorer(exportOutliers(of), { ...jobContract(), task: 'regression', output });
  try {
    return await work(scorer);
  } finally {
    await scorer.release();
  }
}

test('planted outliers score higher than the others, also when they were among the rows that the forest grew on', () => {
  const isStrange = Float64Array.from({ length: mixed.rows }, (_, row) => (row < 100 ? 1 : 0));
  expect(auc(isStrange, scores)).toBeGreaterThan(0.95);
  expect(auc(isStrange, outlierScores(fitIsolationForest(mixed), mixed.columns, mixed.rows))).toBeGreaterThan(0.95);
});

test('scores lie between 0 and 1, and a row with everything missing is less strange than most', () => {
  expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  const nothing = Array.from({ length: 4 }, () => Float32Array.of(Number.NaN));
  const [score] = outlierScores(forest, nothing, 1);
  expect(score).toBeLessThan(scores.toSorted()[1000] as number);
});

test('the exported graph gives the scores of the forest within 1e-6, on both sides of every threshold too', async () => {
  const { rows, values } = boundaryRows(forest.paths);
  const boundary = outlierScores(forest, toColumns(values, 4), rows);
  await withScorer(forest, async (scorer) => {
    await requireOutlierParity(forest, scorer, mixed);
    const theirs = await scorer.score(values, rows);
    const worst = theirs.reduce((most, score, row) => Math.max(most, Math.abs(score - (boundary[row] as number))), 0);
    expect(worst).toBeLessThan(1e-6);
  });
});

test('a graph of another forest, or one that sends missing values the other way, is refused', async () => {
  const flipped = structuredClone(forest);
  for (const tree of flipped.paths.trees) tree.missingLeft = tree.missingLeft.map((left) => !left);
  for (const spoiled of [flipped, { ...forest, usualPath: forest.usualPath * 1.0001 }]) {
    await withScorer(spoiled, async (scorer) => {
      await expect(requireOutlierParity(forest, scorer, mixed)).rejects.toThrow(
        /differs from the forest: 0\.\d+ instead/,
      );
    });
  }
});

test('a graph that answers NaN is refused', async () => {
  const silent = { score: async (_: Float32Array, rows: number) => new Float32Array(rows).fill(Number.NaN) };
  await expect(requireOutlierParity(forest, { ...silent, release: async () => {} }, mixed)).rejects.toThrow(
    /NaN instead/,
  );
});

test('equal seeds give equal bytes, others do not', () => {
  expect(exportOutliers(fitIsolationForest(clean))).toEqual(exportOutliers(forest));
  expect(exportOutliers(fitIsolationForest(clean, { seed: 2 }))).not.toEqual(exportOutliers(forest));
});

test('a tree is as deep as 256 rows allow and ends in leaves that say how many rows they stand for', () => {
  expect(forest.paths.trees).toHaveLength(100);
  const longest = Math.max(...forest.paths.trees.flatMap(({ leafValue }) => leafValue));
  expect(longest).toBeGreaterThan(8);
  expect(longest).toBeLessThanOrEqual(8 + usualPathOf(256));
  expect([0, 1, 2, 3].map(usualPathOf)).toEqual([0, 0, 1, 2 * 1.5 - 4 / 3]);
});

test('rows that are all alike, a single row and neighbouring float32 numbers still give a forest', () => {
  const of = (...values: number[]) =>
    createTrainingMatrix({
      featureNames: ['a'],
      categorical: [false],
      columns: [Float32Array.from(values)],
      labels: new Float32Array(values.length),
    });
  for (const matrix of [of(3, 3, 3), of(3), of(Number.NaN, Number.NaN)]) {
    const [score] = outlierScores(fitIsolationForest(matrix), matrix.columns, 1);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThanOrEqual(1);
  }
  const next = 1 + 2 ** -23;
  const { paths } = fitIsolationForest(of(1, next));
  expect(paths.trees.every((tree) => tree.threshold[0] === 1)).toBe(true);
});
