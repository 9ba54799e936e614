import { decodeModel } from '@repo/onnx/decode-model';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Model } from '@repo/onnx/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '../fixtures/changed-contents.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { artifactContract } from './artifact-contract.ts';

let small: SmallEvidence;
beforeAll(async () => {
  small = await createSmallEvidence();
}, 60_000);
afterAll(() => small.remove());

const red = async (changes: Parameters<SmallEvidence['openWith']>[0]) =>
  redChecks(await artifactContract.run(await small.openWith(changes)));

/** model.onnx with its message edited. */
const edited = (change: (model: Model) => Model): Uint8Array =>
  encodeModel(change(decodeModel(small.options.candidate.contents['model.onnx'])));

test('a bundle as it was trained passes, and says how large it is', async () => {
  const checks = await artifactContract.run(await small.open());
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(checks.find(({ name }) => name.startsWith('size of model.onnx over'))).toMatchObject({ value: 1 });
});

test('without a champion growth is not asked for', async () => {
  const checks = await artifactContract.run(await small.open({ champion: null }));
  expect(checks.filter(({ outcome }) => outcome !== 'pass').map(({ outcome }) => outcome)).toEqual(['not-applicable']);
});

test.each<[string, string[], (model: Model) => Model]>([
  ['an operator set too new', ['operator sets'], (m) => ({ ...m, opsets: [{ domain: '', version: 99 }, ...m.opsets] })],
  [
    'operators of a vendor',
    ['operator sets'],
    (m) => ({ ...m, opsets: [...m.opsets, { domain: 'com.microsoft', version: 1 }] }),
  ],
  ['the name of another model', ['metadata'], (m) => ({ ...m, metadata: { model: 'other' } })],
])('a file with %s is refused', async (_, expected, change) => {
  const names = await red({ 'model.onnx': edited(change) });
  expect(names).toEqual(expect.arrayContaining(expected.map((name) => `model.onnx: ${name}`)));
  expect(names.filter((name) => name.startsWith('model.onnx: '))).toHaveLength(expected.length);
});

test('a graph with another input or output than the contract asks for is told apart', async () => {
  const rename = (from: string, to: string) => (m: Model) => {
    const swap = (names: readonly string[]) => names.map((name) => (name === from ? to : name));
    const nodes = m.graph.nodes.map((n) => ({ ...n, inputs: swap(n.inputs), outputs: swap(n.outputs) }));
    const values = (infos: Model['graph']['inputs']) => infos.map((v) => ({ ...v, name: swap([v.name])[0] as string }));
    const graph = { ...m.graph, nodes, inputs: values(m.graph.inputs), outputs: values(m.graph.outputs) };
    return { ...m, graph };
  };
  expect(await red({ 'model.onnx': edited(rename('features', 'rows')) })).toEqual([
    'model.onnx: input',
    'golden answers',
  ]);
  expect(await red({ 'model.onnx': edited(rename('probability', 'p')) })).toEqual([
    'model.onnx: output',
    'golden answers',
  ]);
  const fixed = edited((m) => ({
    ...m,
    graph: { ...m.graph, inputs: m.graph.inputs.map((input) => ({ ...input, dims: [1, 4] })) },
  }));
  expect(await red({ 'model.onnx': fixed })).toContain('model.onnx: input');
});

test('a file that is no model fails by its form, a companion too', async () => {
  expect(await red({ 'model.onnx': Uint8Array.of(1, 2, 3) })).toEqual(['model.onnx: form', 'golden answers']);
  expect(await red({ 'outliers.onnx': Uint8Array.of(1, 2, 3) })).toEqual(['outliers.onnx: form']);
  const { contents } = small.options.candidate;
  expect(await red({ 'compact.onnx': contents['model.onnx'] })).toEqual(['compact.onnx: input']);
});

test.each<[string, Record<string, Change>]>([
  ['features', { 'contract.json': (c) => c.features.reverse() }],
  ['features', { 'profile.json': (p) => p.features[2].categories.reverse() }],
  ['features', { 'trainer.json': (t) => t.model.featureNames.reverse() }],
  [
    'task',
    {
      'metrics.json': (m) => {
        m.task = 'regression';
      },
    },
  ],
  [
    'task',
    {
      'contract.json': (c) => {
        c.threshold = null;
      },
    },
  ],
  ['golden', { 'golden.json': (g) => g.rowIds.pop() }],
  [
    'profile',
    {
      'profile.json': (p) => {
        p.features[0].missing += 1;
      },
    },
  ],
  ['companions', { 'compact.onnx': null }],
  ['companions', { 'outliers.onnx': null }],
  [
    'lineage',
    {
      'lineage.json': (l) => {
        l.views['job@1'] = l.trainer;
      },
    },
  ],
])('files that disagree on %s fail, and nothing else does', async (name, changes) => {
  expect(await red(changes)).toEqual([`files agree: ${name}`]);
});

test('golden answers that the model does not give fail', async () => {
  const changes: Record<string, Change> = {
    'golden.json': (golden) => {
      golden.outputs[3] += 1e-4;
    },
  };
  expect(await red(changes)).toEqual(['golden answers']);
});

test('a bundle of another model fails by its name', async () => {
  const { model } = small.options;
  const checks = await artifactContract.run(await small.open({ model: { ...model, name: 'other' } }));
  expect(redChecks(checks)).toEqual(['contract.json: model']);
});

test('a file beyond its size, or much larger than the champion, fails', async () => {
  const { model } = small.options;
  const limits = { modelMiB: { at: 0.001, reason: 'test' }, modelGrowth: { at: 0.9, reason: 'test' } };
  const evidence = await small.open({ model: { ...model, gates: { ...model.gates, limits } } });
  expect(redChecks(await artifactContract.run(evidence))).toEqual([
    'size of model.onnx',
    "size of model.onnx over the champion's",
  ]);
});
