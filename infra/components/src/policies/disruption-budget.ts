import type { DeclaredResource } from './declared-resource.ts';
import { inputAt, textAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { type Workload, workloadsOf } from './workload.ts';

const budgetType = 'kubernetes:policy/v1:PodDisruptionBudget';
const scaled = ['Deployment', 'StatefulSet', 'ReplicaSet', 'Rollout'];

/** How many pods are wanted at least, as far as it is declared: an autoscaler leaves the number out. */
function replicasOf({ resource }: Workload): number {
  const replicas = inputAt(resource.inputs, 'spec.replicas');
  return typeof replicas === 'number' ? replicas : 2;
}

function covers(budget: DeclaredResource, { namespace, labels }: Workload): boolean {
  const wanted = Object.entries((inputAt(budget.inputs, 'spec.selector.matchLabels') ?? {}) as Record<string, string>);
  const isThere = (textAt(budget.inputs, 'metadata.namespace') || 'default') === namespace;
  return isThere && wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value);
}

/** A budget that never lets a pod go stops every maintenance of nodes. */
function isStuck(budget: DeclaredResource, replicas: number): boolean {
  const most = inputAt(budget.inputs, 'spec.maxUnavailable');
  const least = inputAt(budget.inputs, 'spec.minAvailable');
  return most === 0 || most === '0%' || least === '100%' || (typeof least === 'number' && least >= replicas);
}

function problemOf(workload: Workload, budgets: readonly DeclaredResource[]): string | null {
  const own = budgets.filter((budget) => covers(budget, workload));
  if (own.length === 0) return 'may lose all its pods at once when nodes are drained; add a PodDisruptionBudget';
  if (own.length > 1) return 'has several PodDisruptionBudgets, which Kubernetes refuses to weigh; keep one';
  return own.some((budget) => isStuck(budget, replicasOf(workload)))
    ? 'has a PodDisruptionBudget that lets no pod go, so that no node can be drained; let one go'
    : null;
}

/** Of several pods, some stay while nodes are drained. */
export const disruptionBudget: Policy = {
  name: 'disruption-budget',
  demands: 'What runs in several pods keeps some of them while nodes are drained, and lets one go.',
  check: ({ resources }) => {
    const budgets = resources.filter(({ type }) => type === budgetType);
    return workloadsOf(resources)
      .filter((one) => scaled.some((kind) => one.resource.type.endsWith(`:${kind}`)) && replicasOf(one) > 1)
      .flatMap((workload) => {
        const problem = problemOf(workload, budgets);
        return problem === null ? [] : [{ resource: workload.resource, problem }];
      });
  },
};
