import { microseconds } from '@repo/contract/duration';
import { metricDirection } from '@repo/contract/gate-policy';
import { type Finding, FindingKind, FindingOutcome, type MonitorFindings } from '@repo/contract/monitor-findings';
import { areInARow, type Span } from '../in-a-row.ts';
import { usOfDay } from './choose-window.ts';
import { isUnfinished, Trigger } from './retrain-run.ts';
import type { RetrainSituation } from './retrain-situation.ts';

/** What fired, and the sentence that says so. */
export interface Fired {
  readonly trigger: Trigger;
  readonly text: string;
}

/** A realised metric goes by its own name, an estimate by `estimatedLogLoss`; what else is said of a model is no measure of its quality. */
const isRealised = ({ name }: Finding): boolean => Object.hasOwn(metricDirection, name);
const isEstimate = ({ name }: Finding): boolean => name.startsWith('estimated');

/** Findings by window, oldest first; of two about one window the later counts, so that asking twice is not seeing twice. */
function byWindow(findings: readonly MonitorFindings[]): MonitorFindings[] {
  const sorted = findings.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const last = new Map(sorted.map((one) => [Date.parse(one.window.to), one]));
  return [...last].sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** Those since the champion answers most: for what was found about another version before, it was trained. */
function aboutChampion({ findings, version }: RetrainSituation): MonitorFindings[] {
  const windows = byWindow(findings);
  return windows.slice(windows.findLastIndex((one) => one.version !== String(version)) + 1);
}

/** Whether the whole interval lies on the wrong side of the limit; an estimate only ever warns. */
function isBeyond({ interval, limit, outcome }: Finding): boolean {
  if (outcome !== FindingOutcome.page && outcome !== FindingOutcome.warn) return false;
  if (interval === null || limit === null) return outcome === FindingOutcome.page;
  return limit.good === 'at most' ? interval[0] > limit.at : interval[1] < limit.at;
}

const spanOf = ({ window }: MonitorFindings): Span => ({
  fromUs: Date.parse(window.from) * 1000,
  toUs: Date.parse(window.to) * 1000,
});

/** The finding about the model as a whole that was beyond its limit in each of the newest `count` windows, which follow each other; null for none. */
function persistent(
  windows: readonly MonitorFindings[],
  count: number,
  concerns: (finding: Finding) => boolean,
): Finding | null {
  const newest = windows.slice(-count);
  if (newest.length < count || !areInARow(newest.map(spanOf))) return null;
  const beyond = newest.map(({ findings }) =>
    findings.filter((one) => one.kind === FindingKind.model && one.subject === null && concerns(one) && isBeyond(one)),
  );
  const found = beyond.at(-1)?.find(({ name }) => beyond.every((those) => those.some((one) => one.name === name)));
  return found ?? null;
}

const windowsIn = (count: number): string => (count === 1 ? 'the newest window' : `${count} windows in a row`);

function modelTriggers({ policy }: RetrainSituation, windows: readonly MonitorFindings[]): Fired[] {
  const { quality, estimate } = policy.triggers;
  const fired: Fired[] = [];
  const realised = quality === false ? null : persistent(windows, quality, isRealised);
  if (realised !== null && quality !== false)
    fired.push({
      trigger: Trigger.quality,
      text: `${realised.name} is beyond its limit in ${windowsIn(quality)}: ${realised.reason}`,
    });
  const estimated = estimate === false ? null : persistent(windows, estimate, isEstimate);
  if (estimated !== null && estimate !== false)
    fired.push({
      trigger: Trigger.estimate,
      text: `${estimated.name} is beyond its limit in ${windowsIn(estimate)}: ${estimated.reason}`,
    });
  return fired;
}

/**
 * Drift pages only after two windows by itself, so that the newest findings are enough here. A feature whose importance nobody knows counts as one
 * among all.
 */
function driftTrigger({ policy, features }: RetrainSituation, windows: readonly MonitorFindings[]): Fired[] {
  const { drift } = policy.triggers;
  if (drift === false) return [];
  const importances = new Map<string, number>();
  for (const { kind, subject, outcome, importance } of windows.at(-1)?.findings ?? [])
    if (kind === FindingKind.data && outcome === FindingOutcome.page && subject !== null && features.includes(subject))
      importances.set(subject, importance ?? 1 / features.length);
  const held = [...importances.values()].reduce((sum, one) => sum + one, 0);
  // Sums of shares are a little off.
  if (importances.size === 0 || held < drift - 1e-9) return [];
  const names = [...importances.keys()].join(', ');
  const text = `${names} drifted, which hold ${(100 * held).toFixed(0)} % of the model's importance`;
  return [{ trigger: Trigger.drift, text }];
}

/** Labelled rows that came after everything that the champion was made and tested with, and those before. */
export function rowsAround({ days, champion }: Pick<RetrainSituation, 'days' | 'champion'>, until: string) {
  const total = (from: string, to: string) =>
    days
      .filter(({ day }) => day >= from && day < to)
      .reduce((sums, { rows, sum }) => ({ rows: sums.rows + rows, sum: sums.sum + sum, days: sums.days + 1 }), {
        rows: 0,
        sum: 0,
        days: 0,
      });
  return { older: total(champion.train[0], champion.test[1]), newer: total(champion.test[1], until) };
}

/** These two are about there being something new to learn; where there is not, they have nothing to say. */
function dataTriggers(situation: RetrainSituation, until: string): Fired[] {
  const { policy, champion, runs, nowUs, clockUs } = situation;
  const { volume, schedule } = policy.triggers;
  const { older, newer } = rowsAround(situation, until);
  if (newer.rows < policy.guards.newRows) return [];
  const fired: Fired[] = [];
  const share = newer.rows / Math.max(1, older.rows);
  if (volume !== false && share >= volume)
    fired.push({
      trigger: Trigger.volume,
      text: `${newer.rows} labelled rows are new, ${(100 * share).toFixed(0)} % of the ${older.rows} before`,
    });
  const starts = runs.filter((run) => !isUnfinished(run, clockUs)).map(({ claim }) => claim.startedUs);
  const sinceUs = Math.max(usOfDay(champion.test[1]), ...starts);
  if (schedule !== false && nowUs - sinceUs >= microseconds(schedule))
    fired.push({
      trigger: Trigger.schedule,
      text: `${schedule} have passed since ${new Date(sinceUs / 1000).toISOString()}`,
    });
  return fired;
}

/**
 * What of the policy fires, the most pressing first.
 * @param until the day after the newest one whose labels are known; null where the days leave nothing more to learn from.
 */
export function findTriggers(situation: RetrainSituation, until: string | null): Fired[] {
  const { policy, changes, asked } = situation;
  const windows = aboutChampion(situation);
  const changed: Fired[] =
    policy.triggers.contractChange && changes.length > 0
      ? [{ trigger: Trigger.contractChange, text: `since the champion was trained, ${changes.join(', ')} changed` }]
      : [];
  return [
    ...(asked === null ? [] : [{ trigger: Trigger.asked, text: asked }]),
    ...changed,
    ...modelTriggers(situation, windows),
    ...driftTrigger(situation, windows),
    ...(until === null ? [] : dataTriggers(situation, until)),
  ];
}
