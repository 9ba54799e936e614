import type { DeclaredResource } from './declared-resource.ts';
import { inputAt, listAt, textAt } from './input-at.ts';

/** Where the pod of each kind of workload stands in its inputs, and whether it runs until it is told to stop. */
const kinds: Readonly<Record<string, { readonly pod: string; readonly isService: boolean }>> = {
  'kubernetes:core/v1:Pod': { pod: '', isService: true },
  'kubernetes:apps/v1:Deployment': { pod: 'spec.template', isService: true },
  'kubernetes:apps/v1:StatefulSet': { pod: 'spec.template', isService: true },
  'kubernetes:apps/v1:DaemonSet': { pod: 'spec.template', isService: true },
  'kubernetes:apps/v1:ReplicaSet': { pod: 'spec.template', isService: true },
  'kubernetes:argoproj.io/v1alpha1:Rollout': { pod: 'spec.template', isService: true },
  'kubernetes:batch/v1:Job': { pod: 'spec.template', isService: false },
  'kubernetes:batch/v1:CronJob': { pod: 'spec.jobTemplate.spec.template', isService: false },
};

/** One container, with the name that a finding calls it by. */
export interface Container {
  readonly name: string;
  readonly spec: unknown;
  /** Runs to its end before the others start. */
  readonly isInit: boolean;
}

/** A resource that makes pods. */
export interface Workload {
  readonly resource: DeclaredResource;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Spec of its pods. */
  readonly pod: unknown;
  readonly containers: readonly Container[];
  readonly isService: boolean;
}

function containersOf(pod: unknown): Container[] {
  const named = (path: string, isInit: boolean) =>
    listAt(pod, path).map((spec) => ({ name: textAt(spec, 'name'), spec, isInit }));
  return [...named('containers', false), ...named('initContainers', true)];
}

/** Every resource that makes pods. */
export function workloadsOf(resources: readonly DeclaredResource[]): Workload[] {
  return resources.flatMap((resource) => {
    const kind = kinds[resource.type];
    if (kind === undefined) return [];
    const template = kind.pod === '' ? resource.inputs : inputAt(resource.inputs, kind.pod);
    const pod = inputAt(template, 'spec');
    return [
      {
        resource,
        namespace: textAt(resource.inputs, 'metadata.namespace') || 'default',
        labels: (inputAt(template, 'metadata.labels') ?? {}) as Record<string, string>,
        pod,
        containers: containersOf(pod),
        isService: kind.isService,
      },
    ];
  });
}
