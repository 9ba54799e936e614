import { decodeModel } from '@repo/onnx/decode-model';
import { beforeAll, expect, test } from 'vitest';
import { boundaryRows, nextFloat32 } from './boundary-rows.ts';
import { type Calibration, fitPlatt } from './calibration.ts';
import { exportModel } from './export-model.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitLinearModel } from './linear-model.ts';
import { checkParity, isFlip } from './parity.ts';
import type { TreeEnsemble } from './prediction-model.ts';
import { fitPrior } from './prior-model.ts';
import { rowMajor, toColumns } from './row-major.ts';
import { leafOfRow, scoreRaw } from './score.ts';

const train = plantedMatrix(4000, 1);
const heldOut = plantedMatrix(3000, 2);
const heldOutRows = { rows: heldOut.rows, values: rowMajor(heldOut.columns, heldOut.rows) };
let trees: TreeEnsemble;
let calibrations: Calibration[];

beforeAll(async () => {
  // More trees than ONNX Runtime adds up one after the other when it may use threads (80).
  ({ model: trees } = await fitGradientBoosting(
    train,
    { objective: 'binary', rounds: 100, leaves: 8, minLeafRows: 5 },
    { threads: 1 },
  ));
  const raw = scoreRaw(trees, heldOut.columns, heldOut.rows);
  calibrations = [{ method: 'none' }, fitPlatt(raw, heldOut.labels), fitIsotonic(raw, heldOut.labels)];
});

test('raw scores of trees are equal bit for bit on held-out and boundary rows, probabilities within 1e-6', async () => {
  for (const calibration of calibrations) {
    const onnx = exportModel(trees, { calibration });
    for (const rows of [heldOutRows, boundaryRows(trees)]) {
      const parity = await checkParity(trees, onnx, { ...rows, calibration });
      expect(parity).toMatchObject({ rows: rows.rows, rawMismatches: 0, worstRaw: 0, firstMismatch: null });
      expect(parity.worstProbability).toBeLessThan(1e-6);
    }
  }
});

test('regression trees, linear models and priors agree too', async () => {
  const numbers = plantedMatrix(3000, 3, 'number');
  const regression = await fitGradientBoosting(
    numbers,
    { objective: 'regression', rounds: 30, leaves: 8 },
    { threads: 1 },
  );
  for (const model of [regression.model, fitPrior(train, 'binary'), fitPrior(numbers, 'regression')]) {
    for (const rows of [heldOutRows, boundaryRows(model)])
      expect(await checkParity(model, exportModel(model), rows)).toMatchObject({ rawMismatches: 0, worstRaw: 0 });
  }
  for (const model of [
    fitLinearModel(train, { objective: 'binary' }),
    fitLinearModel(numbers, { objective: 'regression' }),
  ]) {
    const parity = await checkParity(model, exportModel(model), heldOutRows);
    expect(parity.worstRaw).toBeLessThan(1e-5);
    expect(parity.worstProbability).toBeLessThan(1e-5);
  }
});

test('an ensemble that learned nothing and a calibration of one point can be exported', async () => {
  const model: TreeEnsemble = { ...trees, trees: [] };
  const calibration: Calibration = { method: 'isotonic', scores: [0.5], probabilities: [0.25] };
  const parity = await checkParity(model, exportModel(model, { calibration }), { ...heldOutRows, calibration });
  expect(parity).toMatchObject({ rawMismatches: 0, worstProbability: 0 });
});

test.each([
  ['threshold rounded up to the next float', (model: TreeEnsemble) => nudge(model, 1)],
  ['threshold one float too low', (model: TreeEnsemble) => nudge(model, -1)],
  ['missing values sent the other way', (model: TreeEnsemble) => flipMissing(model)],
])('boundary rows find a %s', async (_, spoil) => {
  const spoiled = structuredClone(trees);
  spoil(spoiled);
  const parity = await checkParity(trees, exportModel(spoiled), boundaryRows(trees));
  expect(parity.rawMismatches).toBeGreaterThan(0);
  expect(parity.firstMismatch).not.toBeNull();
});

test('held-out rows alone would not see a threshold one float off', async () => {
  const spoiled = structuredClone(trees);
  nudge(spoiled, 1);
  expect((await checkParity(trees, exportModel(spoiled), heldOutRows)).rawMismatches).toBe(0);
});

test('a wrong calibration is found by the probabilities alone', async () => {
  const onnx = exportModel(trees, { calibration: { method: 'platt', slope: 1.001, intercept: 0 } });
  const parity = await checkParity(trees, onnx, heldOutRows);
  expect(parity.rawMismatches).toBe(0);
  expect(parity.worstProbability).toBeGreaterThan(1e-5);
});

test('decisions that turn are counted, those that rounding decides are not', async () => {
  const calibration: Calibration = { method: 'platt', slope: 1, intercept: 0.2 };
  const onnx = exportModel(trees, { calibration });
  const faithful = { ...heldOutRows, calibration };
  expect(await checkParity(trees, onnx, { ...faithful, threshold: 0.5 })).toMatchObject({ flips: 0 });
  expect(await checkParity(trees, onnx, heldOutRows)).toMatchObject({ flips: 0 });
  expect((await checkParity(trees, onnx, { ...heldOutRows, threshold: 0.5 })).flips).toBeGreaterThan(0);
  expect(isFlip(0.5, 0.4999999, 0.5000001)).toBe(false);
  expect(isFlip(0.5, 0.49, 0.51)).toBe(true);
  expect(isFlip(0.5, undefined, 0.51)).toBe(true);
});

test('boundary rows reach every leaf', () => {
  const { rows, values } = boundaryRows(trees);
  const columns = toColumns(values, trees.featureNames.length);
  for (const tree of trees.trees) {
    const reached = new Set(Array.from({ length: rows }, (_, row) => leafOfRow(tree, columns, row)));
    expect(reached.size).toBe(tree.leafValue.length);
  }
});

test('neighbouring floats are neighbours', () => {
  expect(nextFloat32(1, 1)).toBe(1 + 2 ** -23);
  expect(nextFloat32(1, -1)).toBe(1 - 2 ** -24);
  expect(nextFloat32(-1, 1)).toBe(-1 + 2 ** -24);
  expect(nextFloat32(0, -1)).toBe(-(2 ** -149));
});

test('the file names its input and outputs, carries the metadata and has the same bytes twice', () => {
  const metadata = { digest: 'abc', calibration: 'none' };
  const onnx = exportModel(trees, { metadata });
  const model = decodeModel(onnx);
  expect(model.metadata).toEqual(metadata);
  expect(model.graph.inputs).toEqual([{ name: 'features', elementType: 1, dims: ['N', 4] }]);
  expect(model.graph.outputs.map((output) => [output.name, output.dims])).toEqual([
    ['probability', ['N', 1]],
    ['raw', ['N', 1]],
  ]);
  expect(exportModel(structuredClone(trees), { metadata: { calibration: 'none', digest: 'abc' } })).toEqual(onnx);
});

/** Moves the threshold of the first tree's root by one float, as rounding a float64 threshold to the nearest float32 would. */
function nudge(model: TreeEnsemble, step: 1 | -1): void {
  const tree = model.trees[0] as TreeEnsemble['trees'][number];
  tree.threshold[0] = nextFloat32(tree.threshold[0] as number, step);
}

function flipMissing(model: TreeEnsemble): void {
  const tree = model.trees[0] as TreeEnsemble['trees'][number];
  tree.missingLeft[0] = !tree.missingLeft[0];
}
