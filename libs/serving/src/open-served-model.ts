import { type BundleContents, goldenSchema } from '@repo/contract/manifest';
import { modelContractSchema } from '@repo/contract/model-contract';
import { createRequestParser } from '@repo/contract/prediction-request';
import { type Profile, profileSchema } from '@repo/contract/profile';
import type { TensorMetadata } from '@repo/contract/protocol';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkContractTensors } from './check-contract-tensors.ts';
import { checkGolden } from './check-golden.ts';
import { closeCompanions, openCompanions } from './predict/companions.ts';
import { goldenInputs } from './sample-inputs.ts';
import { type ModelToServe, serveModel } from './serve-model.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** A bundle whose bytes were verified against its digest, as the registry opens it. */
export interface VerifiedBundle {
  readonly version: number;
  readonly digest: string;
  readonly contents: BundleContents;
}

/** A plain ONNX model. */
export interface PlainModel {
  readonly name: string;
  readonly version: string;
  readonly onnx: Uint8Array;
}

/** Rows that may share a run of a plain model, which does not say. */
const plainBatchSize = 32;

function readProfile(bundle: VerifiedBundle, options: ServingOptions): Profile | null {
  try {
    return bundleJson(bundle.contents, 'profile.json', profileSchema);
  } catch (error) {
    options.warn(`served without the profile of its training: ${(error as Error).message}`);
    return null;
  }
}

/**
 * Makes a bundle ready to serve: reads its contract, loads the model, runs the golden rows, warms it up, finds out whether rows can
 * share a run and where it runs best, and opens its companions. Throws InputError for what is wrong.
 */
export async function openServedModel(bundle: VerifiedBundle, options: ServingOptions): Promise<ServedModel> {
  options.signal?.throwIfAborted();
  const { digest, contents } = bundle;
  const version = String(bundle.version);
  const contract = bundleJson(contents, 'contract.json', modelContractSchema);
  const golden = bundleJson(contents, 'golden.json', goldenSchema);
  const parseRequest = createRequestParser(contract);
  const profile = readProfile(bundle, options);
  const name = contract.model;
  const check: ModelToServe['check'] = async (model) => {
    checkContractTensors(model.inputs, model.outputs, contract);
    await checkGolden(model, contract, golden);
    return goldenInputs(model.inputs[0] as TensorMetadata, golden);
  };
  const { maxBatchSize } = contract.serving;
  const companions = await openCompanions(bundle, contract, { ...options, workers: 1 }, openPlainModel);
  const identity = { name, version, digest, contract, bundle: { contents, profile, parseRequest, companions } };
  try {
    options.signal?.throwIfAborted();
    const served = await serveModel(identity, { model: contents['model.onnx'], maxBatchSize, check }, options);
    const all = [served, companions.compact, companions.outliers];
    return {
      ...served,
      live: () => all.every((model) => model?.live() ?? true),
      close: async () => {
        await Promise.all([served.close(), closeCompanions(companions)]);
      },
    };
  } catch (error) {
    await closeCompanions(companions);
    throw error;
  }
}

/** Makes a plain ONNX model ready to serve; random rows warm it up. Throws InputError when it does not load. */
export async function openPlainModel(
  { name, version, onnx }: PlainModel,
  options: ServingOptions,
): Promise<ServedModel> {
  options.signal?.throwIfAborted();
  // Asynchronous, as hashing a large model would hold the thread.
  const sha256 = await crypto.subtle.digest('SHA-256', new Uint8Array(onnx));
  const digest = `sha256:${Buffer.from(sha256).toString('hex')}`;
  const identity = { name, version, digest, contract: null, bundle: null };
  return serveModel(identity, { model: onnx, maxBatchSize: plainBatchSize, check: async () => null }, options);
}
