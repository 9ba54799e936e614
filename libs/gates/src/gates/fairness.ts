import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { differenceOfMeansBetweenGroups } from '@repo/stats/difference-of-means-between-groups';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import { ratioOfMeans } from '@repo/stats/ratio-of-means';
import { byDay, daysOf } from '../by-day.ts';
import { decide, type Limit } from '../decide.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { type Group, groupsOf, leastGroupRows } from '../groups-of.ts';
import { type Judged, judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';
import { pNoWorse } from '../p-no-worse.ts';

/** Fewer positives than this say little about the rate at which they are found. */
const leastGroupPositives = 30;

/** A group, the rows of it that a rate is taken over, and that rate. */
interface Rate {
  value: string;
  among: Uint8Array;
  rate: number;
}

/** Groups with one of their rates, the lowest first. */
interface Comparison {
  rates: readonly Rate[];
  decisions: Uint8Array;
  evidence: Evidence;
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

/** Share of findings that chance alone may make, over all pairs of groups. */
const falseShare = 0.05;

/**
 * The least and the most favoured of several groups differ by chance alone, and the more so the more groups there are, as they are chosen by
 * looking. So they fail only where their gap is none of chance for as many pairs as there are (Bonferroni, two-sided); else it cannot be told.
 */
function pairCheck(
  { rates, decisions, evidence }: Comparison,
  statistic: (most: Rate, least: Rate) => PairedStatistic,
  judged: Pick<Judged, 'name' | 'limit' | 'todo'> & { found(most: Rate, least: Rate): string },
): GateCheck {
  const [least, most] = [rates[0] as Rate, rates.at(-1) as Rate];
  const { interval, gap } = bootstrapMany(byDay(daysOf(evidence.tables.test)), {
    interval: statistic(most, least),
    gap: differenceOfMeansBetweenGroups(decisions, most.among, least.among),
  });
  const outcome = decide(interval, judged.limit);
  const pairs = (rates.length * (rates.length - 1)) / 2;
  const byChance = outcome === Outcome.fail && 2 * pairs * pNoWorse(gap) > falseShare;
  const found = judged.found(most, least);
  return judgedCheck({ ...judged, found, interval, outcome: byChance ? Outcome.inconclusive : outcome });
}

function parityCheck(name: string, comparison: Comparison): GateCheck {
  const { rates, decisions, evidence } = comparison;
  const limit = limitOf(evidence, 'parityRatio');
  if (rates.at(-1)?.rate === 0)
    return makeCheck(name, Outcome.notApplicable, { limit, detail: 'No group gets a positive decision at all.' });
  return pairCheck(comparison, (most, least) => ratioOfMeans(decisions, least.among, most.among), {
    name,
    limit,
    found: (most, least) => `Rate of positive decisions of ${least.value} over that of ${most.value}.`,
    todo: 'One group is decided for much more often: find the features that carry it, and whether they may.',
  });
}

function gapCheck(name: string, what: string, comparison: Comparison): GateCheck {
  const { decisions, evidence } = comparison;
  return pairCheck(comparison, (most, least) => differenceOfMeansBetweenGroups(decisions, most.among, least.among), {
    name,
    limit: limitOf(evidence, 'groupGap'),
    found: (most, least) => `${what} of ${most.value} less that of ${least.value}.`,
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
  const compare = (counts: (row: number) => boolean) => ({
    rates: ratesOf(large, decisions, counts),
    decisions,
    evidence,
  });
  return [
    ...checks,
    parityCheck(parity, compare(everyRow)),
    gapCheck(found, 'True positive rate', compare(is(1))),
    gapCheck(alarms, 'False positive rate', compare(is(0))),
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
