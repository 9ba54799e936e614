import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createExampleWorkspace, startExample } from '@repo/inference/fixtures/example-service';
import { echoModel, rowSumModel } from '@repo/serving/fixtures/plain-models';

/** A service with the models of the golden cases. */
export interface CasesService {
  readonly url: string;
  stop(): Promise<void>;
}

async function writeModel(repository: string, name: string, version: string, onnx: Uint8Array): Promise<void> {
  await mkdir(join(repository, name, version), { recursive: true });
  await writeFile(join(repository, name, version, 'model.onnx'), onnx);
}

/**
 * Starts a service with the models that the golden cases ask about: `example` and `example-temp`, linear models of five features in
 * bundles; and as plain ONNX `echo`, which gives back what it gets in every datatype, `pair` and `words`, which do with rows of two
 * numbers and with texts, and `row-sum` with two variable sizes.
 */
export async function serveCases(): Promise<CasesService> {
  const workspace = await createExampleWorkspace();
  const repository = join(workspace.dir, 'plain');
  const types = [
    'BOOL',
    'UINT8',
    'INT8',
    'UINT16',
    'INT16',
    'UINT32',
    'INT32',
    'UINT64',
    'INT64',
    'FP32',
    'FP64',
  ] as const;
  await writeModel(repository, 'echo', '1', echoModel([...types, 'BYTES'], ['N']));
  await writeModel(repository, 'pair', '1', echoModel(['FP32'], ['N', 2]));
  await writeModel(repository, 'words', '1', echoModel(['BYTES'], ['N']));
  await writeModel(repository, 'row-sum', '3', rowSumModel());
  const service = await startExample(workspace.dir, { MODEL_REPOSITORY: repository });
  return {
    url: service.url,
    stop: async () => {
      await service.stop();
      await workspace.remove();
    },
  };
}
