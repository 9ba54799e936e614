import type { GateReport } from '@repo/contract/gate-report';
import { calibrationBins } from '@repo/stats/calibration-bins';
import { rocCurve } from '@repo/stats/roc-curve';
import type { Evidence } from './evidence.ts';

type Points = [number, number][];
const rocPoints = 200;

/** The numbers behind the pictures of the page: ROC curve and reliability diagram of both models; times are measured elsewhere. */
export function picturesOf({ model, candidate, champion, tables }: Evidence): GateReport['pictures'] {
  const { labels } = tables.test.matrix;
  const both = (draw: (answers: Float32Array) => Points) => ({
    candidate: draw(candidate.answers),
    champion: champion === null ? null : draw(champion.answers),
  });
  if (model.task !== 'binary') return { roc: null, calibration: null, latencyMs: null };
  const hasBoth = labels.includes(0) && labels.includes(1);
  return {
    roc: hasBoth
      ? both((answers) =>
          rocCurve(labels, answers, rocPoints).map((p): Points[number] => [p.falsePositiveRate, p.truePositiveRate]),
        )
      : null,
    calibration: both((answers) =>
      calibrationBins(labels, answers).map((bin): Points[number] => [bin.meanPredicted, bin.observedShare]),
    ),
    latencyMs: null,
  };
}
