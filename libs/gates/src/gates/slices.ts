import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import type { BootstrapInterval } from '@repo/stats/paired-bootstrap';
import { byDay, daysOf } from '../by-day.ts';
import { discoverSlice } from '../discover-slice.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { type Group, groupsOf, leastGroupRows } from '../groups-of.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';
import {
  againstAll,
  againstChampion,
  type SliceComparison,
  type SliceLosses,
  sliceLosses,
} from '../slice-comparison.ts';
import { type MeasuredSlice, weighSlices } from '../weigh-slices.ts';

/** Least share of the rows that a slice has which nobody declared. */
const leastShare = 0.05;

const noFeature =
  'Declared as a slice, yet the candidate has no such category feature: take it out of gates.slices, or select the view that has it.';
const noLargeGroup = `No group of it has ${leastGroupRows} test rows, so that it cannot be told: measure on more days.`;

/** The groups of the declared slices that are large enough, and a check for each slice that has none. */
function declaredGroups(evidence: Evidence): { groups: Group[]; checks: GateCheck[] } {
  const { model, candidate, tables } = evidence;
  const limit = limitOf(evidence, 'sliceDrop');
  const groups: Group[] = [];
  const checks: GateCheck[] = [];
  for (const feature of model.gates.slices) {
    const found = groupsOf(candidate.contract, tables.test, feature);
    const large = (found ?? []).filter(({ rows }) => rows.length >= leastGroupRows);
    groups.push(...large);
    if (found === null) checks.push(makeCheck(feature, Outcome.fail, { detail: noFeature }));
    else if (large.length === 0) checks.push(makeCheck(feature, Outcome.inconclusive, { limit, detail: noLargeGroup }));
  }
  return { groups, checks };
}

/** Rows of every other day, from the first (0) or the second (1) on. */
function halfOf(days: Int32Array, parity: 0 | 1): number[] {
  const order = new Map([...new Set(days)].sort((a, b) => a - b).map((day, i) => [day, i]));
  return [...days.keys()].filter((row) => (order.get(days[row] as number) as number) % 2 === parity);
}

/** Slices that nobody declared: looked for on every other day and measured on the days between, and the other way round. */
function discovered(given: SliceLosses, championLosses: Float64Array, evidence: Evidence, days: Int32Array) {
  const { losses } = given;
  const { contract } = evidence.candidate;
  const { columns } = evidence.tables.test.matrix;
  const excess = losses.map((loss, row) => loss - (championLosses[row] as number));
  return ([0, 1] as const).flatMap((parity) => {
    const rows = halfOf(days, parity);
    const leastRows = Math.max(leastGroupRows, leastShare * rows.length);
    const slice = discoverSlice({ contract, columns, excess, rows, leastRows });
    const measured = slice === null ? [] : halfOf(days, parity === 0 ? 1 : 0).filter(slice.holds);
    if (slice === null || measured.length < leastGroupRows) return [];
    const name = `where ${slice.text} (days ${parity === 0 ? '2, 4' : '1, 3'}, ...)`;
    return [againstChampion({ name, rows: measured }, given, championLosses, evidence)];
  });
}

function measureAll(comparisons: readonly SliceComparison[], days: Int32Array): MeasuredSlice[] {
  const keyOf = (i: number) => `${i}: ${comparisons[i]?.name}`;
  const statistics = Object.fromEntries(comparisons.map(({ statistic }, i) => [keyOf(i), statistic]));
  const found: Record<string, BootstrapInterval> = bootstrapMany(byDay(days), statistics);
  return comparisons.map(({ statistic: _, ...slice }, i) => ({
    ...slice,
    interval: found[keyOf(i)] as BootstrapInterval,
  }));
}

function comparedWithChampion(groups: readonly Group[], given: SliceLosses, evidence: Evidence, days: Int32Array) {
  const { championLosses } = given;
  if (championLosses === null) {
    const limit = limitOf(evidence, 'sliceLoss');
    const detail = 'There is no champion yet to compare slices with.';
    return [makeCheck('against the champion', Outcome.notApplicable, { limit, detail })];
  }
  const declared = groups.map(({ feature, value, rows }) =>
    againstChampion({ name: `${feature} ${value}`, rows }, given, championLosses, evidence),
  );
  const found = discovered(given, championLosses, evidence, days);
  const nothing = makeCheck('undeclared slices', Outcome.pass, {
    limit: limitOf(evidence, 'sliceLoss'),
    detail: 'Nowhere does the candidate lose more than the champion.',
  });
  return [...weighSlices(measureAll([...declared, ...found], days)), ...(found.length === 0 ? [nothing] : [])];
}

/**
 * Whether the candidate is as good for each part of the rows as it is on the whole, and as the champion is there: an average hides a group that
 * got worse. Groups of the declared features, and what a tree finds that nobody declared.
 */
export const slices: Gate = {
  name: 'slices',
  run(evidence) {
    const days = daysOf(evidence.tables.test);
    const given = sliceLosses(evidence);
    const { groups, checks } = declaredGroups(evidence);
    const compared = groups.flatMap((group) => againstAll(group, given, evidence) ?? []);
    return [
      ...checks,
      ...weighSlices(measureAll(compared, days)),
      ...comparedWithChampion(groups, given, evidence, days),
    ];
  },
};
