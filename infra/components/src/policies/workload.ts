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

/** What makes no pods of its own. What a chart makes is not declared: charts are held to an exact version instead. */
const podless =
  /^kubernetes:(?:core\/v1:(?:ConfigMap|Endpoints|LimitRange|Namespace|PersistentVolume|PersistentVolumeClaim|ResourceQuota|Secret|Service|ServiceAccount)|(?:apiextensions\.k8s\.io|autoscaling|discovery\.k8s\.io|networking\.k8s\.io|policy|rbac\.authorization\.k8s\.io|scheduling\.k8s\.io|storage\.k8s\.io)\/v\d:(?!\w+(?:List|Patch)$)\w+|helm\.sh\/v\d:(?:Release|Chart)|argoproj\.io\/v1alpha1:AnalysisTemplate|keda\.sh\/v1alpha1:(?:ScaledObject|TriggerAuthentication)|monitoring\.coreos\.com\/v1:(?:PodMonitor|PrometheusRule|ServiceMonitor))$/;

/** Whether nobody has said if a type makes pods: they would be looked at only where they stand as in any other object. */
export const mayHidePods = ({ type }: DeclaredResource): boolean =>
  type.startsWith('kubernetes:') && kinds[type] === undefined && !podless.test(type);

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
  return [...named('containers', false), ...named('initContainers', true), ...named('ephemeralContainers', true)];
}

/** Whatever stands around a pod's spec, wherever in an object that is: a template, or the pod itself. */
function templatesIn(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  const isTemplate = Array.isArray(inputAt(value, 'spec.containers'));
  return [...(isTemplate ? [value] : []), ...Object.values(value).flatMap(templatesIn)];
}

/** Every pod that an object makes: where its kind has it, and where else one stands. */
function podsOf({ type, inputs }: DeclaredResource): unknown[] {
  const path = kinds[type]?.pod;
  const own = path === undefined ? [] : [path === '' ? inputs : inputAt(inputs, path)];
  return [...new Set([...own, ...templatesIn(inputs)])];
}

/** Every resource that makes pods, once for each of them. */
export function workloadsOf(resources: readonly DeclaredResource[]): Workload[] {
  return resources.flatMap((resource) => {
    // The values of a chart are what its author makes of them.
    if (!/^kubernetes:(?!helm\.sh)/.test(resource.type)) return [];
    return podsOf(resource).map((template) => {
      const pod = inputAt(template, 'spec');
      return {
        resource,
        namespace: textAt(resource.inputs, 'metadata.namespace') || 'default',
        labels: (inputAt(template, 'metadata.labels') ?? {}) as Record<string, string>,
        pod,
        containers: containersOf(pod),
        isService: kinds[resource.type]?.isService ?? !/Job/.test(resource.type),
      };
    });
  });
}
