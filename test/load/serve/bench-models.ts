import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floatTensor, floatValue, int, ints, node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Graph } from '@repo/onnx/model';
import { exportModel } from '@repo/training/export-model';
import type { Tree } from '@repo/training/prediction-model';

/** Numbers between -1 and 1, the same for the same seed (the generator of Park and Miller, 1988). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

const treesFeatures = 24;

/** A full tree of depth 5: 31 nodes, row by row, then 32 leaves. */
function fullTree(random: () => number): Tree {
  const inner = Array.from({ length: 31 }, (_, node) => node);
  const child = (id: number) => (id < 31 ? id : 30 - id);
  return {
    feature: inner.map(() => Math.floor(((random() + 1) / 2) * treesFeatures) % treesFeatures),
    threshold: inner.map(() => Math.fround(random())),
    missingLeft: inner.map(() => random() > 0),
    left: inner.map((id) => child(2 * id + 1)),
    right: inner.map((id) => child(2 * id + 2)),
    leafValue: Array.from({ length: 32 }, () => Math.fround(random() / 50)),
  };
}

function trees(): Uint8Array {
  const random = randomNumbers(1);
  return exportModel({
    kind: 'trees',
    objective: 'binary',
    featureNames: Array.from({ length: treesFeatures }, (_, i) => `f${i}`),
    base: 0,
    trees: Array.from({ length: 300 }, () => fullTree(random)),
  });
}

const encode = (graph: Graph): Uint8Array =>
  encodeModel({ irVersion: 8, producerName: 'bench', opsets: [{ domain: '', version: 17 }], metadata: {}, graph });

/** 512 inputs, three hidden layers of 2,048 with Relu, 10 outputs; 9.5 million weights, so a row costs memory bandwidth that a batch shares. */
function mlp(): Uint8Array {
  const random = randomNumbers(2);
  const widths = [512, 2048, 2048, 2048, 10];
  const layers = widths.slice(1).map((to, i) => ({ from: widths[i] as number, to }));
  return encode({
    name: 'mlp',
    nodes: layers.flatMap((_, i) => {
      const last = i === layers.length - 1;
      const sum = node('Gemm', [i === 0 ? 'x' : `h${i}`, `w${i}`, `b${i}`], [last ? 'y' : `s${i}`]);
      return last ? [sum] : [sum, node('Relu', [`s${i}`], [`h${i + 1}`])];
    }),
    inputs: [floatValue('x', ['N', 512])],
    outputs: [floatValue('y', ['N', 10])],
    initializers: layers.flatMap(({ from, to }, i) => [
      floatTensor(
        `w${i}`,
        Float32Array.from({ length: from * to }, random).map((w) => w / Math.sqrt(from)),
        [from, to],
      ),
      floatTensor(`b${i}`, Float32Array.from({ length: to }, random)),
    ]),
  });
}

export const imagePixels = 150_528;

/** An image of 224 x 224 x 3 in, its mean out: hardly a model, so that what is measured is how the tensor travels. */
const image = (): Uint8Array =>
  encode({
    name: 'image',
    nodes: [node('ReduceMean', ['pixels'], ['mean'], [ints('axes', [1]), int('keepdims', 1)])],
    inputs: [floatValue('pixels', ['N', imagePixels])],
    outputs: [floatValue('mean', ['N', 1])],
    initializers: [],
  });

const makers = { trees, mlp, image } as const;
/** A model that the benchmark makes. */
export type BenchModel = keyof typeof makers;

/** Writes `<folder>/<name>/1/model.onnx`, the layout of plain models. Returns the file's path. */
export function writeBenchModel(folder: string, name: BenchModel): string {
  const version = join(folder, name, '1');
  mkdirSync(version, { recursive: true });
  const file = join(version, 'model.onnx');
  writeFileSync(file, makers[name]());
  return file;
}

const inputs = { trees: ['features', treesFeatures], mlp: ['x', 512], image: ['pixels', imagePixels] } as const;

/** One row for a model: its description, and its values rounded to four decimals, as a client would send them in JSON. */
export function benchRow(name: BenchModel): {
  input: { name: string; datatype: 'FP32'; shape: number[] };
  values: number[];
} {
  const [input, width] = inputs[name];
  const random = randomNumbers(3);
  const values = Array.from({ length: width }, () => Math.round(random() * 1e4) / 1e4);
  return { input: { name: input, datatype: 'FP32', shape: [1, width] }, values };
}

/** The row as the JSON body of an infer request. */
export function jsonBody(name: BenchModel): Buffer {
  const { input, values } = benchRow(name);
  return Buffer.from(JSON.stringify({ inputs: [{ ...input, data: values }] }));
}
