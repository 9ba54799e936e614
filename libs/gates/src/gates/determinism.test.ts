import { afterAll, beforeAll, expect, test } from 'vitest';
import { mixingModel, randomModel } from '../fixtures/altered-model.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { determinism } from './determinism.ts';

let small: SmallEvidence;
beforeAll(async () => {
  small = await createSmallEvidence();
}, 60_000);
afterAll(() => small.remove());

const onnx = () => small.options.candidate.contents['model.onnx'];

test('trees answer the same however they are asked', async () => {
  const checks = await determinism.run(await small.open());
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['the same rows twice', 'pass'],
    ['the same rows in a session of its own', 'pass'],
    ['a row alone and among others', 'pass'],
    ['one thread and two', 'pass'],
  ]);
});

test('a model that draws random numbers fails everywhere', async () => {
  const checks = await determinism.run(await small.openWith({ 'model.onnx': randomModel(onnx()) }));
  expect(redChecks(checks)).toHaveLength(4);
  expect(checks[0]?.detail).toContain('draws random numbers');
});

test('a model whose answer to a row depends on the rows beside it fails by that alone', async () => {
  const checks = await determinism.run(await small.openWith({ 'model.onnx': mixingModel(onnx()) }));
  expect(redChecks(checks)).toEqual(['a row alone and among others']);
});
