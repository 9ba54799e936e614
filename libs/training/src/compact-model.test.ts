import { InputError } from '@repo/contract/input-error';
import { decodeModel } from '@repo/onnx/decode-model';
import { auc } from '@repo/stats/auc';
import { expect, test } from 'vitest';
import { trainCompact } from './compact-model.ts';
import type { FeatureTables } from './feature-table.ts';
import { jobContract, type PlantedRow, plantedTables } from './fixtures/planted-tables.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { rowMajor } from './row-major.ts';
import { hideColumns, selectColumns } from './training-matrix.ts';
import { narrowContract } from './view-columns.ts';

const request = [0, 2, 3];
const byLoad = ({ load, chance }: PlantedRow) => (chance < load ? 1 : 0);

async function answers(onnx: Uint8Array, { test: { matrix } }: FeatureTables, label: 'failed' | 'took' = 'failed') {
  const scorer = await createOnnxScorer(onnx, narrowContract(jobContract(label), request));
  try {
    return await scorer.score(rowMajor(selectColumns(matrix, request).columns, matrix.rows), matrix.rows);
  } finally {
    await scorer.release();
  }
}

test('it takes the features of request views alone, in the order of the contract, and ranks rows by them', async () => {
  const tables = plantedTables(byLoad);
  const onnx = await trainCompact(jobContract(), tables);
  const { inputs, outputs } = decodeModel(onnx).graph;
  expect(inputs).toEqual([{ name: 'features', elementType: 1, dims: ['N', 3] }]);
  expect(outputs[0]).toMatchObject({ name: 'probability', dims: ['N', 1] });
  expect(onnx.length).toBeLessThan(64 * 1024);
  expect(auc(tables.test.matrix.labels, await answers(onnx, tables))).toBeGreaterThan(0.75);
});

test('what a looked-up feature holds changes no byte of it, what a request feature holds does', async () => {
  const tables = plantedTables(byLoad);
  const onnx = await trainCompact(jobContract(), tables);
  const without = async (column: number) => {
    const hide = ({ matrix, ...rest }: FeatureTables['train']) => ({ ...rest, matrix: hideColumns(matrix, [column]) });
    const { train, validate, test: tested } = tables;
    return trainCompact(jobContract(), { train: hide(train), validate: hide(validate), test: hide(tested) });
  };
  expect(await without(1)).toEqual(onnx);
  expect(await without(0)).not.toEqual(onnx);
});

test('the validation split chooses: a line where the truth is one, trees where it has corners', async () => {
  const kindOf = async (label: (row: PlantedRow) => number) =>
    decodeModel(await trainCompact(jobContract(), plantedTables(label))).graph.name;
  const line = ({ load, tick, chance }: PlantedRow) => (chance < 1 / (1 + Math.exp(4 - 4 * (load + tick))) ? 1 : 0);
  expect(await kindOf(line)).toBe('linear');
  const corners = ({ load, tick, chance }: PlantedRow) => (chance < (load > 0.5 === tick > 0.5 ? 0.8 : 0.2) ? 1 : 0);
  expect(await kindOf(corners)).toBe('trees');
});

test('probabilities are those of the validation days where the rate has moved since', async () => {
  const rare = ({ load, chance }: PlantedRow) => (chance < 0.2 * load ? 1 : 0);
  const tables = plantedTables(byLoad, rare);
  const given = await answers(await trainCompact(jobContract(), tables), tables);
  const mean = given.reduce((sum, answer) => sum + answer, 0) / given.length;
  expect(mean).toBeGreaterThan(0.07);
  expect(mean).toBeLessThan(0.13);
});

test('a regression is answered with a number', async () => {
  const tables = plantedTables(({ load, chance }) => 10 * load + chance);
  const given = await answers(await trainCompact(jobContract('took'), tables), tables, 'took');
  const { columns } = tables.test.matrix;
  given.forEach((answer, row) => {
    expect(Math.abs(answer - 10 * (columns[0]?.[row] as number) - 0.5)).toBeLessThan(0.5);
  });
});

test('features that say nothing give a model that answers with the rate', async () => {
  const tables = plantedTables(({ chance }) => (chance < 0.3 ? 1 : 0));
  const flat = ({ matrix, ...rest }: FeatureTables['train']) => ({
    ...rest,
    matrix: hideColumns(matrix, [0, 1, 2, 3]),
  });
  const blind = { train: flat(tables.train), validate: flat(tables.validate), test: flat(tables.test) };
  const given = await answers(await trainCompact(jobContract(), blind), blind);
  expect(new Set(given).size).toBe(1);
  expect(given[0]).toBeGreaterThan(0.2);
  expect(given[0]).toBeLessThan(0.4);
});

test('a contract without a request view is refused', async () => {
  const contract = jobContract();
  const views = contract.views.filter(({ spec }) => spec.kind !== 'request');
  await expect(trainCompact({ ...contract, views, features: [] }, plantedTables(byLoad))).rejects.toThrow(InputError);
});
