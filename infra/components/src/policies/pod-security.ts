import { inputAt, listAt, textAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { type Container, mayHidePods, type Workload, workloadsOf } from './workload.ts';

/** A setting of the container, or else of its pod, which counts for all of them. */
const effective = (pod: unknown, spec: unknown, path: string): unknown =>
  inputAt(spec, `securityContext.${path}`) ?? inputAt(pod, `securityContext.${path}`);

function containerProblems(pod: unknown, { name, spec }: Container): string[] {
  const own = (path: string) => inputAt(spec, `securityContext.${path}`);
  const seccomp = String(effective(pod, spec, 'seccompProfile.type'));
  const added = listAt(spec, 'securityContext.capabilities.add').filter((one) => one !== 'NET_BIND_SERVICE');
  const wanted: readonly (readonly [boolean, string])[] = [
    [own('privileged') !== true, 'take privileged out'],
    [own('allowPrivilegeEscalation') === false, 'set allowPrivilegeEscalation to false'],
    [listAt(spec, 'securityContext.capabilities.drop').includes('ALL'), 'drop the capabilities ALL'],
    [added.length === 0, `add no capabilities ${added.join(', ')}`],
    [own('readOnlyRootFilesystem') === true, 'set readOnlyRootFilesystem'],
    [effective(pod, spec, 'runAsNonRoot') === true, 'set runAsNonRoot'],
    [effective(pod, spec, 'runAsUser') !== 0, 'run as another user than 0'],
    [['RuntimeDefault', 'Localhost'].includes(seccomp), 'set seccompProfile to RuntimeDefault'],
    [!listAt(spec, 'ports').some((port) => inputAt(port, 'hostPort') !== undefined), 'take hostPort out'],
  ];
  const missing = wanted.filter(([isKept]) => !isKept).map(([, what]) => what);
  return missing.length === 0 ? [] : [`container ${name}: ${missing.join(', ')}`];
}

function podProblems({ pod }: Workload): string[] {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => inputAt(pod, name) === true);
  const folders = listAt(pod, 'volumes').filter((volume) => inputAt(volume, 'hostPath') !== undefined);
  return [
    ...shared.map((name) => `shares the node's own; take ${name} out`),
    ...folders.map((volume) => `volume ${textAt(volume, 'name')} is a folder of the node; take hostPath out`),
  ];
}

const unknownKind =
  'is of a type that nobody has looked at; declare a kind that is known, or say in workload.ts whether it makes pods';

/** Pods keep the restricted standard of Kubernetes, on a root file system that they cannot write. */
export const podSecurity: Policy = {
  name: 'pod-security',
  demands: 'Pods keep the restricted standard of Kubernetes and cannot write their root file system.',
  check: ({ resources }) => [
    ...resources.filter(mayHidePods).map((resource) => ({ resource, problem: unknownKind })),
    ...workloadsOf(resources).flatMap((workload) =>
      [...podProblems(workload), ...workload.containers.flatMap((one) => containerProblems(workload.pod, one))].map(
        (problem) => ({ resource: workload.resource, problem }),
      ),
    ),
  ],
};
