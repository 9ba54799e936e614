import { Outcome } from '@repo/contract/gate-report';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { makeCheck } from '../make-check.ts';

/** Training a second time from the same lineage gives the same bytes. Asked for at night, as it takes as long as training. */
export const reproducibleBuild: Gate = {
  name: 'reproducible-build',
  run: async ({ candidate, rebuild }) => {
    if (rebuild === null)
      return [makeCheck('second training', Outcome.notApplicable, { detail: 'It is run at night, with --rebuild.' })];
    const digest = await rebuild();
    const equal = digest === candidate.digest;
    return [
      factCheck(
        'second training',
        equal,
        equal
          ? `gives ${digest} again`
          : `It gives ${digest} instead of ${candidate.digest}: look for a clock, a random number without a seed, or a program that is not pinned.`,
      ),
    ];
  },
};
