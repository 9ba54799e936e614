import { gateLimits } from '@repo/contract/gate-limit';
import type { GateCheck } from '@repo/contract/gate-report';
import { type PairedStatistic, pairedBootstrap } from '@repo/stats/paired-bootstrap';
import type { Evidence } from '../evidence.ts';
import { idleCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';
import { type Latency, latencyOf } from '../latency.ts';
import { limitCheck } from '../limit-check.ts';
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
  const found = pairedBootstrap({ clusters, replicates: 1000, seed: 1, level: 0.95 }, weightedQuantile(values, share));
  return { value: found.estimate, interval: [found.lower, found.upper] as const };
}

const milliseconds = (value: number) => `${value < 1 ? value.toFixed(3) : value.toFixed(1)} ms`;

function times({ model }: Evidence, { candidate, champion, ratios }: Latency): GateCheck[] {
  const p99 = estimate(candidate, 0.99);
  const middle = (of: Float64Array) => milliseconds(of[of.length >> 1] as number);
  const check = limitCheck(model, 'latencyP99Ms', {
    ...p99,
    detail: `Half of ${candidate.length} rows take up to ${middle(candidate)}, all but 1 % up to ${milliseconds(p99.value)}. Fewer or smaller trees are faster.`,
  });
  if (champion === null) return [check, idleCheck(gateLimits.latencyRatio.about, 'no champion yet')];
  const ratio = estimate(ratios, 0.5);
  const slower = ratios.filter((one) => one > 1).length;
  return [
    check,
    limitCheck(model, 'latencyRatio', {
      ...ratio,
      detail: `Half of the rows take up to ${middle(candidate)}, of the champion's up to ${middle(champion)}; slower in ${slower} of ${ratios.length} blocks. Time should buy quality: fewer trees, or gates.limits.latencyRatio with a reason.`,
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
      limitCheck(model, 'loadMs', {
        value: loadMs,
        detail: `${milliseconds(loadMs)}, the best of five. A restart waits for it: a smaller file loads faster.`,
      }),
      limitCheck(model, 'memoryGrowthMiB', {
        value: memoryMiB,
        detail: `${memoryMiB.toFixed(1)} MiB, of the ${model.resources.memoryMiB} MiB that the service has.`,
      }),
    ];
  },
};
