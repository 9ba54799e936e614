import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { assertPinned } from '@repo/features/assert-pinned';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('committed releases pin views that are still defined as they were', async () => {
  for (const release of globSync('models/*/release/*/contract.json', { cwd: root })) {
    const contract = modelContractSchema.parse(JSON.parse(readFileSync(join(root, release), 'utf8')));
    const path = join(root, 'models', contract.model, 'model.ts');
    const { default: model } = (await import(pathToFileURL(path).href)) as { default: Model };
    expect(() => assertPinned(contract.views, model.features), release).not.toThrow();
  }
});
