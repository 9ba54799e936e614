import { microseconds } from '@repo/contract/duration';
import type { ReleaseOutcome } from '@repo/contract/release-result';
import { openCluster } from '../cluster/open-cluster.ts';
import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { createLiveView } from '../release/live-view.ts';
import { createReleaseReader } from '../release/read-release.ts';
import { watchRelease } from '../release/watch-release.ts';
import { loadModel } from '../workspace.ts';

export interface WatchVerbOptions {
  readonly namespace: string;
  /** Seconds after which a release that goes on is undecided; null: the deadline of the definition, and 10 minutes for its pods. */
  readonly deadlineS: number | null;
}

const exitCodes = { promoted: 0, 'rolled-back': 1, undecided: 3 } as const satisfies Record<ReleaseOutcome, number>;

/**
 * `causeway watch <model>`: follows the release of a model on a cluster. Exit 0 promoted, 1 rolled back, 3 undecided. Throws InputError where
 * there is no cluster or no Rollout.
 */
export async function watchVerb(context: Context, model: string, options: WatchVerbOptions): Promise<Outcome> {
  const { release } = await loadModel(context.workspace, model);
  const { namespace, deadlineS } = options;
  const cluster = openCluster(context.environment);
  try {
    const result = await watchRelease({
      ...{ model, namespace, nowMs: Date.now },
      look: createReleaseReader(cluster, { namespace, model }),
      view: createLiveView(context.stderr),
      deadlineMs: deadlineS === null ? microseconds(release.deadline) / 1000 + 600_000 : deadlineS * 1000,
    });
    return { text: `${result.outcome}: ${result.reason}`, json: result, exitCode: exitCodes[result.outcome] };
  } finally {
    cluster.close();
  }
}
