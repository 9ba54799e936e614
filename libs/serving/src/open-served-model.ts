import { createHash } from 'node:crypto';
import { type BundleContents, goldenSchema } from '@repo/contract/manifest';
import { modelContractSchema } from '@repo/contract/model-contract';
import { createRequestParser } from '@repo/contract/prediction-request';
import { type Profile, profileSchema } from '@repo/contract/profile';
import { ServiceError } from '@repo/contract/service-error';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkContractTensors } from './check-contract-tensors.ts';
import { checkGolden } from './check-golden.ts';
import type { Job, RunResult } from './job.ts';
import { createOnnxSession, type OnnxSession } from './onnx-session.ts';
import { closeCompanions, openCompanions } from './predict/companions.ts';
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

function readProfile(bundle: VerifiedBundle, options: ServingOptions): Profile | null {
  try {
    return bundleJson(bundle.contents, 'profile.json', profileSchema);
  } catch (error) {
    options.warn(`served without the profile of its training: ${(error as Error).message}`);
    return null;
  }
}

async function runNow(model: string, session: OnnxSession, job: Job): Promise<RunResult> {
  const began = performance.now();
  try {
    const outputs = await session.run(job.inputs, job.outputs);
    const computedSeconds = (performance.now() - began) / 1000;
    return { outputs, times: { queuedSeconds: 0, computedSeconds, batchRows: job.inputs[0]?.shape[0] ?? 1 } };
  } catch (cause) {
    throw new ServiceError('inference_failed', { path: model, received: 'a run that failed' }, cause);
  }
}

const none = { count: 0, ns: 0 };
const serve = (name: string, session: OnnxSession) => ({
  inputs: session.inputs,
  outputs: session.outputs,
  executor: 'inline' as const,
  maxBatchSize: 1,
  run: (job: Job) => runNow(name, session, job),
  retryAfterSeconds: () => 1,
  queueDepth: () => 0,
  statistics: () => ({
    inferences: 0,
    executions: 0,
    lastInferenceMs: 0,
    success: none,
    fail: none,
    left: 0,
    queue: none,
    input: none,
    infer: none,
    output: none,
    batches: [],
  }),
  live: () => true,
  close: () => session.release(),
});

/** Makes a bundle ready to serve: reads its contract, loads the model, runs the golden rows. Throws InputError for what is wrong. */
export async function openServedModel(bundle: VerifiedBundle, options: ServingOptions): Promise<ServedModel> {
  const contract = bundleJson(bundle.contents, 'contract.json', modelContractSchema);
  const golden = bundleJson(bundle.contents, 'golden.json', goldenSchema);
  const session = await createOnnxSession(bundle.contents['model.onnx']);
  try {
    checkContractTensors(session.inputs, session.outputs, contract);
    await checkGolden(session, contract, golden);
  } catch (error) {
    await session.release();
    throw error;
  }
  const served = serve(contract.model, session);
  const version = String(bundle.version);
  const openPlain = (file: string, onnx: Uint8Array) =>
    openPlainModel({ name: `${contract.model}/${file}`, version, onnx }, unobserved(options));
  const companions = await openCompanions(bundle.contents, contract, openPlain, options.warn);
  return {
    ...served,
    name: contract.model,
    version,
    digest: bundle.digest,
    contract,
    bundle: {
      contents: bundle.contents,
      profile: readProfile(bundle, options),
      parseRequest: createRequestParser(contract),
      companions,
    },
    close: async () => {
      await Promise.all([served.close(), closeCompanions(companions)]);
    },
  };
}

/** Without an observer: the file of a companion must not become a label of metrics. */
function unobserved({ observerOf: _, ...rest }: ServingOptions): ServingOptions {
  return rest;
}

/** Makes a plain ONNX model ready to serve. Throws InputError when it does not load. */
export async function openPlainModel(
  { name, version, onnx }: PlainModel,
  _options: ServingOptions,
): Promise<ServedModel> {
  const session = await createOnnxSession(onnx);
  const digest = `sha256:${createHash('sha256').update(onnx).digest('hex')}`;
  return { ...serve(name, session), name, version, digest, contract: null, bundle: null };
}
