import type { BundleContents, OptionalBundleFile } from '@repo/contract/manifest';
import type { ModelContract } from '@repo/contract/model-contract';
import { checkContractTensors } from '../check-contract-tensors.ts';
import type { ServedModel, ServingOptions } from '../served-model.ts';

/** The small models beside a model in its bundle; null for one that the bundle has not, or that does not open. */
export interface Companions {
  readonly compact: ServedModel | null;
  readonly outliers: ServedModel | null;
}

/** Name of the input of every companion. */
export const companionInput = 'features';
/** Output of the isolation forest: higher is stranger. */
export const outlierOutput = 'outlier_score';

/** Places of the compact model's features among those of the contract: what a request carries itself. */
export function compactColumns({ features, views }: ModelContract): number[] {
  const kinds = new Map(views.map(({ spec }) => [spec.name, spec.kind]));
  return features.flatMap(({ view }, i) => (kinds.get(view) === 'request' ? i : []));
}

type OpenPlain = (
  model: { name: string; version: string; onnx: Uint8Array },
  options: ServingOptions,
) => Promise<ServedModel>;

/**
 * Opens the companions that a bundle has. The model is served without one that does not open or has other tensors than it must: it is a
 * stand-in, or a judge, and `warn` hears why it is missing. Nobody observes them: their files must not become labels of metrics.
 */
export async function openCompanions(
  { version, contents }: { readonly version: number; readonly contents: BundleContents },
  contract: ModelContract,
  { observerOf: _, ...options }: ServingOptions,
  openPlain: OpenPlain,
): Promise<Companions> {
  const open = async (file: OptionalBundleFile, tensors: Pick<ModelContract, 'features' | 'output'>) => {
    const onnx = contents[file];
    if (onnx === undefined) return null;
    let model: ServedModel | null = null;
    try {
      model = await openPlain({ name: `${contract.model}/${file}`, version: String(version), onnx }, options);
      const input = { ...contract.input, name: companionInput };
      checkContractTensors(model.inputs, model.outputs, { ...contract, ...tensors, input });
      return model;
    } catch (error) {
      await model?.close();
      // Whoever gave it up knows.
      if (options.signal?.aborted) return null;
      options.warn(`${contract.model} ${version}: served without ${file}: ${(error as Error).message}`);
      return null;
    }
  };
  const columns = compactColumns(contract);
  const features = contract.features.filter((_, i) => columns.includes(i));
  const [compact, outliers] = await Promise.all([
    open('compact.onnx', { ...contract, features }),
    open('outliers.onnx', { ...contract, output: { ...contract.output, name: outlierOutput } }),
  ]);
  if (contents['compact.onnx'] === undefined && contract.serving.fallback.includes('compact')) {
    options.warn(`${contract.model} ${version}: its fallback chain lists compact, but the bundle has no compact.onnx`);
  }
  return { compact, outliers };
}

/** Lets the companions finish and frees them. */
export async function closeCompanions({ compact, outliers }: Companions): Promise<void> {
  await Promise.all([compact?.close(), outliers?.close()]);
}
