import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@repo/contract/input-error';
import { ReleaseOutcome, type ReleaseResult } from '@repo/contract/release-result';
import type { LiveView } from './live-view.ts';
import type { ReleaseLook, SideState } from './read-release.ts';
import { releaseProgress } from './release-progress.ts';
import { releaseView } from './release-view.ts';

export interface WatchOptions {
  readonly model: string;
  readonly namespace: string;
  /** One look; null when the model has no Rollout there. */
  readonly look: () => Promise<ReleaseLook | null>;
  readonly view: LiveView;
  /** Milliseconds after which a release that goes on is undecided. */
  readonly deadlineMs: number;
  /** Milliseconds between two looks. Default: 2000. */
  readonly everyMs?: number;
  readonly nowMs: () => number;
}

/** Looks that may fail one after the other, as when an API server is replaced. */
const mostFailures = 15;

/** Looks; a look that fails is tried again. Throws InputError when none succeeds for long, or there is nothing to look at. */
async function lookAgain({ look, model, namespace, view, everyMs = 2000 }: WatchOptions): Promise<ReleaseLook> {
  for (let failures = 1; ; failures++) {
    try {
      const seen = await look();
      if (seen !== null) return seen;
    } catch (error) {
      if (error instanceof InputError || failures >= mostFailures)
        throw notSeen(model, namespace, (error as Error).message);
      view.say(`the cluster did not answer: ${(error as Error).message}`);
      await sleep(everyMs);
      continue;
    }
    throw notSeen(model, namespace, `no Rollout ${model} in ${namespace}`);
  }
}

const notSeen = (model: string, namespace: string, received: string): InputError =>
  new InputError({
    path: `rollout ${model} in ${namespace}`,
    received,
    allowed: 'a Rollout that may be read',
    action: 'set KUBECONFIG to its cluster, and --namespace to where it is',
  });

const plain = ({ podHash, champion, image }: SideState) => ({ podHash, champion, image });
const clip = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** The pods that are asked for when it is first seen; the controller may need a moment to say. */
async function firstLook(options: WatchOptions): Promise<ReleaseLook & { to: SideState }> {
  for (let looks = 0; looks < 60; looks++) {
    const seen = await lookAgain(options);
    if (seen.to !== null) return { ...seen, to: seen.to };
    await sleep(options.everyMs ?? 2000);
  }
  throw notSeen(options.model, options.namespace, 'a Rollout that its controller does not look at');
}

/**
 * Follows the release that is under way, or the one that ended last, to its end. What happens to it by hand is told and kept. Throws
 * InputError when there is none to be seen.
 */
export async function watchRelease(options: WatchOptions): Promise<ReleaseResult> {
  const { model, view, deadlineMs, everyMs = 2000, nowMs } = options;
  const startedMs = nowMs();
  let seen: ReleaseLook = await firstLook(options);
  const to = seen.to as SideState;
  const { from } = seen;
  let before: ReleaseLook | null = null;
  let judgement = seen.judgement;
  const byHand: string[] = [];
  while (true) {
    judgement = seen.to?.podHash === to.podHash ? (seen.judgement ?? judgement) : judgement;
    const progress = releaseProgress(to.podHash, seen, before);
    const tookMs = nowMs() - startedMs;
    view.show(releaseView(model, seen, progress.reason, tookMs / 1000));
    for (const done of progress.byHand.filter((one) => !byHand.includes(one))) {
      byHand.push(done);
      view.say(`by hand: ${done}`);
    }
    const isLate = progress.outcome === null && tookMs >= deadlineMs;
    if (progress.outcome !== null || isLate) {
      const late = `It goes on after ${Math.round(tookMs / 1000)} s: ${progress.reason}`;
      return {
        schemaVersion: 1,
        model,
        outcome: progress.outcome ?? ReleaseOutcome.undecided,
        reason: clip(isLate ? late : progress.reason, 2000),
        from: from === null ? null : plain(from),
        to: plain(to),
        byHand: byHand.slice(0, 50).map((one) => clip(one, 500)),
        judgement,
        startedAt: new Date(startedMs).toISOString(),
        endedAt: new Date(nowMs()).toISOString(),
      };
    }
    await sleep(everyMs);
    before = seen;
    seen = await lookAgain(options);
  }
}
