import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { differenceOfMeansBetweenGroups } from '@repo/stats/difference-of-means-between-groups';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import { ratioOfMeans } from '@repo/stats/ratio-of-means';
import { byDay, daysOf } from '../by-day.ts';
import type { Limit } from '../decide.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { type Group, groupsOf, leastGroupRows } from '../groups-of.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';

/** Fewer positives than this say little about the rate at which they are found. */
const leastGroupPositives = 30;

/** A group, the rows of it that a rate is taken over, and that rate. */
interface Rate {
  value: string;
  among: Uint8Array;
  rate: number;
}

/** Share of decisions that are yes in each group, of the rows that `counts`. The lowest first. */
function ratesOf(groups: readonly Group[], decisions: Uint8Array, counts: (row: number) => boolean): Rate[] {
  return groups
    .map(({ value, rows }) => {
      const counted = rows.filter(counts);
      const among = new Uint8Array(decisions.length);
      for (const row of counted) among[row] = 1;
      const yes = counted.reduce((sum, row) => sum + (decisions[row] as number), 0);
      return { value, among, rate: yes / counted.length };
    })
    .filter(({ rate }) => !Number.isNaN(rate))
    .sort((a, b) => a.rate - b.rate);
}

const everyRow = () => true;

const intervalOf = (statistic: PairedStatistic, days: Int32Array) =>
  bootstrapMany(byDay(days), { statistic }).statistic;

function parityCheck(name: string, rates: readonly Rate[], decisions: Uint8Array, evidence: Evidence): GateCheck {
  const [least, most] = [rates[0] as Rate, rates.at(-1) as Rate];
  const limit = limitOf(evidence, 'parityRatio');
  if (most.rate === 0)
    return makeCheck(name, Outcome.notApplicable, { limit, detail: 'No group gets a positive decision at all.' });
  return judgedCheck({
    name,
    interval: intervalOf(ratioOfMeans(decisions, least.among, most.among), daysOf(evidence.tables.test)),
    limit,
    found: `Rate of positive decisions of ${least.value} over that of ${most.value}.`,
    todo: 'One group is decided for much more often: find the features that carry it, and whether they may.',
  });
}

function gapCheck(name: string, what: string, rates: readonly Rate[], decisions: Uint8Array, evidence: Evidence) {
  const [least, most] = [rates[0] as Rate, rates.at(-1) as Rate];
  const gap = differenceOfMeansBetweenGroups(decisions, most.among, least.among);
  return judgedCheck({
    name,
    interval: intervalOf(gap, daysOf(evidence.tables.test)),
    limit: limitOf(evidence, 'groupGap'),
    found: `${what} of ${most.value} less that of ${least.value}.`,
    todo: 'The model errs more for one group: give it what it lacks there, or set thresholds with those who answer for it.',
  });
}

function checksOf(feature: string, groups: readonly Group[], evidence: Evidence): GateCheck[] {
  const { candidate, tables } = evidence;
  const { labels } = tables.test.matrix;
  const threshold = candidate.contract.threshold ?? 0.5;
  const decisions = Uint8Array.from(candidate.answers, (answer) => Number(answer >= threshold));
  const is = (label: number) => (row: number) => labels[row] === label;
  const isLarge = ({ rows }: Group) =>
    rows.length >= leastGroupRows && rows.filter(is(1)).length >= leastGroupPositives;
  const large = groups.filter(isLarge);
  const small = groups.filter((group) => !isLarge(group));
  const few = makeCheck(`${feature}: groups too small`, Outcome.inconclusive, {
    value: small.length,
    unit: 'groups',
    detail: `It cannot be told how ${small.map(({ value }) => value).join(', ')} fare: ${leastGroupRows} test rows and ${leastGroupPositives} positives are needed of each.`,
  });
  const checks = small.length === 0 ? [] : [few];
  const [parity, found, alarms] = [`${feature}: parity`, `${feature}: found positives`, `${feature}: false alarms`];
  if (large.length < 2) {
    const detail = 'There are no two groups of it that are large enough to compare.';
    const none = (name: string, limit: Limit) => makeCheck(name, Outcome.notApplicable, { limit, detail });
    const gap = limitOf(evidence, 'groupGap');
    return [...checks, none(parity, limitOf(evidence, 'parityRatio')), none(found, gap), none(alarms, gap)];
  }
  return [
    ...checks,
    parityCheck(parity, ratesOf(large, decisions, everyRow), decisions, evidence),
    gapCheck(found, 'True positive rate', ratesOf(large, decisions, is(1)), decisions, evidence),
    gapCheck(alarms, 'False positive rate', ratesOf(large, decisions, is(0)), decisions, evidence),
  ];
}

/** Whether groups that the definition protects are decided about alike. */
export const fairness: Gate = {
  name: 'fairness',
  run(evidence) {
    const { model, candidate, tables } = evidence;
    const features = model.gates.protected;
    if (features.length === 0)
      return [makeCheck('protected', Outcome.notApplicable, { detail: 'The definition protects no feature.' })];
    if (model.task !== 'binary')
      return [
        makeCheck('protected', Outcome.notApplicable, { detail: 'Decisions are compared, and a number is none.' }),
      ];
    return features.flatMap((feature) => {
      const groups = groupsOf(candidate.contract, tables.test, feature);
      if (groups !== null) return checksOf(feature, groups, evidence);
      const detail =
        'Protected, yet the candidate has no such category feature: take it out of gates.protected, or select the view that has it.';
      return [makeCheck(feature, Outcome.fail, { detail })];
    });
  },
};
