import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportModel } from './export-model.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitPrior } from './prior-model.ts';
import { trainerDigest } from './trainer-digest.ts';

let modelDir: string;
const foreign = { by: 'trainer', command: ['python3', 'train.py'], params: {}, timeoutMs: 1000 } as const;
const digestOfForeign = () => trainerDigest({ ...foreign, command: [...foreign.command] }, modelDir);
const digestOfImport = () => trainerDigest({ by: 'importedOnnx', path: 'model.onnx' }, modelDir);
const write = (name: string, content: string | Uint8Array) => writeFile(join(modelDir, name), content);

beforeAll(async () => {
  modelDir = await mkdtemp(join(tmpdir(), 'model-'));
  await Promise.all(['release', 'samples', '__pycache__', 'lib'].map((name) => mkdir(join(modelDir, name))));
  await write('train.py', 'print(1)');
});
afterAll(() => rm(modelDir, { recursive: true }));

test('a foreign trainer is every file of the folder', async () => {
  const before = await digestOfForeign();
  expect(before).toBe(await digestOfForeign());
  await write('lib/rows.py', 'rows = 1');
  const after = await digestOfForeign();
  expect(after).not.toBe(before);
  await write('lib/rows.py', 'rows = 2');
  expect(await digestOfForeign()).not.toBe(after);
});

test.each(['model.ts', 'champion.json', 'release/card.md', 'samples/one.json', '__pycache__/train.pyc'])(
  '%s is no part of a foreign trainer',
  async (name) => {
    const before = await digestOfForeign();
    await write(name, 'anything');
    expect(await digestOfForeign()).toBe(before);
  },
);

test('an import is its file, and one that is absent is refused', async () => {
  await expect(digestOfImport()).rejects.toThrow(InputError);
  await write('model.onnx', exportModel(fitPrior(plantedMatrix(60, 1), 'binary')));
  const before = await digestOfImport();
  await write('model.onnx', exportModel(fitPrior(plantedMatrix(60, 2), 'binary')));
  expect(await digestOfImport()).not.toBe(before);
});
