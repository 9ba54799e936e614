import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { Datatype } from '@repo/contract/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  batchNormalizingModel,
  deepModel,
  denseModel,
  echoModel,
  lookupModel,
  rowSumModel,
} from './fixtures/plain-models.ts';
import { openPlainModel } from './open-served-model.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';
import type { Tensor } from './tensor.ts';

async function open(onnx: Uint8Array, options: Partial<ServingOptions> = {}) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const serving = { workers: 1, hardTimeoutMs: 60_000, maxQueueBytes: 2 ** 24, warn, ...options };
  const model = await openPlainModel({ name: 'plain', version: '7', onnx }, serving);
  onTestFinished(() => model.close());
  return { model, warnings };
}

function ask(model: ServedModel, inputs: readonly Tensor[], outputs = model.outputs.map(({ name }) => name)) {
  return model.run({ inputs, outputs, deadlineMs: performance.now() + 20_000 });
}
/** Layers of a deep model that take some milliseconds. */
const slow = 1000;
/** A row of it whose only value comes out at this place. */
const place = slow % 64;
const deepRow = (value: number): Tensor[] => rows([value, ...Array(63).fill(0)]);
const rows = (...values: number[][]): Tensor[] => [
  {
    name: 'x',
    datatype: 'FP32',
    shape: [values.length, values[0]?.length ?? 0],
    data: Float32Array.from(values.flat()),
  },
];

const dataOf = ([output]: readonly Tensor[]) => Array.from(output?.data as Float32Array);

test('a small model runs inline and tells what it is', async () => {
  const onnx = denseModel([3, 4, 2]);
  const { model, warnings } = await open(onnx);
  expect(model).toMatchObject({ name: 'plain', version: '7', contract: null, bundle: null, executor: 'inline' });
  expect(model.digest).toBe(`sha256:${createHash('sha256').update(onnx).digest('hex')}`);
  expect(model.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1, 3] }]);
  expect(model.outputs).toEqual([{ name: 'y', datatype: 'FP32', shape: [-1, 2] }]);
  expect(model.maxBatchSize).toBe(32);
  expect(warnings).toEqual([]);
  expect(model.statistics()).toMatchObject({ executions: 0, success: { count: 0 } });
});

test('a model too slow for the event loop runs in a thread, and callers there share runs', async () => {
  const { model } = await open(deepModel(slow));
  expect(model).toMatchObject({ executor: 'worker', maxBatchSize: 32 });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(model, deepRow(i + 1))));
  expect(answers.map(({ outputs }) => outputs[0]?.data[place])).toEqual(answers.map((_, i) => i + 1));
  expect(answers.map(({ times }) => times.batchRows)).toEqual([...Array(32).fill(32), ...Array(8).fill(8)]);
  expect(model.statistics()).toMatchObject({ executions: 2, inferences: 40, success: { count: 40 } });
});

const everything: { datatype: Datatype; data: Tensor['data'] }[] = [
  { datatype: 'BOOL', data: Uint8Array.of(1, 0) },
  { datatype: 'UINT8', data: Uint8Array.of(0, 255) },
  { datatype: 'INT8', data: Int8Array.of(-128, 127) },
  { datatype: 'UINT16', data: Uint16Array.of(0, 65_535) },
  { datatype: 'INT16', data: Int16Array.of(-32_768, 32_767) },
  { datatype: 'UINT32', data: Uint32Array.of(0, 4_294_967_295) },
  { datatype: 'INT32', data: Int32Array.of(-2_147_483_648, 2_147_483_647) },
  { datatype: 'UINT64', data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
  { datatype: 'INT64', data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  { datatype: 'FP32', data: Float32Array.of(-0, Number.NaN) },
  { datatype: 'FP64', data: Float64Array.of(Number.POSITIVE_INFINITY, 5e-324) },
  { datatype: 'BYTES', data: ['', 'späť 🛫'] },
];
const types = everything.map(({ datatype }) => datatype);

test.each([
  { what: 'rows', dims: ['N', 2], shape: [1, 2] },
  { what: 'a rank of three', dims: ['N', 1, 2], shape: [1, 1, 2] },
  { what: 'fixed dimensions', dims: [2], shape: [2] },
  { what: 'free dimensions', dims: ['N', 'L'], shape: [2, 1] },
])('every datatype goes in and comes out whole, with $what', async ({ dims, shape }) => {
  const { model } = await open(echoModel(types, dims));
  const inputs = everything.map(({ datatype, data }) => ({ name: `in_${datatype}`, datatype, shape, data }));
  const expected = inputs.map((input) => ({ ...input, name: `out_${input.datatype}` }));
  const twice = await Promise.all([ask(model, structuredClone(inputs)), ask(model, structuredClone(inputs))]);
  for (const { outputs } of twice) expect(outputs).toEqual(expected);
});

test('a tensor without dimensions goes in and comes out, alone', async () => {
  const { model, warnings } = await open(echoModel(['FP32'], []));
  expect(model.maxBatchSize).toBe(1);
  expect(warnings).toEqual([expect.stringContaining('in_FP32 has the shape [], whose first dimension is not free')]);
  const { outputs } = await ask(model, [{ name: 'in_FP32', datatype: 'FP32', shape: [], data: Float32Array.of(3) }]);
  expect(outputs).toEqual([{ name: 'out_FP32', datatype: 'FP32', shape: [], data: Float32Array.of(3) }]);
});

test('only the outputs asked for come back, in the order asked', async () => {
  const { model } = await open(echoModel(['FP32', 'INT32'], ['N']));
  const inputs: Tensor[] = [
    { name: 'in_FP32', datatype: 'FP32', shape: [1], data: Float32Array.of(1) },
    { name: 'in_INT32', datatype: 'INT32', shape: [1], data: Int32Array.of(2) },
  ];
  const { outputs } = await ask(model, inputs, ['out_INT32', 'out_FP32']);
  expect(outputs.map(({ name, data }) => [name, ...data])).toEqual([
    ['out_INT32', 2],
    ['out_FP32', 1],
  ]);
});

test('a model whose rows depend on each other is served without batches, says so, and answers each row as alone', async () => {
  const { model, warnings } = await open(batchNormalizingModel());
  expect(model.maxBatchSize).toBe(1);
  expect(warnings).toEqual(['plain 7: served without batches: y of a row is another when the row is alone']);
  const answers = await Promise.all([1, 2, 3].map((value) => ask(model, rows([value, value, value]))));
  expect(answers.map(({ outputs, times }) => [...dataOf(outputs), times.batchRows])).toEqual(
    Array(3).fill([0, 0, 0, 1]),
  );
});

test('a model for a fixed number of rows is served without batches and says so', async () => {
  const { model, warnings } = await open(denseModel([3, 2], 4));
  expect(model.maxBatchSize).toBe(1);
  expect(warnings).toEqual([expect.stringContaining('x has the shape [4,3], whose first dimension is not free')]);
  const { outputs } = await ask(model, rows([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]));
  expect(outputs[0]?.shape).toEqual([4, 2]);
});

test('rows of one length share a run, rows of another have theirs', async () => {
  const { model } = await open(rowSumModel());
  expect(model.maxBatchSize).toBe(32);
  const answers = await Promise.all([[1], [2, 3], [4], [5, 6]].map((row) => ask(model, rows(row))));
  expect(answers.map(({ outputs }) => outputs[0]?.data[0])).toEqual([1, 5, 4, 11]);
  expect(answers.map(({ times }) => times.batchRows)).toEqual([2, 2, 2, 2]);
});

test('a model that fails with made-up rows is served in a thread, one request at a time, and says why', async () => {
  const { model, warnings } = await open(lookupModel(0));
  expect(model).toMatchObject({ executor: 'worker', maxBatchSize: 1 });
  expect(warnings).toEqual([expect.stringMatching(/served without batches: it fails with made-up inputs: .*idx=\d/)]);
  const index: Tensor = { name: 'index', datatype: 'INT64', shape: [1], data: BigInt64Array.of(0n) };
  const codes = [1, 2, 3].map(() => ask(model, structuredClone([index])).catch((error) => error.code));
  expect(await Promise.all(codes)).toEqual(Array(3).fill('inference_failed'));
});

test('a model that fails only with many made-up rows is served without batches and says why', async () => {
  const { model, warnings } = await open(lookupModel(1));
  expect(model.maxBatchSize).toBe(1);
  expect(warnings).toEqual([expect.stringMatching(/a run of 32 rows failed: .*idx=1/)]);
});

test.each([
  {
    what: 'an input',
    onnx: echoModel(['FP32', 'FP16'], ['N']),
    message: /model\.onnx\.inputs\.in_FP16: received float16/,
  },
  { what: 'bytes that are not ONNX', onnx: Uint8Array.of(1, 2, 3), message: /model\.onnx: received 3 bytes/ },
])('$what of a type that does not work here is refused', async ({ onnx, message }) => {
  await expect(open(onnx)).rejects.toThrow(message);
});

test('a lost thread is replaced, observed and told of, and requests go on', async () => {
  const threads: Worker[] = [];
  const hear = (worker: Worker) => threads.push(worker);
  process.on('worker', hear);
  onTestFinished(() => {
    process.off('worker', hear);
  });
  const observer = { queued: vi.fn(), ran: vi.fn(), restarted: vi.fn() };
  const observerOf = vi.fn(() => observer);
  const { model, warnings } = await open(deepModel(slow), { observerOf });
  expect(observerOf.mock.calls).toEqual([['plain', '7']]);
  expect(observer.ran).not.toHaveBeenCalled();
  threads[0]?.postMessage(null);
  expect(model.ready()).toBe(true);
  await expect(ask(model, deepRow(1))).rejects.toMatchObject({ code: 'worker_lost' });
  expect(model.ready()).toBe(false);
  await ask(model, deepRow(1));
  expect(model.ready()).toBe(true);
  expect(observer.restarted).toHaveBeenCalledTimes(1);
  expect(observer.ran).toHaveBeenCalledTimes(1);
  expect(warnings).toEqual([expect.stringMatching(/^plain 7: a thread ended and is replaced: TypeError/)]);
  expect(model.live()).toBe(true);
});

test('closing lets the jobs taken finish, refuses others, and may be repeated', async () => {
  const { model } = await open(deepModel(slow));
  const taken = [1, 2, 3].map(() => ask(model, deepRow(1)));
  const closed = model.close();
  await expect(ask(model, deepRow(1))).rejects.toMatchObject({ code: 'model_not_ready' });
  await closed;
  expect((await Promise.all(taken)).map(({ outputs }) => outputs[0]?.shape)).toEqual(Array(3).fill([1, 64]));
  await model.close();
});
