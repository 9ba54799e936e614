import { inputAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { workloadsOf } from './workload.ts';

/** No limit on processor time: one would make a busy pod slower while the node idles. What it asks for is its share. */
const wanted = ['requests.cpu', 'requests.memory', 'limits.memory'];

/** A container says what it needs, so that it is placed where that is, and what it may take at most. */
export const resourceLimits: Policy = {
  name: 'resource-limits',
  demands: 'Every container says how much processor and memory it needs, and how much memory it takes at most.',
  check: ({ resources }) =>
    workloadsOf(resources).flatMap(({ resource, containers }) =>
      containers.flatMap(({ name, spec }) => {
        const missing = wanted.filter((path) => inputAt(spec, `resources.${path}`) === undefined);
        return missing.length === 0
          ? []
          : [{ resource, problem: `container ${name} lacks ${missing.join(', ')}; set them` }];
      }),
    ),
};
