import { Alias } from './alias.ts';
import { AliasConflict } from './alias-conflict.ts';
import type { Registry } from './registry.ts';
import { type CommittedBundle, verifyCommitted } from './verify-committed.ts';

/**
 * Brings the committed champion of a model folder into a registry under its committed number and points the alias champion at it:
 * git decides. Returns it, or null when the model has no champion.json. Repeating it changes nothing. Throws InputError when the
 * files disagree or the registry holds another bundle under that number, AliasConflict when another process moves the alias elsewhere.
 */
export async function importCommitted(registry: Registry, modelDir: string): Promise<CommittedBundle | null> {
  const committed = await verifyCommitted(modelDir);
  if (committed === null) return null;
  const { model, version, dir } = committed;
  await registry.importVersion(model, version, dir);
  const current = await registry.getAlias(model, Alias.champion);
  try {
    await registry.setAlias(model, Alias.champion, version, current);
  } catch (error) {
    // Another start of the same commit was faster.
    if (!(error instanceof AliasConflict && error.current === version)) throw error;
  }
  return committed;
}
