import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { type Golden, goldenSchema } from '@repo/contract/manifest';
import { decodeModel } from '@repo/onnx/decode-model';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Attribute, Node } from '@repo/onnx/model';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The numbers of an attribute's entries whose tree is kept. */
function keptOf(attributes: readonly Attribute[], name: string, trees: number): number[] {
  const of = attributes.find((attribute) => attribute.name === name);
  if (of?.kind !== 'ints') throw new RangeError(`the model has no ${name}`);
  return of.value.flatMap((tree, i) => (Number(tree) < trees ? [i] : []));
}

/** A forest cut down to its first trees: what boosting of so many rounds would have made. */
function cutForest(node: Node, trees: number): Node {
  const nodes = keptOf(node.attributes, 'nodes_treeids', trees);
  const leaves = keptOf(node.attributes, 'target_treeids', trees);
  const attributes = node.attributes.map((attribute): Attribute => {
    const kept = attribute.name.startsWith('nodes_') ? nodes : attribute.name.startsWith('target_') ? leaves : null;
    if (kept === null) return attribute;
    if (attribute.kind === 'ints') return { ...attribute, value: kept.map((i) => attribute.value[i] as number) };
    if (attribute.kind === 'strings') return { ...attribute, value: kept.map((i) => attribute.value[i] as string) };
    if (attribute.kind === 'floats')
      return { ...attribute, value: Float32Array.from(kept, (i) => attribute.value[i] as number) };
    return attribute;
  });
  return { ...node, attributes };
}

async function answers(onnx: Uint8Array, { features }: Golden): Promise<number[]> {
  const session = await InferenceSession.create(onnx);
  const columns = features[0]?.length ?? 0;
  const rows = Float32Array.from(features.flat(), (value) => value ?? Number.NaN);
  const { probability } = await session.run({ features: new Tensor('float32', rows, [features.length, columns]) });
  return Array.from((probability as Tensor).data as Float32Array);
}

/** Writes a bundle like another, whose model has only the first so many trees: a real, weaker model in a second. */
export async function writeFewerTrees(from: string, to: string, model: string, trees: number): Promise<void> {
  cpSync(from, to, { recursive: true });
  // It tells of the whole forest, and is left out where nobody will compare.
  for (const file of ['trainer.json', 'manifest.json']) rmSync(join(to, file), { force: true });
  const whole = decodeModel(readFileSync(join(from, 'model.onnx')));
  const nodes = whole.graph.nodes.map((node) =>
    node.opType === 'TreeEnsembleRegressor' ? cutForest(node, trees) : node,
  );
  const onnx = encodeModel({ ...whole, graph: { ...whole.graph, nodes } });
  const golden = goldenSchema.parse(JSON.parse(readFileSync(join(from, 'golden.json'), 'utf8')));
  writeFileSync(join(to, 'model.onnx'), onnx);
  writeFileSync(join(to, 'golden.json'), canonicalJson({ ...golden, outputs: await answers(onnx, golden) }));
  await writeBundleManifest(to, model);
}
