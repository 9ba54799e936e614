import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import { assertPinned } from '@repo/features/assert-pinned';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from './context.ts';

/** Throws InputError when a view changed under the version that the committed champion was trained with, or when that champion is damaged. */
export async function requirePinned({ workspace }: Context, model: Model): Promise<void> {
  const committed = await verifyCommitted(workspace.modelDir(model.name));
  if (committed === null) return;
  const text = Buffer.from(committed.contents['contract.json']).toString('utf8');
  assertPinned(parseOrThrow(modelContractSchema, JSON.parse(text), 'contract.json').views, model.features);
}
