import type { Model } from '@repo/contract/model';
import type { DoubtfulDays } from '@repo/monitoring/retrain-situation';
import { newestNumber, numberedNames } from '@repo/registry/numbered-names';
import { type Objects, openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';
import { sourcesOf } from '../workspace.ts';

/** Text of the newest snapshot and of all that it names: whose quarantine it mentions was accepted but for a few rows. */
async function visibleText({ store }: Objects): Promise<string> {
  const newest = newestNumber(await numberedNames(store, 'snapshots'));
  if (newest === 0) return '';
  const textOf = async (key: string): Promise<string> =>
    new TextDecoder().decode((await store.get(key)) ?? new Uint8Array());
  const snapshot = await textOf(`snapshots/${newest}.json`);
  const parts = [...snapshot.matchAll(/"file":"([a-z0-9/.-]+\.json)"/g)].map(([, key]) => textOf(key as string));
  return [snapshot, ...(await Promise.all(parts))].join('\n');
}

/**
 * Batches of a model's sources that were refused as a whole and still lie in quarantine. Their rows are not typed, so that no day is known
 * of them: they count from the champion's last day on, until somebody has sent them right and removed the file.
 */
export async function quarantinedDays(
  { stateUrl, workspace }: Context,
  model: Model,
  from: string,
): Promise<DoubtfulDays[]> {
  const found: DoubtfulDays[] = [];
  for (const { name } of sourcesOf(model)) {
    const objects = openObjects(stateUrl, workspace.root, `lake/${name}`);
    const files = (await objects.store.list('quarantine')).filter((file) => file.endsWith('.parquet'));
    const visible = files.length === 0 ? '' : await visibleText(objects);
    for (const file of files.filter((one) => !visible.includes(one)).sort())
      found.push({
        from,
        to: null,
        reason: `lake/${name}/quarantine/${file} was refused as a whole: send it right, then remove it`,
      });
  }
  return found;
}
