import { type Judgement, judgementSchema } from '@repo/contract/judgement';
import { type Champion, championSchema } from '@repo/contract/manifest';
import type { ReleaseSide } from '@repo/contract/release-result';
import { podLabels } from '@repo/contract/target-label';
import type { Cluster } from '../cluster/cluster.ts';
import { readCluster } from '../cluster/read-cluster.ts';
import { isPassedStep, judgedSteps } from './judged-steps.ts';
import type { AnalysisRunObject, ReplicaSetObject, RolloutObject } from './release-objects.ts';

/** Where a release runs. */
export interface ReleaseAddress {
  readonly namespace: string;
  readonly model: string;
}

/** One side of a release at a look. */
export interface SideState extends ReleaseSide {
  readonly readyPods: number;
  readonly wantedPods: number;
}

/** What is seen of a release at one look. */
export interface ReleaseLook {
  readonly rollout: RolloutObject;
  /** What served before; null for a first release. */
  readonly from: SideState | null;
  /** What is asked for now; null while the controller has not looked yet. */
  readonly to: SideState | null;
  /** Whether what is asked for has served all along, as after a revert: Argo Rollouts then goes back at once, without steps and judge. */
  readonly isBack: boolean;
  /** Analyses of this release of the pods that are asked for, oldest first. Those of an earlier release of the same pods are not. */
  readonly analyses: readonly AnalysisRunObject[];
  /** The newest judgement about them. */
  readonly judgement: Judgement | null;
  /** Why the judge did not answer when it was asked last; null when it did. */
  readonly judgeAway: string | null;
}

/** What Argo Rollouts counts up with every change. Pods that are asked for again get a new one, and so do their analyses. */
const revisionAnnotation = 'rollout.argoproj.io/revision';

type Annotated = Pick<ReplicaSetObject | AnalysisRunObject, 'metadata'>;

const hashOf = ({ metadata }: ReplicaSetObject): string => metadata.labels?.[podLabels.templateHash] ?? '';
const revisionOf = ({ metadata }: Annotated): number => Number(metadata.annotations?.[revisionAnnotation] ?? 0);
/** Whether these pods were asked for before, with something else in between. */
const isAskedAgain = ({ metadata }: ReplicaSetObject): boolean =>
  metadata.annotations?.[`${revisionAnnotation}-history`] !== undefined;

/** The side before: the stable one, or, once that is the new one, the revision before it. */
function sideBefore(sets: readonly ReplicaSetObject[], current: string, stable: string): ReplicaSetObject | undefined {
  if (stable !== current) return sets.find((set) => hashOf(set) === stable);
  const own = sets.find((set) => hashOf(set) === current);
  if (own === undefined) return undefined;
  return sets
    .filter((set) => set !== own && revisionOf(set) < revisionOf(own))
    .sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function judgementIn(text: string | undefined): Judgement | null {
  try {
    return judgementSchema.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}

/** What the judge said last in the analyses of steps, and why it said nothing after that. */
function saidBy(analyses: readonly AnalysisRunObject[]): Pick<ReleaseLook, 'judgement' | 'judgeAway'> {
  const measurements = analyses
    .flatMap(({ status }) => status?.metricResults ?? [])
    .filter(({ name }) => name === 'judge')
    .flatMap((result) => result.measurements ?? [])
    .filter(({ finishedAt }) => finishedAt !== undefined)
    .sort((a, b) => Date.parse(a.finishedAt ?? '') - Date.parse(b.finishedAt ?? ''));
  const last = measurements.at(-1);
  const judgement = measurements.map(({ value }) => judgementIn(value)).findLast((one) => one !== null) ?? null;
  return { judgement, judgeAway: last?.phase === 'Error' ? (last.message ?? 'no answer') : null };
}

/** Reads releases of one model. Champions are read once: a ConfigMap of one never changes. */
export function createReleaseReader(cluster: Cluster, { namespace, model }: ReleaseAddress) {
  const champions = new Map<string, Champion | null>();
  const argo = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}`;

  async function championOf(set: ReplicaSetObject): Promise<Champion | null> {
    const { volumes = [] } = set.spec.template.spec;
    const name = volumes.find((volume) => volume.name === 'champion')?.configMap?.name ?? '';
    const known = champions.get(name);
    if (known !== undefined) return known;
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    const map = name === '' ? null : await readCluster<{ data?: Record<string, string> }>(cluster, path);
    const champion = championSchema.safeParse(JSON.parse(map?.data?.['champion.json'] ?? 'null')).data ?? null;
    champions.set(name, champion);
    return champion;
  }

  /** Analyses of the release that made these pods what is asked for, oldest first. */
  async function analysesOf(set: ReplicaSetObject): Promise<AnalysisRunObject[]> {
    const own = encodeURIComponent(`${podLabels.templateHash}=${hashOf(set)}`);
    const runs = await readCluster<{ items: AnalysisRunObject[] }>(
      cluster,
      `${argo}/analysisruns?labelSelector=${own}`,
    );
    return (runs?.items ?? [])
      .filter((run) => revisionOf(run) === revisionOf(set))
      .sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
  }

  /** Whether the stable pods are asked for again, without a look at them, after others that the judge never let through. */
  async function goesBack(own: ReplicaSetObject, before: ReplicaSetObject, rollout: RolloutObject): Promise<boolean> {
    if (!isAskedAgain(own)) return false;
    const passed = (await analysesOf(before)).filter(isPassedStep).length;
    return passed < judgedSteps(rollout);
  }

  const sideOf = async (set: ReplicaSetObject): Promise<SideState> => ({
    podHash: hashOf(set),
    champion: await championOf(set),
    image: set.spec.template.spec.containers[0]?.image ?? '',
    readyPods: set.status?.readyReplicas ?? 0,
    wantedPods: set.spec.replicas ?? 0,
  });

  /** One look; null when the model has no Rollout. */
  return async (): Promise<ReleaseLook | null> => {
    const rollout = await readCluster<RolloutObject>(cluster, `${argo}/rollouts/${model}`);
    if (rollout === null) return null;
    const { currentPodHash = '', stableRS = '', observedGeneration } = rollout.status ?? {};
    if (observedGeneration !== String(rollout.metadata.generation) || currentPodHash === '')
      return { rollout, from: null, to: null, isBack: false, analyses: [], judgement: null, judgeAway: null };
    const own = encodeURIComponent(`${podLabels.model}=${model}`);
    const sets = await readCluster<{ items: ReplicaSetObject[] }>(
      cluster,
      `/apis/apps/v1/namespaces/${namespace}/replicasets?labelSelector=${own}`,
    );
    const items = sets?.items ?? [];
    const current = items.find((set) => hashOf(set) === currentPodHash);
    const before = sideBefore(items, currentPodHash, stableRS);
    const analyses = current === undefined ? [] : await analysesOf(current);
    const mayBeBack = stableRS === currentPodHash && analyses.length === 0;
    return {
      rollout,
      from: before === undefined ? null : await sideOf(before),
      to: current === undefined ? null : await sideOf(current),
      isBack: mayBeBack && current !== undefined && before !== undefined && (await goesBack(current, before, rollout)),
      analyses,
      ...saidBy(analyses),
    };
  };
}
