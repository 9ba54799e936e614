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
  goldenInputs(x, { schemaVersion: 1, features, rowIds: [], outputs: [], tolerance: 0 });

/** An executor that notes how many rows each run had and says how long it took: 10 microseconds unless told. */
async function countRows(
  model: Uint8Array,
  secondsOf: (run: number) => number = () => 1e-5,
): Promise<{ executor: Pick<Executor, 'run'>; rows: number[] }> {
  const inline = await createInlineExecutor('example', model);
  onTestFinished(() => inline.release());
  const rows: number[] = [];
  const run: Executor['run'] = async (inputs, outputs) => {
    rows.push(inputs[0]?.shape[0] ?? 0);
    return { ...(await inline.run(inputs, outputs)), seconds: secondsOf(rows.length) };
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

/** Three runs of one row, three of sixteen, and eight rows of those alone to compare. */
const leastRuns = [1, 1, 1, 16, 16, 16, ...Array(8).fill(1)];
const dense = { inputs: [x], outputs: [y] };

test.each([
  { what: 'quick', seconds: 1e-5 },
  { what: 'far from quick', seconds: 1 },
])('a model that is $what is run three times with one row and with the largest batch', async ({ seconds }) => {
  const { executor, rows } = await countRows(denseModel([3, 3]), () => seconds);
  const warm = await warmUp(executor, dense, randomInputs([x], 1), 16);
  expect(warm).toEqual({ oneRowMs: 1000 * seconds, fullBatchMs: 1000 * seconds, noBatches: undefined });
  expect(rows).toEqual(leastRuns);
});

test('a quick model that looks slow a few times gets more runs to show what it is', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]), (run) => (run <= 5 ? 0.001 : 0.0001));
  const warm = await warmUp(executor, dense, randomInputs([x], 1), 16);
  expect(warm.oneRowMs).toBeCloseTo(0.1);
  expect(rows).toEqual([1, 1, 1, ...leastRuns]);
});

test('a model that is never quite quick is not run for ever', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]), () => 0.0003);
  await warmUp(executor, dense, randomInputs([x], 1), 16);
  expect(rows.indexOf(16)).toBeLessThanOrEqual(50);
});

test('a single golden row does not hide that rows depend on each other', async () => {
  const { executor } = await countRows(batchNormalizingModel());
  const warm = await warmUp(executor, dense, inputsOf([1, 2, 3]), 8);
  expect(warm.noBatches).toBe('y of a row is another when the row is alone');
});

test('a definition that wants single rows gets them without a run of more', async () => {
  const { executor, rows } = await countRows(denseModel([3, 3]));
  const warm = await warmUp(executor, dense, randomInputs([x], 1), 1);
  expect(warm.noBatches).toBe('its definition says so');
  expect(warm.fullBatchMs).toBe(warm.oneRowMs);
  expect(new Set(rows)).toEqual(new Set([1]));
});
