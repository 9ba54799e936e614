import { setTimeout as sleep } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterGet } from './cluster-api.ts';
import { isSettled, type PodObject, podReason } from './pod-reason.ts';
import { readObject } from './read-object.ts';
import { type DeclaredRollout, type RolloutObject, replicaFailures, rolloutProgress } from './rollout-progress.ts';

/** Which Rollout, and how long it may stand still. */
export interface FollowOptions {
  readonly namespace: string;
  readonly name: string;
  readonly declared: DeclaredRollout;
  /** Seconds without a new step or more replicas than ever before, after which it is given up. */
  readonly patienceS: number;
  /** Gets a line whenever something about it has changed. */
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
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`;
  const { items: pods = [] } = await readObject<{ items?: PodObject[] }>(get, path);
  const found = pods
    .filter((pod) => !isSettled(pod))
    .map(async (pod) => {
      const why = podReason(pod);
      if (why !== null) return [why, pod.metadata.name] as const;
      const health = await get(
        `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}:8080/proxy/v2/health/ready`,
      ).catch((error: Error) => ({ text: error.message }));
      return [`runs but is not ready: ${serviceReason(health.text)}`, pod.metadata.name] as const;
    });
  const byReason = Map.groupBy(await Promise.all(found), ([why]) => why);
  return [
    ...replicaFailures(rollout),
    ...[...byReason].map(([why, list]) => `${list.map(([, pod]) => pod).join(', ')}: ${why}`),
  ];
}

/** The next step for whoever runs `up`. An aborted Rollout whose specification stays is not tried again by an `up`. */
function nextStep({ namespace, name }: FollowOptions, isAborted: boolean): string {
  const still = 'the pods that served before still serve';
  if (!isAborted) return `correct it and run up again; ${still}`;
  const plain = `kubectl patch rollout ${name} -n ${namespace} --subresource=status --type=merge -p '{"status":{"abort":false}}'`;
  return `correct it and run up again, or to try the same again: kubectl argo rollouts retry rollout ${name} -n ${namespace} (without its plugin: ${plain}); ${still}`;
}

/**
 * Waits until a Rollout serves what was asked for last, or its first canaries do and the judge has begun to look: what becomes of them takes
 * longer than anybody waits for an `up`. The provider itself awaits no custom resource. Throws RunError, with what the pods say,
 * when it is given up: aborted, waiting for a person, or standing still for longer than `patienceS`.
 */
export async function followRollout(get: ClusterGet, options: FollowOptions): Promise<void> {
  const { namespace, name, patienceS, log, everyMs = 1000 } = options;
  let [last, since] = ['', performance.now()];
  let furthest: readonly number[] = [];
  while (true) {
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`;
    const rollout = await readObject<RolloutObject>(get, path);
    const { state, what, marks } = rolloutProgress(rollout, options.declared);
    if (state === 'done') return;
    if (what !== last) log(what);
    if (state === 'judged') return log(`the judge decides from here: causeway watch ${name}`);
    last = what;
    // Pods that come and go would change `what` for ever.
    if (marks.some((mark, i) => mark > (furthest[i] ?? -1))) {
      since = performance.now();
      furthest = marks.map((mark, i) => Math.max(mark, furthest[i] ?? -1));
    }
    const isStuck = performance.now() - since > patienceS * 1000;
    if (state === 'failed' || isStuck) {
      const still = isStuck ? ` for ${patienceS} s` : '';
      const lines = [
        `rollout ${name}: received ${what}${still}; allowed: Healthy`,
        ...(await reasons(get, options, rollout).catch(({ message }: Error) => [message])),
      ];
      const isAborted = rollout.status?.abort === true;
      throw new pulumi.RunError([...lines, nextStep(options, isAborted)].join('\n  '));
    }
    await sleep(everyMs);
  }
}
