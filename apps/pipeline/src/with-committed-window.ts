import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '@repo/contract/model';
import { trainingWindowSchema, withWindow } from '@repo/contract/training-window';
import { parseJson } from '@repo/registry/json-object';

/** The model with the days of models/<name>/window.json; as declared without that file. Throws InputError for a file that is damaged or whose days are out of order. */
export async function withCommittedWindow(
  { modelDir }: { modelDir(model: string): string },
  model: Model,
): Promise<Model> {
  const path = `models/${model.name}/window.json`;
  const content = await readFile(join(modelDir(model.name), 'window.json')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return content === null ? model : withWindow(model, parseJson(trainingWindowSchema, content, path), path);
}
