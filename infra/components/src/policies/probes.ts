import { inputAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { workloadsOf } from './workload.ts';

const wanted = ['readinessProbe', 'livenessProbe'];

/** What runs until it is told to stop says when it can answer, and when it cannot go on. */
export const probes: Policy = {
  name: 'probes',
  demands: 'Containers of services say when they can answer and when they have to be started anew.',
  check: ({ resources }) =>
    workloadsOf(resources)
      .filter(({ isService }) => isService)
      .flatMap(({ resource, containers }) =>
        containers
          .filter(({ isInit }) => !isInit)
          .flatMap(({ name, spec }) => {
            const missing = wanted.filter((probe) => inputAt(spec, probe) === undefined);
            return missing.length === 0
              ? []
              : [{ resource, problem: `container ${name} has no ${missing.join(', no ')}; add it` }];
          }),
      ),
};
