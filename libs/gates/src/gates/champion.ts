import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { combinedStatistic } from '@repo/stats/combined-statistic';
import { delong } from '@repo/stats/delong';
import { byDay, daysOf } from '../by-day.ts';
import type { Evidence, Side } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { type ChampionJudgement, judgeChampion } from '../judge-champion.ts';
import { makeCheck } from '../make-check.ts';
import { metricStatistic } from '../metric-statistic.ts';
import { primaryMetric } from '../primary-metric.ts';

/** Share of decisions that a new version may change before people should be told. */
const manyFlips = 0.05;

const said: Partial<Record<Outcome, string>> = {
  pass: 'No worse than the champion by more than the margin.',
  warn: 'Worse than the champion, though certainly by less than the margin: promote it for another reason than this.',
  fail: 'Worse than the champion by more than the margin: keep the champion.',
  inconclusive: 'It cannot be told yet whether it is worse by more than the margin: measure on more days.',
};

function primaryCheck({ metric, gain, outcome }: ChampionJudgement): GateCheck {
  const better = outcome === Outcome.pass && gain.lower > 0;
  return makeCheck(`gain in ${metric}`, outcome, {
    value: gain.estimate,
    interval: [gain.lower, gain.upper],
    limit: { good: 'at least', at: -gain.margin },
    detail: `${better ? 'Better than the champion.' : said[outcome]} The bounds are one-sided, 95 % each.`,
  });
}

/** Another metric than the one that decides: it only warns, as every further decision would be a further chance to be wrong. */
function secondOpinion({ model, tables }: Evidence, candidate: Side, champion: Side): GateCheck {
  const { labels } = tables.test.matrix;
  const primary = primaryMetric(model);
  const metric =
    model.task === 'binary' ? (primary === 'auc' ? 'logLoss' : 'auc') : primary === 'rmse' ? 'mae' : 'rmse';
  const better = metric === 'auc' ? 1 : -1;
  const ours = metricStatistic(metric, labels, candidate.answers);
  const theirs = metricStatistic(metric, labels, champion.answers);
  const { gain } = bootstrapMany(byDay(daysOf(tables.test)), {
    gain: combinedStatistic(ours, theirs, (a, b) => (better === 1 ? a - b : b - a)),
  });
  const worse = gain.upper < 0;
  const test =
    metric === 'auc'
      ? ` DeLong's test, which takes rows as independent: p ${delongP(labels, candidate, champion)}.`
      : '';
  return makeCheck(`gain in ${metric}, a second opinion`, worse ? Outcome.warn : Outcome.pass, {
    value: gain.estimate,
    interval: [gain.lower, gain.upper],
    detail: `${worse ? 'By this metric the candidate is worse: know why before promoting it.' : 'Not worse by this metric for certain.'}${test}`,
  });
}

const delongP = (labels: Float32Array, a: Side, b: Side) =>
  Number(delong(labels, a.answers, b.answers).pValue.toPrecision(2));

/** How many decisions change: users notice that even where the new ones are as good. */
function flipCheck(candidate: Side, champion: Side): GateCheck | null {
  const [ours, theirs] = [candidate.contract.threshold, champion.contract.threshold];
  if (ours === null || theirs === null) return null;
  const flips = candidate.answers.reduce(
    (sum, answer, row) => sum + Number(answer >= ours !== (champion.answers[row] as number) >= theirs),
    0,
  );
  const value = flips / candidate.answers.length;
  const many = value > manyFlips;
  return makeCheck('decisions that change', many ? Outcome.warn : Outcome.pass, {
    value,
    limit: { good: 'at most', at: manyFlips },
    detail: `${flips} of ${candidate.answers.length} decisions are not the champion's.${many ? ' Tell those who act on them.' : ''}`,
  });
}

/** Whether the candidate is as good as the model that serves now, row by row on the same days. */
export const champion: Gate = {
  name: 'champion',
  run(evidence) {
    const { model, candidate, champion: rival, tables } = evidence;
    if (rival === null)
      return [makeCheck('champion', Outcome.notApplicable, { detail: 'There is no champion yet to compare with.' })];
    const { labels } = tables.test.matrix;
    const policy = { task: model.task, metric: primaryMetric(model), margin: model.gates.margin ?? null };
    const judgement = judgeChampion(labels, candidate.answers, rival.answers, daysOf(tables.test), policy);
    const flips = flipCheck(candidate, rival);
    return [primaryCheck(judgement), secondOpinion(evidence, candidate, rival), ...(flips === null ? [] : [flips])];
  },
};
