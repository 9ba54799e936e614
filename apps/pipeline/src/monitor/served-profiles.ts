import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { type Profile, profileSchema } from '@repo/contract/profile';
import type { Database } from '@repo/datasets/database';
import { bundleJson } from '@repo/registry/bundle-json';
import type { Context } from '../context.ts';
import { championBundle } from '../gate/champion-bundle.ts';

/** Versions that answers in the view `outcomes` name, with the profiles of those whose bundles are at hand. */
export async function servedProfiles(
  context: Context,
  model: Model,
  database: Database,
): Promise<Map<string, Profile | null>> {
  const rows = await database.rows('SELECT DISTINCT version FROM outcomes ORDER BY version');
  const profiles = new Map<string, Profile | null>();
  for (const version of rows.map((row) => String(row.version)))
    profiles.set(version, await profileOf(context, model, version));
  return profiles;
}

async function profileOf(context: Context, model: Model, version: string): Promise<Profile | null> {
  if (!/^\d{1,9}$/.test(version)) return null;
  try {
    const bundle = await championBundle(context, model.name, Number(version));
    return bundle === null ? null : bundleJson(bundle.contents, 'profile.json', profileSchema);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.progress.line(`version ${version} is not at hand, so that its windows have no bins: ${error.message}`);
    return null;
  }
}
