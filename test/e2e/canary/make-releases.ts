import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Golden } from '@repo/contract/manifest';
import { modelContractSchema } from '@repo/contract/model-contract';
import { decodeModel } from '@repo/onnx/decode-model';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Attribute, Model } from '@repo/onnx/model';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { createOnnxScorer } from '@repo/training/onnx-scorer';

/** Versions of the suite. 1 is the committed champion; what 3, 5 and 7 do wrong lies in faults.cjs, and 6 is in no image. */
export const Version = { better: 2, wrong: 3, slow: 5, notReady: 6, nan: 7, next: 8, first: 9 } as const;

/** Budget of a prediction: what else this machine does meanwhile is not to make lower levels answer. */
const timeoutMs = 3000;

/** Leaves of trees a little smaller: another model, whose answers differ a little. */
function shrink(model: Model, by: number): Model {
  const smaller = (attribute: Attribute): Attribute =>
    attribute.kind === 'floats' && /^(target|class)_weights$/.test(attribute.name)
      ? { ...attribute, value: Float32Array.from(attribute.value, (x) => x * by) }
      : attribute;
  const nodes = model.graph.nodes.map((node) => ({ ...node, attributes: node.attributes.map(smaller) }));
  return { ...model, graph: { ...model.graph, nodes } };
}

/** Outputs of golden rows as the model itself gives them. */
async function goldenOf(dir: string, onnx: Uint8Array): Promise<Golden> {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(dir, file), 'utf8'));
  const golden = json('golden.json') as Golden;
  const scorer = await createOnnxScorer(onnx, modelContractSchema.parse(json('contract.json')));
  const rows = golden.features.flat().map((value) => value ?? Number.NaN);
  const outputs = [...(await scorer.score(Float32Array.from(rows), golden.features.length))];
  await scorer.release();
  return { ...golden, outputs };
}

/** Writes the releases of this suite beside the committed one of a model folder. Returns the digest of each version. */
export async function makeReleases(modelDir: string, model: string): Promise<Map<number, string>> {
  const digests = new Map<number, string>();
  for (const version of Object.values(Version)) {
    const dir = join(modelDir, 'release', String(version));
    cpSync(join(modelDir, 'release/1'), dir, { recursive: true });
    const onnx = encodeModel(shrink(decodeModel(readFileSync(join(dir, 'model.onnx'))), 1 - version / 1000));
    writeFileSync(join(dir, 'model.onnx'), onnx);
    const contract = modelContractSchema.parse(JSON.parse(readFileSync(join(dir, 'contract.json'), 'utf8')));
    const patient = { ...contract, serving: { ...contract.serving, timeoutMs } };
    writeFileSync(join(dir, 'contract.json'), canonicalJson(patient));
    writeFileSync(join(dir, 'golden.json'), canonicalJson(await goldenOf(dir, onnx)));
    digests.set(version, (await writeBundleManifest(dir, model)).digest);
  }
  return digests;
}
