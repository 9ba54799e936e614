import { type BundleContents, goldenSchema } from '@repo/contract/manifest';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { createRequestParser, type PredictionRequest } from '@repo/contract/prediction-request';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkGolden } from './check-golden.ts';
import { createOnnxSession, type OnnxSession } from './onnx-session.ts';

/** A model that passed its checks and answers. */
export interface ServedModel extends OnnxSession {
  readonly name: string;
  /** The version's number, as the protocol writes it. */
  readonly version: string;
  /** Digest of the bundle. */
  readonly digest: string;
  readonly contract: ModelContract;
  /** Checks a prediction request; throws InputError. */
  readonly parseRequest: (body: unknown) => PredictionRequest;
}

/** A bundle whose bytes were verified against its digest, as the registry opens it. */
export interface VerifiedBundle {
  readonly version: number;
  readonly digest: string;
  readonly contents: BundleContents;
}

/** Makes a bundle ready to serve: reads its contract, loads the model, runs the golden rows. Throws InputError for what is wrong. */
export async function openServedModel(bundle: VerifiedBundle): Promise<ServedModel> {
  const contract = bundleJson(bundle.contents, 'contract.json', modelContractSchema);
  const golden = bundleJson(bundle.contents, 'golden.json', goldenSchema);
  const session = await createOnnxSession(bundle.contents['model.onnx'], contract);
  try {
    await checkGolden(session, contract, golden);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    ...session,
    name: contract.model,
    version: String(bundle.version),
    digest: bundle.digest,
    contract,
    parseRequest: createRequestParser(contract),
  };
}
