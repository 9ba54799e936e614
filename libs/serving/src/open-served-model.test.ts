import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readBundle } from '@repo/registry/read-bundle';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  type ExampleOptions,
  exampleContract,
  exampleGolden,
  exampleModel,
  exampleWeights,
  writeExampleBundle,
} from './fixtures/example-bundle.ts';
import { openServedModel } from './open-served-model.ts';
import type { ServedModel } from './served-model.ts';
import type { Tensor } from './tensor.ts';

async function open(options: ExampleOptions = {}, signal: AbortSignal = new AbortController().signal) {
  const dir = await mkdtemp(join(tmpdir(), 'causeway-serving-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await writeExampleBundle(dir, 'example', options);
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const serving = { workers: 1, hardTimeoutMs: 60_000, maxQueueBytes: 2 ** 20, signal, warn };
  const model = await openServedModel({ ...(await readBundle(dir)), version: 3 }, serving);
  onTestFinished(() => model.close());
  return { model, warnings };
}

async function ask(model: ServedModel, output: string, ...rows: number[][]): Promise<Tensor | undefined> {
  const data = Float32Array.from(rows.flat());
  const inputs: Tensor[] = [{ name: 'features', datatype: 'FP32', shape: [rows.length, 5], data }];
  const { outputs } = await model.run({ inputs, outputs: [output], deadlineMs: performance.now() + 20_000 });
  return outputs[0];
}

test('a sound bundle opens, tells its tensors and answers', async () => {
  const { model, warnings } = await open();
  expect(model).toMatchObject({ name: 'example', version: '3', digest: expect.stringMatching(/^sha256:/) });
  expect(model.inputs).toEqual([{ name: 'features', datatype: 'FP32', shape: [-1, 5] }]);
  expect(model.outputs.map((output) => output.name)).toEqual(['probability', 'raw']);
  expect(model).toMatchObject({ executor: 'inline', maxBatchSize: 32 });
  expect(model.bundle?.profile).not.toBeNull();
  const raw = await ask(model, 'raw', [1, 1, 1, 1, 1], [Number.NaN, 2, 0, 0, 0]);
  expect(raw).toMatchObject({ datatype: 'FP32', shape: [2, 1], data: Float32Array.of(1.6875, -0.25) });
  expect(warnings).toEqual([]);
});

test('a row alone and the same row among others, of its own caller or of others, give the same answer', async () => {
  const { model } = await open();
  const rows = Array.from({ length: 50 }, (_, i) => [i % 3, i / 2, i, -i, i / 10]);
  const together = await ask(model, 'probability', ...rows);
  const shared = await Promise.all(rows.map((row) => ask(model, 'probability', row)));
  for (const [i, row] of rows.entries()) {
    const alone = await ask(model, 'probability', row);
    expect([together?.data[i], shared[i]?.data[0]]).toEqual([alone?.data[0], alone?.data[0]]);
  }
});

test('a definition that wants single rows is served so, which is nothing to warn of', async () => {
  const wanted = exampleContract('example');
  const { model, warnings } = await open({ contract: { ...wanted, serving: { ...wanted.serving, maxBatchSize: 1 } } });
  expect(model.maxBatchSize).toBe(1);
  expect(warnings).toEqual([]);
});

test('the threads of a bundle that is refused have ended', async () => {
  const exits: Promise<unknown>[] = [];
  const hear = (worker: Worker) => exits.push(once(worker, 'exit'));
  process.on('worker', hear);
  await expect(open({ golden: { ...exampleGolden(exampleContract('example')), outputs: [] } })).rejects.toThrow();
  process.off('worker', hear);
  expect(exits).toHaveLength(1);
  expect(await Promise.all(exits)).toEqual([[0]]);
});

test.each([
  ['before anything', 0, []],
  ['while the golden rows run', 1, ['load', 'run', 'end']],
  ['in the midst of warm-up', 3, ['load', 'run', 'run', 'run', 'end']],
])('a load given up %s ends at its next step', async (_when, runs, asked) => {
  const giveUp = new AbortController();
  if (runs === 0) giveUp.abort(new Error('given up'));
  const post = vi.spyOn(Worker.prototype, 'postMessage');
  onTestFinished(() => post.mockRestore());
  const kinds = () => post.mock.calls.map(([{ kind }]) => kind);
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...message) {
    postMessage.apply(this, message);
    if (kinds().filter((kind) => kind === 'run').length === runs) giveUp.abort(new Error('given up'));
  };
  await expect(open({}, giveUp.signal)).rejects.toThrow('given up');
  expect(kinds()).toEqual(asked);
});

const contract = exampleContract('example');
const golden = exampleGolden(contract);
const damaged: { what: string; options: ExampleOptions; message: RegExp }[] = [
  {
    what: 'weights that are not those of the golden rows',
    options: { onnx: exampleModel(contract, [...exampleWeights.slice(0, 4), 1.001]) },
    message: /golden\.json\.outputs\[0\]: received 0\.\d+; allowed: 0\.\d+ within 0\.000001/,
  },
  {
    what: 'no golden rows',
    options: { golden: { ...golden, features: [], outputs: [] } },
    message: /received no rows/,
  },
  {
    what: 'a golden row of another width',
    options: {
      golden: {
        ...golden,
        features: [
          [1, 2],
          [3, 4],
        ],
      },
    },
    message: /features\[0\]: received 2 values; allowed: 5 values/,
  },
  {
    what: 'a golden row without its output',
    options: { golden: { ...golden, outputs: golden.outputs.slice(1) } },
    message: /received 1 outputs; allowed: 2 outputs/,
  },
  {
    what: 'bytes that are not ONNX',
    options: { onnx: Uint8Array.of(1, 2, 3) },
    message: /model\.onnx: received 3 bytes/,
  },
  {
    what: 'a model of another width',
    options: { onnx: exampleModel(contract, [1, 2]) },
    message: /model\.onnx\.input: received features FP32 \[-1,2\]; allowed: only features FP32 \[-1,5\]/,
  },
  {
    what: 'a model without the output of the contract',
    options: { onnx: exampleModel(exampleContract('example', 'regression')) },
    message: /model\.onnx\.output: received prediction FP32.*allowed: probability FP32/,
  },
];
test.each(damaged)('a bundle with $what is refused', async ({ options, message }) => {
  await expect(open(options)).rejects.toThrow(message);
});
