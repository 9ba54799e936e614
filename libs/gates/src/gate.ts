import type { GateName } from '@repo/contract/gate-name';
import type { GateCheck } from '@repo/contract/gate-report';
import type { Evidence } from './evidence.ts';

/** A gate: what it looks at, one check each. What it throws counts as a failure; no check at all, or only such, as not applicable. */
export interface Gate {
  name: GateName;
  /** It asks the candidate for no answers, and so judges one that cannot be run too. Default false. */
  onFiles?: boolean;
  run(evidence: Evidence): GateCheck[] | Promise<GateCheck[]>;
}
