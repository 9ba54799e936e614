import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { combinedStatistic } from '@repo/stats/combined-statistic';
import { meanDifference } from '@repo/stats/mean-difference';
import { baselines } from '@repo/training/baselines';
import type { FeatureTables } from '@repo/training/feature-table';
import { byDay, daysOf } from '../by-day.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';
import { oncePer } from '../once-per.ts';
import { primaryMetric } from '../primary-metric.ts';
import { rowLossOf } from '../row-loss.ts';

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The simple models by the tables they are fitted on, which takes seconds on a year of rows. */
const fitted = {
  binary: oncePer((tables: FeatureTables) => baselines('binary', tables)),
  regression: oncePer((tables: FeatureTables) => baselines('regression', tables)),
};

/** Losses of the rows by the candidate and by the simple models, which are fitted here: what a candidate says of its rivals counts for nothing. */
function lossesOf({ model, candidate, tables }: Evidence) {
  const { labels } = tables.test.matrix;
  const loss = rowLossOf(model.task, primaryMetric(model));
  const { prior, linear } = fitted[model.task](tables);
  return {
    name: loss.name,
    own: loss.byRow(labels, candidate.answers),
    prior: loss.byRow(labels, prior),
    linear: loss.byRow(labels, linear),
  };
}

function skillGainCheck(evidence: Evidence, losses: ReturnType<typeof lossesOf>, days: Int32Array): GateCheck {
  const name = "skill over the linear model's";
  const limit = limitOf(evidence, 'simpleSkillGain');
  const { prior, linear, own } = losses;
  const saved = meanDifference(prior, own);
  const savedSimply = meanDifference(prior, linear);
  const found = bootstrapMany(byDay(days), {
    savedSimply,
    gain: combinedStatistic(saved, savedSimply, (ours, theirs) => (theirs > 0 ? ours / theirs - 1 : Number.NaN)),
  });
  return judgedCheck({
    name,
    interval: found.gain,
    limit,
    found: `How much more ${losses.name} the candidate saves than the linear model does, both against the prior.`,
    todo: 'Serve the linear model, which is easier to explain, or find what makes the candidate worth its price.',
  });
}

/** Whether the candidate is worth its complexity: better than the better one of prior and linear model, and clearly so. */
export const simpleBaseline: Gate = {
  name: 'simple-baseline',
  run(evidence) {
    const days = daysOf(evidence.tables.test);
    const losses = lossesOf(evidence);
    const best = mean(losses.linear) < mean(losses.prior) ? 'linear' : 'prior';
    const gain = judgedCheck({
      name: best === 'linear' ? 'gain over the linear model' : 'gain over the prior',
      interval: bootstrapMany(byDay(days), { gain: meanDifference(losses[best], losses.own) }).gain,
      limit: { good: 'at least', at: 0 },
      strict: true,
      found: `How much less ${losses.name} the candidate has than the best simple model.`,
      todo: 'A simple model does as well: look at features and settings before anything else.',
    });
    if (best === 'linear') return [gain, skillGainCheck(evidence, losses, days)];
    const limit = limitOf(evidence, 'simpleSkillGain');
    const detail = 'The linear model is no better than the prior, so there is no skill to compare with.';
    return [gain, makeCheck("skill over the linear model's", Outcome.notApplicable, { limit, detail })];
  },
};
