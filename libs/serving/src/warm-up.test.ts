import { setTimeout as wait } from 'node:timers/promises';
import type { TensorMetadata } from '@repo/contract/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { Executor } from './executor.ts';
import { batchNormalizingModel, denseModel } from './fixtures/plain-models.ts';
import { createInlineExecutor } from './inline-executor.ts';
import { goldenInputs, randomInputs } from './sample-inputs.ts';
import { warmUp } from './warm-up.ts';

const x: TensorMetadata = { name: 'x', datatype: 'FP32', shape: [-1, 3] };
const y = { ...x, name: 'y' };
const inputsOf = (...features: (number | null)[][]) =>
  goldenInputs(x, { schemaVersion: 1, features, outputs: [], tolerance: 0 });

/** An executor that notes how many rows each run had, and pauses before each. */
async function countRows(model: Uint8Array, pauseMs = 0): Promise<{ executor: Pick<Executor, 'run'>; rows: number[] }> {
  const inline = await createInlineExecutor('example', model);
  onTestFinished(() => inline.release());
  const rows: number[] = [];
  const run: Executor['run'] = async (inputs, outputs) => {
    await wait(pauseMs);
    rows.push(inputs[0]?.shape[0] ?? 0);
    return inline.run(inputs, outputs);
  };
  return { executor: { run }, rows };
}

test('golden rows come first, missing values as NaN, and random rows after them', () => {
  const [input] = inputsOf([1, 2, null])(3);
  expect(input).toMatchObject({ name: 'x', datatype: 'FP32', shape: [3, 3] });
  const values = Array.from(input?.data as Float32Array);
  expect(values.slice(0, 3)).toEqual([1, 2, Number.NaN]);
  expect(new Set(values.slice(3)).size).toBe(6);
});

test('random rows are the same at every start and in memory of their own', () => {
  const sample = randomInputs([x], 1);
  expect(sample(4)).toEqual(sample(4));
  expect(sample(4)[0]?.data).not.toBe(sample(4)[0]?.data);
});

test('a model is run three times or more with one row and with the largest batch', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]));
  const warm = await warmUp(executor, { inputs: [x], outputs: [y] }, randomInputs([x], 1), 16);
  expect(warm).toMatchObject({ noBatches: undefined });
  expect(warm.oneRowMs).toBeGreaterThan(0);
  expect(warm.fullBatchMs).toBeGreaterThan(0);
  expect(rows.filter((count) => count === 16).length).toBeGreaterThanOrEqual(3);
  expect(rows.indexOf(16)).toBeGreaterThanOrEqual(3);
});

test('a slow model is run three times of each, not more, and some rows are compared', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]), 12);
  await warmUp(executor, { inputs: [x], outputs: [y] }, randomInputs([x], 1), 256);
  expect(rows).toEqual([1, 1, 1, 256, 256, 256, ...Array(8).fill(1)]);
});

test('a single golden row does not hide that rows depend on each other', async () => {
  const { executor } = await countRows(batchNormalizingModel());
  const warm = await warmUp(executor, { inputs: [x], outputs: [y] }, inputsOf([1, 2, 3]), 8);
  expect(warm.noBatches).toBe('y of a row is another when the row is alone');
});

test('a definition that wants single rows gets them without a run of more', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]));
  const warm = await warmUp(executor, { inputs: [x], outputs: [y] }, randomInputs([x], 1), 1);
  expect(warm.noBatches).toBe('its definition says so');
  expect(warm.fullBatchMs).toBe(warm.oneRowMs);
  expect(new Set(rows)).toEqual(new Set([1]));
});
