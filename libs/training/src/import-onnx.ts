import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Training } from '@repo/contract/training';
import { decodeModel } from '@repo/onnx/decode-model';
import type { Candidate } from './candidate.ts';

/** Larger models belong in a blob store, and need a decision on how they are shipped. */
const maxBytes = 256 * 1024 * 1024;

/** Takes a finished model from the model's folder. Throws InputError when it is absent, over 256 MiB or not an ONNX model. */
export async function importOnnx(
  training: Extract<Training, { by: 'importedOnnx' }>,
  modelDir: string,
): Promise<Candidate> {
  const path = join(modelDir, training.path);
  const refuse = (received: string) =>
    new InputError({
      path: 'training.path',
      received: `${training.path}: ${received}`,
      allowed: 'an ONNX model of at most 256 MiB in the model folder',
      action: 'export the model there, or correct the path',
    });
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) throw refuse('no such file');
  if (found.size > maxBytes) throw refuse(`${found.size} bytes`);
  const onnx = new Uint8Array(await readFile(path));
  try {
    const { producerName } = decodeModel(onnx);
    return {
      onnx,
      trainer: null,
      curve: [],
      importance: {},
      facts: { trainer: 'importedOnnx', producer: producerName },
      environment: {},
    };
  } catch (cause) {
    throw refuse((cause as Error).message);
  }
}
