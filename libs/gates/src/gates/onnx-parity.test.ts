import { fileURLToPath } from 'node:url';
import { importedOnnx, trainer } from '@repo/contract/training';
import { decodeModel } from '@repo/onnx/decode-model';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Attribute } from '@repo/onnx/model';
import { nextFloat32 } from '@repo/training/boundary-rows';
import { smallModel } from '@repo/training/fixtures/small-world';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { onnxParity } from './onnx-parity.ts';

const foreign = fileURLToPath(import.meta.resolve('@repo/training/fixtures/trainer'));
let own: SmallEvidence;
let theirs: SmallEvidence;
beforeAll(async () => {
  own = await createSmallEvidence();
  theirs = await createSmallEvidence(trainer({ command: [process.execPath, foreign] }));
}, 60_000);
afterAll(async () => {
  await own.remove();
  await theirs.remove();
});

/** model.onnx with the numbers of one attribute of its trees changed. */
function altered(name: string, change: (values: Float32Array) => Float32Array): Uint8Array {
  const model = decodeModel(own.options.candidate.contents['model.onnx']);
  const edit = (one: Attribute): Attribute =>
    one.name === name && one.kind === 'floats' ? { ...one, value: change(one.value) } : one;
  const nodes = model.graph.nodes.map((one) => ({ ...one, attributes: one.attributes.map(edit) }));
  return encodeModel({ ...model, graph: { ...model.graph, nodes } });
}

test('the export of our own trees answers as they do, on boundary rows and test rows', async () => {
  const checks = await onnxParity.run(await own.open());
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['boundary rows: raw scores', 'pass'],
    ['boundary rows: answers', 'pass'],
    ['boundary rows: decisions that turn', 'pass'],
    ['test rows: raw scores', 'pass'],
    ['test rows: answers', 'pass'],
    ['test rows: decisions that turn', 'pass'],
  ]);
});

test.each([1, -1] as const)('thresholds moved by %i float32 are found on boundary rows', async (step) => {
  const moved = altered('nodes_values', (values) =>
    values.map((value) => (value === 0 ? 0 : nextFloat32(value, step))),
  );
  const names = redChecks(await onnxParity.run(await own.openWith({ 'model.onnx': moved })));
  expect(names).toContain('boundary rows: raw scores');
});

test('one threshold of all moved by one float32 is enough', async () => {
  const moved = altered('nodes_values', (values) => {
    const at = values.findIndex((value) => value !== 0);
    return values.with(at, nextFloat32(values[at] as number, 1));
  });
  expect(redChecks(await onnxParity.run(await own.openWith({ 'model.onnx': moved })))).toContain(
    'boundary rows: raw scores',
  );
});

test('leaves of other values turn decisions of test rows', async () => {
  const other = altered('target_weights', (values) => values.map((value) => -value));
  const names = redChecks(await onnxParity.run(await own.openWith({ 'model.onnx': other })));
  expect(names).toEqual(expect.arrayContaining(['test rows: raw scores', 'test rows: answers']));
  expect(names).toContain('test rows: decisions that turn');
});

test('a trained model without trainer.json fails, an imported one has nothing to be held to', async () => {
  const evidence = await own.openWith({ 'trainer.json': null });
  expect(redChecks(await onnxParity.run(evidence))).toEqual(['trainer.json']);
  const imported = smallModel(importedOnnx({ path: 'model.onnx' }));
  const checks = await onnxParity.run({ ...evidence, model: imported });
  expect(checks.map(({ outcome }) => outcome)).toEqual(['not-applicable']);
});

test('trees of another width than the contract fail without being walked', async () => {
  const evidence = await own.openWith({ 'trainer.json': (reference) => reference.model.featureNames.pop() });
  expect(redChecks(await onnxParity.run(evidence))).toEqual(['features']);
});

test('a foreign model is held to what its trainer predicted', async () => {
  const checks = await onnxParity.run(await theirs.open());
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['validation rows', 'pass'],
    ['validation rows: answers', 'pass'],
    ['validation rows: decisions that turn', 'pass'],
  ]);
  const off = await theirs.openWith({
    'trainer.json': (reference) => {
      reference.answers[3] = 1 - reference.answers[3];
    },
  });
  expect(redChecks(await onnxParity.run(off))).toEqual([
    'validation rows: answers',
    'validation rows: decisions that turn',
  ]);
  const unknown = await theirs.openWith({
    'trainer.json': (reference) => {
      reference.rowIds[0] = 'elsewhere';
    },
  });
  expect(redChecks(await onnxParity.run(unknown))).toEqual(['validation rows']);
});
