import type { GateCheck } from '@repo/contract/gate-report';
import { mannWhitney } from '@repo/stats/mann-whitney';
import { type PairedStatistic, pairedBootstrap } from '@repo/stats/paired-bootstrap';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { type Latency, latencyOf } from '../latency.ts';
import { idleLimit, limitCheck } from '../limit-check.ts';
import { probeLoad } from '../probe-load.ts';

/** The value below which a share of the weight lies; each value is a cluster of its own. */
function weightedQuantile(values: Float64Array, share: number): PairedStatistic {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  return () => (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return Number.NaN;
    let below = 0;
    for (const index of order) {
      below += weights[index] as number;
      if (below >= share * total) return values[index] as number;
    }
    return values[order.at(-1) as number] as number;
  };
}

/** A quantile of some values with its 95 % interval, the values resampled 1000 times. */
function estimate(values: Float64Array, share: number) {
  const clusters = Int32Array.from(values, (_, index) => index);
  return pairedBootstrap({ clusters, replicates: 1000, seed: 1, level: 0.95 }, weightedQuantile(values, share));
}

const milliseconds = (value: number) => `${value < 1 ? value.toFixed(3) : value.toFixed(1)} ms`;

function times(evidence: Evidence, { candidate, champion, blocks }: Latency): GateCheck[] {
  const p99 = estimate(candidate, 0.99);
  const middle = (of: Float64Array) => milliseconds(of[of.length >> 1] as number);
  const check = limitCheck(evidence, 'latencyP99Ms', {
    value: p99,
    found: `Half of ${candidate.length} rows take up to ${middle(candidate)}, all but 1 % up to ${milliseconds(p99.estimate)}.`,
    todo: 'Fewer or smaller trees are faster.',
  });
  if (champion === null) return [check, idleLimit(evidence, 'latencyRatio', 'There is no champion yet.')];
  const ratios = blocks.candidate.map((ms, block) => ms / (blocks.champion[block] as number));
  const ratio = estimate(ratios, 0.5);
  // Said for support and never decided by: with blocks enough, any difference at all is significant.
  const { superiority, pValue } = mannWhitney(blocks.candidate, blocks.champion);
  return [
    check,
    limitCheck(evidence, 'latencyRatio', {
      value: ratio,
      found: `Half of the rows take up to ${middle(candidate)}, with the champion up to ${middle(champion)}; of two blocks the candidate's is the slower with probability ${superiority.toFixed(2)} (Mann-Whitney p ${pValue.toPrecision(2)}).`,
      todo: 'Time should buy quality: grow fewer trees, or set gates.limits.latencyRatio with a reason.',
    }),
  ];
}

/** The candidate is fast, quickly loaded and small enough in memory, and not much slower than the champion. */
export const computeBudget: Gate = {
  name: 'compute-budget',
  run: async (evidence) => {
    const { model, candidate } = evidence;
    const latency = await latencyOf(evidence);
    const { loadMs, memoryMiB } = await probeLoad(candidate);
    return [
      ...times(evidence, latency),
      limitCheck(evidence, 'loadMs', {
        value: loadMs,
        found: `The best of five loads took ${milliseconds(loadMs)}.`,
        todo: 'A restart waits for it: a smaller file loads faster.',
      }),
      limitCheck(evidence, 'memoryGrowthMiB', {
        value: memoryMiB,
        found: `Loaded it takes ${memoryMiB.toFixed(1)} MiB of the ${model.resources.memoryMiB} MiB that the service has.`,
        todo: 'A smaller file takes less; else raise resources.memoryMiB and set gates.limits.memoryGrowthMiB with a reason.',
      }),
    ];
  },
};
