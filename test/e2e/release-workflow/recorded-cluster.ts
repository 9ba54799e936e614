import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Judgement } from '@repo/contract/judgement';
import type { Champion } from '@repo/contract/manifest';
import { podLabels } from '@repo/contract/target-label';

/** A release as the cluster shows it to whoever looks: under way at the first look, and then as it ended. */
export interface RecordedRelease {
  readonly from: Champion;
  readonly to: Champion;
  readonly ended: 'promoted' | 'rolled-back' | 'undecided';
  /** What the judge said last, or any text in its place. */
  readonly judged: Judgement | string;
}

type Side = 'from' | 'to';

/** Hash of the pods of a side; a model's own, so that what is asked by it tells the model. */
export const podHashOf = (model: string, side: Side): string => `${model}-${side === 'from' ? '6f9c' : '7d4b'}`;

const image = `registry.example/causeway-inference@sha256:${'c'.repeat(64)}`;
const steps = [{ setWeight: 50 }, { analysis: { templates: [] } }];
const phases = { promoted: 'Successful', 'rolled-back': 'Failed', undecided: 'Inconclusive' } as const;

/** What Argo Rollouts 1.9 writes of a Rollout at its end. */
const endings = {
  promoted: { phase: 'Healthy' },
  'rolled-back': { phase: 'Degraded', abort: true, message: 'RolloutAborted: metric "judge" assessed Failed' },
  undecided: { phase: 'Paused', pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] },
} as const;

function rollout(model: string, { ended }: RecordedRelease, isOver: boolean) {
  const stableRS = podHashOf(model, isOver && ended === 'promoted' ? 'to' : 'from');
  const seen = { observedGeneration: '2', currentPodHash: podHashOf(model, 'to'), currentStepIndex: 1, stableRS };
  return {
    metadata: { generation: 2 },
    spec: { replicas: 4, strategy: { canary: { steps } } },
    status: { ...seen, ...(isOver ? endings[ended] : { phase: 'Progressing' }) },
  };
}

function replicaSet(model: string, side: Side) {
  const volumes = [{ name: 'champion', configMap: { name: `${model}-champion-${side}` } }];
  return {
    metadata: {
      labels: { [podLabels.templateHash]: podHashOf(model, side) },
      annotations: { 'rollout.argoproj.io/revision': side === 'from' ? '1' : '2' },
    },
    spec: { replicas: 2, template: { spec: { containers: [{ image }], volumes } } },
    status: { readyReplicas: 2 },
  };
}

function analysisRun({ ended, judged }: RecordedRelease) {
  const value = typeof judged === 'string' ? judged : JSON.stringify(judged);
  const phase = phases[ended];
  const measurements = [{ phase, finishedAt: '2026-03-01T10:06:00Z', value }];
  return {
    metadata: {
      ...{ name: 'step-1', creationTimestamp: '2026-03-01T10:00:00Z' },
      labels: { 'rollout-type': 'Step' },
      annotations: { 'rollout.argoproj.io/revision': '2' },
    },
    status: { phase, metricResults: [{ name: 'judge', measurements }] },
  };
}

/** The value that a list is asked for: `label=value` of its selector. */
const selected = (query: URLSearchParams): string => query.get('labelSelector')?.split('=')[1] ?? '';

/**
 * The part of a cluster's API that `causeway watch` reads, replaying one release of each model as Argo Rollouts writes it. A recording, since a
 * real canary takes minutes: `npm run e2e -- canary` has the real one.
 */
export async function createRecordedCluster() {
  const releases = new Map<string, RecordedRelease>();
  const looks = new Map<string, number>();
  const answers: [RegExp, (name: string, query: URLSearchParams) => unknown][] = [
    [
      /\/rollouts\/([a-z-]+)$/,
      (model) => {
        const release = releases.get(model);
        looks.set(model, (looks.get(model) ?? 0) + 1);
        return release && rollout(model, release, (looks.get(model) ?? 0) > 1);
      },
    ],
    [
      /\/(replicasets)$/,
      (_, query) => ({ items: (['from', 'to'] as const).map((side) => replicaSet(selected(query), side)) }),
    ],
    [
      /\/(analysisruns)$/,
      (_, query) => {
        const release = [...releases].find(([model]) => podHashOf(model, 'to') === selected(query))?.[1];
        return { items: release === undefined ? [] : [analysisRun(release)] };
      },
    ],
    [
      /\/configmaps\/([a-z-]+-champion-(?:from|to))$/,
      (name) => {
        const [model = '', side = ''] = name.split('-champion-');
        return { data: { 'champion.json': JSON.stringify(releases.get(model)?.[side as Side]) } };
      },
    ],
  ];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://cluster');
    const [pattern, answer] = answers.find(([path]) => path.test(pathname)) ?? [/$/, () => undefined];
    const found = answer(pattern.exec(pathname)?.[1] ?? '', searchParams);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { kind: 'Status', code: 404 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'recorded' },
    clusters: [{ name: 'recorded', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: 'recorded', context: { cluster: 'recorded', user: 'nobody' } }],
    users: [{ name: 'nobody', user: {} }],
  });
  return {
    kubeconfig,
    /** Shows a release of a model from its beginning. */
    release: (model: string, release: RecordedRelease): void => {
      releases.set(model, release);
      looks.delete(model);
    },
    close: () => server.close(),
  };
}
