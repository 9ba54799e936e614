import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deepModel, echoModel, lookupModel } from './fixtures/plain-models.ts';
import type { Tensor } from './tensor.ts';
import { createWorkerExecutor, type WorkerExecutorOptions } from './worker-executor.ts';
import { startWorkerSlot } from './worker-slot.ts';

/** The executor and its threads, as this process hears of their start. */
async function start(model: Uint8Array, options: Partial<WorkerExecutorOptions> = {}) {
  const threads: Worker[] = [];
  const hear = (worker: Worker) => threads.push(worker);
  process.on('worker', hear);
  const lost: string[] = [];
  const all = {
    name: 'example',
    model,
    workers: 1,
    hardTimeoutMs: 60_000,
    lost: (reason: string) => lost.push(reason),
    replaced: () => {},
    ...options,
  };
  const executor = await createWorkerExecutor(await startWorkerSlot('example', model), all);
  onTestFinished(async () => {
    await executor.release();
    process.off('worker', hear);
  });
  return { executor, threads, lost };
}

const index = (...values: number[]): Tensor[] => [
  { name: 'index', datatype: 'INT64', shape: [values.length], data: BigInt64Array.from(values, BigInt) },
];
const ten = { outputs: [expect.objectContaining({ name: 'y', data: Float32Array.of(10) })] };

/** On a busy machine a thread takes seconds to start. */
const soon = { timeout: 20_000 };

/** A message that the thread does not expect: an uncaught error there. */
const kill = (thread: Worker | undefined) => thread?.postMessage(null);

test('several threads run at once and each gives its own answer', async () => {
  const { executor, threads } = await start(lookupModel(), { workers: 3 });
  expect(threads).toHaveLength(3);
  expect(executor.slots).toBe(3);
  const answers = await Promise.all([1, 2, 3].map((i) => executor.run(index(i), ['y'])));
  expect(answers.map(({ outputs }) => outputs[0]?.data[0])).toEqual([10, 20, 30]);
});

test('a run that the runtime refuses is inference_failed, with its reason for the log only, and the thread goes on', async () => {
  const { executor, lost } = await start(lookupModel());
  const failure = await executor.run(index(99), ['y']).catch((error) => error);
  expect(failure).toMatchObject({ code: 'inference_failed', cause: { message: expect.stringContaining('99') } });
  expect(failure.message).not.toContain('99');
  expect(await executor.run(index(1), ['y'])).toMatchObject(ten);
  expect(lost).toEqual([]);
});

test('a run whose thread dies of an uncaught error is worker_lost, and the thread is replaced', async () => {
  const replaced = vi.fn();
  const { executor, threads, lost } = await start(lookupModel(), { replaced });
  kill(threads[0]);
  await expect(executor.run(index(1), ['y'])).rejects.toMatchObject({ code: 'worker_lost' });
  await expect.poll(() => replaced.mock.calls, soon).toHaveLength(1);
  expect(lost).toEqual([expect.stringContaining('TypeError')]);
  expect(executor.slots).toBe(1);
  expect(await executor.run(index(1), ['y'])).toMatchObject(ten);
});

test('a thread that exits is replaced again and again, and the other slot goes on', async () => {
  const { executor, threads, lost } = await start(lookupModel(), { workers: 2 });
  for (let times = 1; times <= 2; times++) {
    await threads.at(-1)?.terminate();
    await expect.poll(() => lost, soon).toHaveLength(times);
    expect(await executor.run(index(1), ['y'])).toMatchObject(ten);
    await expect.poll(() => executor.slots, soon).toBe(2);
  }
  expect(lost[0]).toContain('exited with 1');
  expect(threads).toHaveLength(4);
});

test('while every thread is lost there is no slot, and a run then is worker_lost', async () => {
  const { executor, threads } = await start(lookupModel());
  await threads[0]?.terminate();
  await expect.poll(() => executor.slots, soon).toBe(0);
  await expect(executor.run(index(1), ['y'])).rejects.toMatchObject({ code: 'worker_lost' });
});

test('the process is not live while a run takes longer than the hard timeout, and is again after it', async () => {
  const { executor } = await start(deepModel(1000), { hardTimeoutMs: 1 });
  const rows = 400;
  const data = new Float32Array(rows * 64);
  expect(executor.live()).toBe(true);
  const run = executor.run([{ name: 'x', datatype: 'FP32', shape: [rows, 64], data }], ['y']);
  await expect.poll(() => executor.live(), { ...soon, interval: 2 }).toBe(false);
  await run;
  expect(executor.live()).toBe(true);
});

test('a thread is told to end and ends; release waits for it', async () => {
  const { executor, threads, lost } = await start(lookupModel(), { workers: 2 });
  const exits = threads.map((thread) => new Promise((resolve) => thread.once('exit', resolve)));
  await executor.release();
  expect(await Promise.all(exits)).toEqual([0, 0]);
  expect(lost).toEqual([]);
});

test('a tensor that fills its buffer is handed over and a view into a larger one is copied', async () => {
  const { executor } = await start(echoModel(['FP32'], ['N', 2]));
  const body = Float32Array.of(0, 1, 2, 3);
  const shape = [1, 2];
  const input = { name: 'in_FP32', datatype: 'FP32', shape } as const;
  const whole = Float32Array.of(7, 8);
  const echoed = await executor.run([{ ...input, data: body.subarray(1, 3) }], ['out_FP32']);
  expect(echoed.outputs[0]?.data).toEqual(Float32Array.of(1, 2));
  expect(body).toEqual(Float32Array.of(0, 1, 2, 3));
  await executor.run([{ ...input, data: whole }], ['out_FP32']);
  expect(whole.byteLength).toBe(0);
});

test('bytes that are not ONNX, and tensors of a type that does not work here, are refused as input', async () => {
  await expect(startWorkerSlot('example', Uint8Array.of(1, 2))).rejects.toThrow(/model\.onnx: received 2 bytes/);
  const half = startWorkerSlot('example', echoModel(['FP16'], ['N', 2]));
  await expect(half).rejects.toThrow(/model\.onnx\.inputs\.in_FP16: received float16; allowed: .*cast it to float32/);
});
