import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { exampleContract, exampleModel, exampleWeights } from '../fixtures/example-bundle.ts';
import { exampleNanModel, exampleOutliers } from '../fixtures/example-companions.ts';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import { compactColumns, companionInput } from './companions.ts';

test('the compact model takes the features that a request carries itself', () => {
  expect(compactColumns(exampleContract('example'))).toEqual([0, 1, 2]);
});

test('companions that are no models, or take other tensors, are left out with a warning, and the model serves', async () => {
  const contract = exampleServing({ fallback: ['compact'] });
  const wrong: string[] = [];
  const broken: string[] = [];
  const swapped = { 'compact.onnx': exampleModel(contract), 'outliers.onnx': exampleModel(contract) };
  const garbage = { 'compact.onnx': Buffer.from('no model') };
  const models = await Promise.all([
    openExample(contract, { companions: swapped }, wrong),
    openExample(contract, { companions: garbage }, broken),
  ]);
  onTestFinished(async () => {
    await Promise.all(models.map((model) => model.close()));
  });
  for (const { bundle } of models) expect(bundle.companions).toEqual({ compact: null, outliers: null });
  expect(wrong.sort()).toEqual([
    expect.stringMatching(/^example 1: served without compact\.onnx: .*allowed: only features FP32 \[-1,3\]/),
    expect.stringMatching(/^example 1: served without outliers\.onnx: .*allowed: outlier_score FP32/),
  ]);
  expect(broken).toEqual([expect.stringContaining('served without compact.onnx: model.onnx: received 8 bytes')]);
});

test('a companion whose run does not end makes its model dead, as nothing else would end the run', async () => {
  const contract = exampleServing({ fallback: ['compact'] });
  const large = exampleNanModel(contract, exampleWeights.slice(0, 3), 'large');
  const model = await openExample(contract, { companions: { 'compact.onnx': large } });
  const { compact } = model.bundle.companions;
  const data = new Float32Array(3);
  const inputs = [{ name: companionInput, datatype: 'FP32', shape: [1, 3], data }] as const;
  const held = Promise.withResolvers<() => void>();
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...message) {
    held.resolve(() => postMessage.apply(this, message));
  };
  onTestFinished(() => {
    Worker.prototype.postMessage = postMessage;
  });
  const run = compact?.run({ inputs, outputs: [contract.output.name], deadlineMs: performance.now() + 1e9 });
  const send = await held.promise;
  expect(model.live()).toBe(true);
  {
    using time = freezeTime();
    time.advance(60_001);
    expect(model.live()).toBe(false);
  }
  Worker.prototype.postMessage = postMessage;
  send();
  await run;
  expect(model.live()).toBe(true);
  await model.close();
});

test('a bundle without the compact model that its chain lists is served with a warning; companions close with their model', async () => {
  const contract = exampleServing({ fallback: ['compact'] });
  const warnings: string[] = [];
  await (await openExample(contract, { companions: {} }, warnings)).close();
  expect(warnings).toEqual([expect.stringContaining('lists compact, but the bundle has no compact.onnx')]);
  const columns = exampleWeights.slice(0, 3);
  const companions = { 'compact.onnx': exampleModel(contract, columns), 'outliers.onnx': exampleOutliers(contract) };
  const model = await openExample(contract, { companions });
  await model.close();
  const { compact, outliers } = model.bundle.companions;
  const job = { inputs: [], outputs: [], deadlineMs: performance.now() + 1000 };
  for (const closed of [compact, outliers])
    await expect(closed?.run(job)).rejects.toMatchObject({ code: 'model_not_ready' });
});
