import { StageFailure } from '@repo/contract/stage-failure';
import { beforeAll, expect, test } from 'vitest';
import { nextFloat32 } from './boundary-rows.ts';
import { exportModel } from './export-model.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import type { Tree, TreeEnsemble } from './prediction-model.ts';
import { requireParity } from './require-parity.ts';

const heldOut = plantedMatrix(300, 2);
const none = { method: 'none' } as const;
let model: TreeEnsemble;
const firstTree = (of: TreeEnsemble) => of.trees[0] as Tree;

beforeAll(async () => {
  const options = { objective: 'binary', rounds: 5, leaves: 4, minLeafRows: 5 } as const;
  ({ model } = await fitGradientBoosting(plantedMatrix(500, 1), options, { threads: 1 }));
});

test('a faithful export passes', async () => {
  await requireParity(model, exportModel(model), none, heldOut);
});

test.each([
  ['a leaf of another value', 'held-out', (m: TreeEnsemble) => firstTree(m).leafValue.fill(0.5)],
  [
    'a threshold one float too high',
    'boundary',
    (m: TreeEnsemble) => {
      firstTree(m).threshold[0] = nextFloat32(firstTree(m).threshold[0] as number, 1);
    },
  ],
])('an export with %s fails the stage on %s rows', async (_, rows, spoil) => {
  const spoiled = structuredClone(model);
  spoil(spoiled);
  const checked = requireParity(model, exportModel(spoiled), none, heldOut);
  await expect(checked).rejects.toThrow(StageFailure);
  await expect(checked).rejects.toThrow(new RegExp(`differs from the trained one: \\d+ of \\d+ ${rows} rows`));
});

test('an export with another calibration fails the stage though every raw score agrees', async () => {
  const onnx = exportModel(model, { calibration: { method: 'platt', slope: 1.01, intercept: 0 } });
  await expect(requireParity(model, onnx, none, heldOut)).rejects.toThrow(
    /: 0 of 300 held-out rows, .* worst difference/,
  );
});
