import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { assertPinned } from '@repo/features/assert-pinned';
import { bundleJson } from '@repo/registry/bundle-json';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from './context.ts';

/** Throws InputError when a view changed under the version that the committed champion was trained with, or when that champion is damaged. */
export async function requirePinned({ workspace }: Context, model: Model): Promise<void> {
  const committed = await verifyCommitted(workspace.modelDir(model.name));
  if (committed === null) return;
  assertPinned(bundleJson(committed.contents, 'contract.json', modelContractSchema).views, model.features);
}
