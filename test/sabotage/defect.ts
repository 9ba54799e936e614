import type { GateName } from '@repo/contract/gate-name';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import type { WorldSize } from './sabotage-model.ts';
import type { SabotageWorld } from './sabotage-world.ts';

/** A candidate that is poisoned in one way, or not at all, and what the gates must say of it. */
export interface Defect {
  name: string;
  /** How it is made from the honest one, for the page. */
  made: string;
  /** Gates that fail: exactly these. */
  red: readonly GateName[];
  /** Gates that cannot tell: exactly these. Fewer rows leave more of them. Default none. */
  unsure?: Readonly<Record<WorldSize, readonly GateName[]>>;
  evidence(world: SabotageWorld): EvidenceOptions | Promise<EvidenceOptions>;
}
