import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { floatValue, node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';
import { createOnnxScorer } from '@repo/training/onnx-scorer';

// A program of its own, so that memory that other models left behind is not reused: loads the model in a folder (model.onnx, contract.json)
// and writes its memory in MiB and the times of five loads in ms to standard output, as JSON.

const nothing = encodeModel({
  irVersion: 8,
  producerName: 'probe',
  opsets: [{ domain: '', version: 17 }],
  metadata: {},
  graph: {
    name: 'nothing',
    nodes: [node('Identity', ['features'], ['prediction'])],
    inputs: [floatValue('features', ['N', 1])],
    outputs: [floatValue('prediction', ['N', 1])],
    initializers: [],
  },
});
const [folder = '.'] = process.argv.slice(2);
const onnx = new Uint8Array(await readFile(join(folder, 'model.onnx')));
const contract = JSON.parse(await readFile(join(folder, 'contract.json'), 'utf8'));
const width = contract.features.length;

// The runtime itself takes some 20 MiB when it is first used.
const small = { ...contract, task: 'regression', features: [{}], input: { name: 'features' } };
const first = await createOnnxScorer(nothing, { ...small, output: { name: 'prediction' } });
await first.score(new Float32Array(1), 1);
const before = process.memoryUsage.rss();
const loadMs: number[] = [];
let memory = 0;
for (let load = 0; load < 5; load++) {
  const begun = performance.now();
  const scorer = await createOnnxScorer(onnx, contract);
  loadMs.push(performance.now() - begun);
  await scorer.score(new Float32Array(width), 1);
  if (load === 0) memory = process.memoryUsage.rss() - before;
  await scorer.release();
}
await first.release();
process.stdout.write(JSON.stringify({ loadMs, memoryMiB: Math.max(0, memory) / 2 ** 20 }));
