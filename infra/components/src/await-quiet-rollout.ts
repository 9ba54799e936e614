import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@repo/contract/input-error';
import { podLabels } from '@repo/contract/target-label';
import type { ClusterGet } from './cluster-api.ts';
import { readObject } from './read-object.ts';
import { type DeclaredRollout, isDeclared, type RolloutObject } from './rollout-progress.ts';

/** Which Rollout is about to be changed to what, and how long the release before may take. */
export interface QuietOptions {
  readonly namespace: string;
  readonly name: string;
  readonly declared: DeclaredRollout;
  /** Seconds that it is waited for. */
  readonly limitS: number;
  /** Gets a line when it has to wait. */
  readonly log: (line: string) => void;
  /** Milliseconds between two looks. Default: 2000. */
  readonly everyMs?: number;
}

/** What is under way there that a change would end before it is judged; null when nothing is. `isFinal`: it waits for a person. */
export function releaseUnderWay({ status = {}, metadata }: RolloutObject): { what: string; isFinal: boolean } | null {
  const { stableRS = '', currentPodHash = '', abort = false, phase = '' } = status;
  const isSeen = status.observedGeneration === String(metadata.generation);
  // The first release has nothing beside it, and an aborted one is over.
  if (stableRS === '' || abort || phase === 'Degraded') return null;
  if (isSeen && (stableRS === currentPodHash || phase === 'Healthy')) return null;
  const isFinal = (status.pauseConditions ?? []).length > 0;
  return { what: `${phase || 'not looked at yet'}, ${currentPodHash} beside ${stableRS}`, isFinal };
}

/** Whether what is declared is what serves already: going back is never held up. */
async function goesBack(get: ClusterGet, options: QuietOptions, { status = {} }: RolloutObject): Promise<boolean> {
  const selector = encodeURIComponent(`${podLabels.templateHash}=${status.stableRS ?? ''}`);
  const path = `/apis/apps/v1/namespaces/${options.namespace}/replicasets?labelSelector=${selector}`;
  const { items } = await readObject<{ items: Pick<RolloutObject, 'spec'>[] }>(get, path);
  return items.some((set) => isDeclared(set, options.declared));
}

/** The Rollout; null before it is first made. */
async function rolloutOf(get: ClusterGet, path: string): Promise<RolloutObject | null> {
  const { status } = await get(path);
  return status === 404 ? null : readObject<RolloutObject>(get, path);
}

/**
 * Waits until no other canary is under way on a Rollout, so that a second release does not end the first before it is judged. One that is
 * there already, declared as now, is not waited for, and neither is it on the way back to what serves. Throws InputError when the other one waits for a person, or lasts longer than `limitS`.
 */
export async function awaitQuietRollout(get: ClusterGet, options: QuietOptions): Promise<void> {
  const { namespace, name, declared, limitS, log, everyMs = 2000 } = options;
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`;
  const since = performance.now();
  let last = '';
  while (true) {
    const rollout = await rolloutOf(get, path);
    const other = rollout === null || isDeclared(rollout, declared) ? null : releaseUnderWay(rollout);
    if (rollout === null || other === null || (await goesBack(get, options, rollout))) return;
    const isLate = performance.now() - since > limitS * 1000;
    if (other.isFinal || isLate)
      throw new InputError({
        path: `rollout ${name}`,
        received: `another release under way (${other.what})${isLate ? ` for ${limitS} s` : ', which waits for a person'}`,
        allowed: 'one release at a time',
        action: `decide that one, kubectl argo rollouts promote or abort ${name} -n ${namespace}, and run up again`,
      });
    if (other.what !== last) log(`waits for the release under way: ${other.what}`);
    last = other.what;
    await sleep(everyMs);
  }
}
