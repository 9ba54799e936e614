import type { GateName } from '@repo/contract/gate-name';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import type { WorldSize } from './sabotage-model.ts';
import type { SabotageWorld } from './sabotage-world.ts';

/** Gates by name: the same in both worlds, or not. */
type Gates = readonly GateName[] | Readonly<Record<WorldSize, readonly GateName[]>>;

/** A candidate that is poisoned in one way, or not at all, and what the gates must say of it. */
export interface Defect {
  name: string;
  /** How it is made from the honest one, for the page. */
  made: string;
  /** Gates that fail: exactly these. */
  red: Gates;
  /** Gates that cannot tell: exactly these. Fewer rows leave more of them. Default none. */
  unsure?: Gates;
  evidence(world: SabotageWorld): EvidenceOptions | Promise<EvidenceOptions>;
}

/** What a defect must come to in a world, in the order of the report. */
export function expectedOf({ red, unsure = [] }: Defect, size: WorldSize) {
  const gatesOf = (gates: Gates): readonly GateName[] => ('small' in gates ? gates[size] : gates);
  return { red: gatesOf(red), unsure: gatesOf(unsure) };
}
