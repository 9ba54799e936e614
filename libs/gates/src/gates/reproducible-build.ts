import { exactCheck, idleCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';

/** Training a second time from the same lineage gives the same bytes. Asked for at night, as it takes as long as training. */
export const reproducibleBuild: Gate = {
  name: 'reproducible-build',
  run: async ({ candidate, rebuild }) => {
    if (rebuild === null) return [idleCheck('second training', 'run at night, with --rebuild')];
    const digest = await rebuild();
    const equal = digest === candidate.digest;
    return [
      exactCheck(
        'second training',
        equal,
        equal
          ? `gives ${digest} again`
          : `It gives ${digest} instead of ${candidate.digest}: look for a clock, a random number without a seed, or a program that is not pinned.`,
      ),
    ];
  },
};
