import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { benjaminiHochberg } from '@repo/stats/benjamini-hochberg';
import type { BootstrapInterval } from '@repo/stats/paired-bootstrap';
import { decide, type Limit } from './decide.ts';
import { judgedCheck } from './judged-check.ts';
import { pNoWorse } from './p-no-worse.ts';

/** A slice that was measured: how much more it loses, relative, than what it is compared with. */
export interface MeasuredSlice {
  name: string;
  rows: number;
  interval: BootstrapInterval;
  limit: Limit;
  found: string;
  todo: string;
}

/** Share of false findings among the slices that are called worse. */
const falseShare = 0.05;

/** How near a slice comes to its limit. */
const nearness = (slice?: MeasuredSlice) => (slice === undefined ? 0 : slice.interval.estimate - slice.limit.at);

/**
 * Turns slices into checks. A slice fails when its whole interval is beyond the limit and it is still worse at all when one looks at so many
 * slices at once (Benjamini-Hochberg); where only the first holds it cannot be told. The worst come first.
 */
export function weighSlices(slices: readonly MeasuredSlice[]): GateCheck[] {
  if (slices.length === 0) return [];
  const q = benjaminiHochberg(slices.map(({ interval }) => pNoWorse(interval)));
  const worstFirst = [...slices.keys()].sort((a, b) => nearness(slices[b]) - nearness(slices[a]));
  return worstFirst.map((i) => {
    const { rows, found, ...slice } = slices[i] as MeasuredSlice;
    const outcome = decide(slice.interval, slice.limit);
    const byChance = outcome === Outcome.fail && (q[i] as number) > falseShare;
    return judgedCheck({
      ...slice,
      outcome: byChance ? Outcome.inconclusive : outcome,
      found: `${found} ${rows} rows.`,
    });
  });
}
