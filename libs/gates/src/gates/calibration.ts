import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { calibrationErrorOf } from '@repo/stats/calibration-error-of';
import { type CalibrationLine, calibrationSlope } from '@repo/stats/calibration-slope';
import { meanOf } from '@repo/stats/mean-of';
import { normalQuantile } from '@repo/stats/normal-distribution';
import { byDay, daysOf } from '../by-day.ts';
import type { Estimate } from '../decide.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';
import { againstPrior } from '../own-prior.ts';
import { rowLossOf } from '../row-loss.ts';
import { skillStatistic } from '../skill-statistic.ts';

const recalibrate = 'Calibrate again on held-out rows of the latest weeks.';

/** The line, or why there is none: all answers are the same, or they split the classes. */
function lineOf(labels: Float32Array, answers: Float32Array, days: Int32Array): CalibrationLine | string {
  try {
    return calibrationSlope(labels, answers, days);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The line that labels follow on the log-odds of the answers: too flat a model is overconfident, too steep a one timid. */
function lineChecks({ model, candidate, tables }: Evidence, days: Int32Array): GateCheck[] {
  const flattest = limitOf({ model }, 'calibrationSlope');
  const line = lineOf(tables.test.matrix.labels, candidate.answers, days);
  if (typeof line === 'string')
    return [makeCheck('slope', Outcome.notApplicable, { limit: flattest, detail: `No slope can be fitted. ${line}` })];
  const around = (estimate: number, standardError: number) => {
    const width = normalQuantile(0.975) * standardError;
    return { estimate, lower: estimate - width, upper: estimate + width };
  };
  const slope = around(line.slope, line.slopeStandardError);
  const intercept = around(line.intercept, line.interceptStandardError);
  const found = 'Log-odds of the labels per log-odds of the answers; 1 is calibrated.';
  return [
    judgedCheck({
      name: 'slope, overconfident',
      interval: slope,
      limit: flattest,
      found,
      todo: `Answers are too extreme. ${recalibrate}`,
    }),
    judgedCheck({
      name: 'slope, timid',
      interval: slope,
      limit: { good: 'at most', at: 1 / flattest.at },
      found,
      todo: `Answers are too close to the mean. ${recalibrate}`,
    }),
    makeCheck('intercept', Outcome.pass, {
      value: intercept.estimate,
      interval: [intercept.lower, intercept.upper],
      detail: 'Log-odds of the labels where the answer is one half; 0 is calibrated. For information.',
    }),
  ];
}

/** An error that comes out below 0 once its noise is taken off is none. */
const atLeast0 = ({ estimate, lower, upper }: Estimate): Estimate => ({
  estimate: Math.max(0, estimate),
  lower: Math.max(0, lower),
  upper: Math.max(0, upper),
});

function binaryChecks(evidence: Evidence, days: Int32Array): GateCheck[] {
  const { candidate, tables } = evidence;
  const { labels } = tables.test.matrix;
  const { losses, priorLosses } = againstPrior(rowLossOf('binary', 'brier'), labels, candidate.answers);
  const found = bootstrapMany(byDay(days), {
    error: calibrationErrorOf(labels, candidate.answers),
    skill: skillStatistic(losses, priorLosses),
  });
  return [
    judgedCheck({
      name: 'calibration error',
      interval: atLeast0(found.error),
      limit: limitOf(evidence, 'calibrationError'),
      found: 'Mean distance of answers and labels over 15 bins of equal size, noise taken off.',
      todo: recalibrate,
    }),
    ...lineChecks(evidence, days),
    judgedCheck({
      name: 'Brier skill',
      interval: found.skill,
      limit: { good: 'at least', at: 0 },
      strict: true,
      found: "Share of the Brier score that the answers save against the test rows' own mean.",
      todo: `The mean alone would do as well. ${recalibrate}`,
    }),
  ];
}

/** All that a number can be calibrated in: on average it is neither too high nor too low. */
function biasCheck(evidence: Evidence, days: Int32Array): GateCheck[] {
  const { labels } = evidence.tables.test.matrix;
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const deviation = Math.sqrt(labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length);
  const errors = Float64Array.from(
    labels,
    (label, row) => ((evidence.candidate.answers[row] as number) - label) / deviation,
  );
  const bias = bootstrapMany(byDay(days), { bias: meanOf(errors) }).bias;
  const { at } = limitOf(evidence, 'calibrationError');
  const found = 'Mean of answer less label, in standard deviations of the labels.';
  return [
    judgedCheck({
      name: 'bias, too high',
      interval: bias,
      limit: { good: 'at most', at },
      found,
      todo: 'Answers are too high on average: train on later rows.',
    }),
    judgedCheck({
      name: 'bias, too low',
      interval: bias,
      limit: { good: 'at least', at: -at },
      found,
      todo: 'Answers are too low on average: train on later rows.',
    }),
  ];
}

/** Whether an answer means what it says: of the rows answered 0.3, three in ten are positive. */
export const calibration: Gate = {
  name: 'calibration',
  run(evidence) {
    const days = daysOf(evidence.tables.test);
    return evidence.model.task === 'binary' ? binaryChecks(evidence, days) : biasCheck(evidence, days);
  },
};
