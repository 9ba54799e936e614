import type { InstantUs } from '@repo/contract/instant';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import type { Context } from '../context.ts';
import { contractViews } from '../gate/contract-views.ts';
import { openRelations } from '../relations.ts';
import { currentSnapshot } from '../snapshots.ts';
import { eachOnce, loadModel } from '../workspace.ts';
import type { ScoreTable } from './open-table.ts';
import type { Scorable } from './scorable.ts';
import { readRequests } from './score-requests.ts';

/** Opens the data that the views of a contract read, as it is now, and answers what joins it to requests; see {@link readRequests}. */
export async function openRequests(
  context: Context,
  database: Database,
  contract: ModelContract,
  atUs: InstantUs | null,
): Promise<(table: ScoreTable) => Promise<Scorable>> {
  const { progress, workspace } = context;
  const views = await contractViews(context, await loadModel(workspace, contract.model), contract);
  const sources = eachOnce(views.flatMap(({ spec, source }) => (spec.kind === 'request' ? [] : [source])));
  const snapshots = await Array.fromAsync(
    sources,
    async (source) => [source.name, await currentSnapshot(context, source)] as const,
  );
  const relations = await openRelations(database, Object.fromEntries(snapshots));
  return (table) => {
    let begun = false;
    const onProgress = (done: number, total: number, step: string) => {
      if (!begun) progress.start('join features', total);
      begun = true;
      progress.update(done, step);
    };
    return readRequests(database, contract, table, { views, relations, atUs, onProgress });
  };
}
