import type { GateReport } from '@repo/contract/gate-report';
import { calibrationBins } from '@repo/stats/calibration-bins';
import { rocCurve } from '@repo/stats/roc-curve';
import type { Evidence } from './evidence.ts';
import { latencyPicture } from './latency.ts';

type Points = [number, number][];
const rocPoints = 200;

/** The numbers behind the pictures of the page: ROC curve and reliability diagram of both models, and their times where the gates took them. */
export async function picturesOf(evidence: Evidence): Promise<GateReport['pictures']> {
  const { model, candidate, champion, tables } = evidence;
  const { labels } = tables.test.matrix;
  const both = (draw: (answers: Float32Array) => Points) => ({
    candidate: draw(candidate.answers),
    champion: champion === null ? null : draw(champion.answers),
  });
  const latencyMs = await latencyPicture(evidence);
  if (model.task !== 'binary' || candidate.failure !== null) return { roc: null, calibration: null, latencyMs };
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
    latencyMs,
  };
}
