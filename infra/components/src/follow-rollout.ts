import { setTimeout as sleep } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterGet } from './cluster-api.ts';
import { isSettled, type PodObject, podReason } from './pod-reason.ts';
import { type RolloutObject, replicaFailures, rolloutProgress } from './rollout-progress.ts';

/** Which Rollout, and how long it may stand still. */
export interface FollowOptions {
  readonly namespace: string;
  readonly name: string;
  /** Seconds without any change after which it is given up. */
  readonly patienceS: number;
  /** Gets a line whenever it has come further. */
  readonly log: (line: string) => void;
  /** Milliseconds between two looks. Default: 1000. */
  readonly everyMs?: number;
}

/** The part of an answer of the service that says why it is not ready, whole where it is no JSON. */
function serviceReason(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text);
  } catch {
    return text;
  }
}

/** Why pods of the newest version are not ready: a line for each reason, with the pods that have it. */
async function reasons(get: ClusterGet, { namespace, name }: FollowOptions, rollout: RolloutObject): Promise<string[]> {
  const hash = rollout.status?.currentPodHash;
  const selector = encodeURIComponent(`app.kubernetes.io/name=${name},rollouts-pod-template-hash=${hash}`);
  const { text } = await get(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
  const pods = (JSON.parse(text) as { items?: PodObject[] }).items ?? [];
  const found = pods
    .filter((pod) => !isSettled(pod))
    .map(async (pod) => {
      const why = podReason(pod);
      if (why !== null) return [why, pod.metadata.name] as const;
      const health = await get(`/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}:8080/proxy/v2/health/ready`);
      return [`runs but is not ready: ${serviceReason(health.text)}`, pod.metadata.name] as const;
    });
  const byReason = Map.groupBy(await Promise.all(found), ([why]) => why);
  return [
    ...replicaFailures(rollout),
    ...[...byReason].map(([why, list]) => `${list.map(([, pod]) => pod).join(', ')}: ${why}`),
  ];
}

/**
 * Waits until a Rollout serves what was asked for last. The provider itself awaits no custom resource. Throws RunError, with what the pods say,
 * when it is given up: aborted, waiting for a person, or standing still for longer than `patienceS`.
 */
export async function followRollout(get: ClusterGet, options: FollowOptions): Promise<void> {
  const { namespace, name, patienceS, log, everyMs = 1000 } = options;
  let [last, since] = ['', performance.now()];
  while (true) {
    const { text } = await get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`);
    const rollout = JSON.parse(text) as RolloutObject;
    const { state, what } = rolloutProgress(rollout);
    if (state === 'done') return;
    if (what !== last) {
      [last, since] = [what, performance.now()];
      log(what);
    }
    const isStuck = performance.now() - since > patienceS * 1000;
    if (state === 'failed' || isStuck) {
      const still = isStuck ? ` for ${patienceS} s` : '';
      const lines = [
        `rollout ${name}: received ${what}${still}; allowed: Healthy`,
        ...(await reasons(get, options, rollout)),
      ];
      throw new pulumi.RunError(
        `${lines.join('\n  ')}\n  correct it and run up again; the pods that served before still serve`,
      );
    }
    await sleep(everyMs);
  }
}
