import type { GateName } from '@repo/contract/gate-name';
import { Outcome } from '@repo/contract/gate-report';
import { openEvidence } from '@repo/gates/open-evidence';
import { runGates } from '@repo/gates/run-gates';
import type { Defect } from './defect.ts';
import type { SabotageWorld } from './sabotage-world.ts';
import { silent } from './trained.ts';

/** What the gates say of a candidate, in the order of the report. */
export interface Judgement {
  red: GateName[];
  unsure: GateName[];
}

/** Makes a candidate and lets all gates judge it, the nightly one too. */
export async function judgeDefect(world: SabotageWorld, defect: Defect): Promise<Judgement> {
  const { evidence, release } = await openEvidence(await defect.evidence(world));
  try {
    const { gates } = await runGates(evidence, { nightly: true, progress: silent });
    const those = (wanted: Outcome) => gates.filter(({ outcome }) => outcome === wanted).map(({ gate }) => gate);
    return { red: those(Outcome.fail), unsure: those(Outcome.inconclusive) };
  } finally {
    await release();
  }
}
