import { deriveContract } from '@repo/contract/derive-contract';
import { StageFailure } from '@repo/contract/stage-failure';
import { floatTensor, floatValue, int, node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';
import { elementTypes, type Graph } from '@repo/onnx/model';
import { expect, test } from 'vitest';
import { quickBoosting, smallModel } from './fixtures/small-world.ts';
import { createOnnxScorer } from './onnx-scorer.ts';

const facts = { dataBeginsUs: 0, categories: {} };
const binary = deriveContract(smallModel(quickBoosting), facts);
const regression = deriveContract(smallModel(quickBoosting, 'took'), facts);

/** A model that answers with the mean of the four features, but for what `changed` replaces. */
function meanModel(changed: Partial<Graph> = {}): Uint8Array {
  const graph: Graph = {
    name: 'mean',
    nodes: [node('MatMul', ['features', 'quarter'], ['probability'])],
    inputs: [floatValue('features', ['N', 4])],
    outputs: [floatValue('probability', ['N', 1])],
    initializers: [floatTensor('quarter', [0.25, 0.25, 0.25, 0.25], [4, 1])],
    ...changed,
  };
  return encodeModel({
    irVersion: 8,
    producerName: 'test',
    opsets: [{ domain: '', version: 17 }],
    metadata: {},
    graph,
  });
}

async function score(onnx: Uint8Array, values: number[], contract = binary): Promise<number[]> {
  const scorer = await createOnnxScorer(onnx, contract);
  try {
    return [...(await scorer.score(Float32Array.from(values), values.length / 4))];
  } finally {
    await scorer.release();
  }
}

test('a model under the contract answers row by row, over more rows than one run takes', async () => {
  expect(await score(meanModel(), [0, 0, 1, 1, 0, 0, 0, 1])).toEqual([0.5, 0.25]);
  const many = await score(
    meanModel(),
    Array.from({ length: 4 * 5000 }, (_, i) => Math.floor(i / 4) % 2),
  );
  expect(many).toHaveLength(5000);
  expect(many.every((answer, row) => answer === row % 2)).toBe(true);
});

test('a model answers the same at two threads', async () => {
  const scorer = await createOnnxScorer(meanModel(), binary, { threads: 2 });
  expect([...(await scorer.score(Float32Array.of(0, 0, 1, 1), 1))]).toEqual([0.5]);
  await scorer.release();
});

const wide = floatTensor('quarter', [1, 1, 1, 1, 1, 1, 1, 1], [4, 2]);
const renamed = [node('MatMul', ['rows', 'quarter'], ['probability'])];
const asInteger = (name: string) => ({ name, elementType: elementTypes.int64, dims: ['N', 4] });

test.each<[string, Partial<Graph>, RegExp]>([
  [
    'another input name',
    { inputs: [floatValue('rows', ['N', 4])], nodes: renamed },
    /no input "features": it has rows\./,
  ],
  [
    'another width',
    { inputs: [floatValue('features', ['N', 3])], initializers: [floatTensor('quarter', [1, 1, 1], [3, 1])] },
    /input "features" has shape \[.*3\]: \[n, 4\]/,
  ],
  ['a fixed number of rows', { inputs: [floatValue('features', [1, 4])] }, /shape \[1, 4\]: \[n, 4\] for any n/],
  [
    'an integer input',
    {
      inputs: [asInteger('features')],
      nodes: [
        node('Cast', ['features'], ['cast'], [int('to', 1)]),
        node('MatMul', ['cast', 'quarter'], ['probability']),
      ],
    },
    /input "features" is int64: float32/,
  ],
  [
    'a second input',
    {
      inputs: [floatValue('features', ['N', 4]), floatValue('weight', ['M', 1])],
      nodes: [node('MatMul', ['features', 'weight'], ['probability'])],
    },
    /other inputs besides "features": weight/,
  ],
  [
    'another output name',
    { outputs: [floatValue('p', ['N', 1])], nodes: [node('MatMul', ['features', 'quarter'], ['p'])] },
    /no output "probability": it has p\./,
  ],
  [
    'two columns in its answer',
    { outputs: [floatValue('probability', ['N', 2])], initializers: [wide] },
    /output "probability" has shape \[.*2\]: \[n, 1\]/,
  ],
  [
    'an integer answer',
    {
      outputs: [{ ...asInteger('probability'), dims: ['N', 1] }],
      nodes: [node('MatMul', ['features', 'quarter'], ['f']), node('Cast', ['f'], ['probability'], [int('to', 7)])],
    },
    /output "probability" is int64/,
  ],
  ['an unknown operator', { nodes: [node('Guess', ['features'], ['probability'])] }, /cannot be loaded: .*Guess/],
])('a model with %s breaks the contract', async (_, changed, message) => {
  const opened = createOnnxScorer(meanModel(changed), binary);
  await expect(opened).rejects.toThrow(StageFailure);
  await expect(opened).rejects.toThrow(message);
});

test.each([
  ['NaN for a missing value', [1, 1, 1, 1, 1, Number.NaN, 1, 1], /answers row 1 with NaN: a probability in \[0, 1\]/],
  ['more than a probability can be', [5, 5, 5, 5], /answers row 0 with 5: a probability/],
])('an answer of %s is found', async (_, values, message) => {
  await expect(score(meanModel(), values)).rejects.toThrow(message);
});

test('a regression may answer with any finite number', async () => {
  const model = meanModel({
    nodes: [node('MatMul', ['features', 'quarter'], ['prediction'])],
    outputs: [floatValue('prediction', ['N', 1])],
  });
  expect(await score(model, [8, 8, 8, 8], regression)).toEqual([8]);
  await expect(score(model, [8, 8, 8, Number.POSITIVE_INFINITY], regression)).rejects.toThrow(/a finite number is/);
});

test('a model whose answers are not one per row fails', async () => {
  const twice = meanModel({
    nodes: [
      node('MatMul', ['features', 'quarter'], ['p']),
      node('Concat', ['p', 'p'], ['probability'], [int('axis', 0)]),
    ],
  });
  await expect(score(twice, [0, 0, 0, 0, 1, 1, 1, 1])).rejects.toThrow(
    /answers 2 rows with a tensor of shape \[4, 1\]/,
  );
});
