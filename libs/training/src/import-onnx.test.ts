import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportModel } from './export-model.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { importOnnx } from './import-onnx.ts';
import { fitPrior } from './prior-model.ts';

let modelDir: string;
const take = (path: string) => importOnnx({ by: 'importedOnnx', path }, modelDir);

beforeAll(async () => {
  modelDir = await mkdtemp(join(tmpdir(), 'model-'));
});
afterAll(() => rm(modelDir, { recursive: true }));

test('a finished model is taken byte for byte, with who made it', async () => {
  const onnx = exportModel(fitPrior(plantedMatrix(60, 1), 'binary'));
  await writeFile(join(modelDir, 'prior.onnx'), onnx);
  expect(await take('prior.onnx')).toMatchObject({ onnx, facts: { trainer: 'importedOnnx', producer: 'causeway' } });
});

test('a file that is absent, a folder, no ONNX model or too large is refused', async () => {
  await writeFile(join(modelDir, 'text.onnx'), 'a model, honestly');
  await writeFile(join(modelDir, 'large.onnx'), '');
  await truncate(join(modelDir, 'large.onnx'), 256 * 1024 * 1024 + 1);
  for (const [path, received] of [
    ['absent.onnx', 'no such file'],
    ['.', 'no such file'],
    ['text.onnx', ''],
    ['large.onnx', '268435457 bytes'],
  ] as const) {
    const error = await take(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(`training.path: received ${path}: ${received}`);
  }
});
