import type { Finding } from '@repo/contract/monitor-findings';
import type { MonitoringPolicy } from '@repo/contract/monitoring-policy';
import { wilsonInterval } from '@repo/stats/wilson-interval';
import { fewestRowsForVerdict } from '../drift/fewest-rows.ts';
import { areInARow } from '../in-a-row.ts';
import type { Window } from '../window.ts';
import { type ShareMeasure, shareMeasures } from './share-measure.ts';

/** What {@link evaluateData} looks at. */
export interface DataEvidence {
  /** Closed windows of a version, oldest first; the last is judged, the one before must agree with a page. */
  readonly windows: readonly Window[];
  /** Windows of all versions over the same time, oldest first. Default: `windows`. */
  readonly all?: readonly Window[];
  readonly objectives: MonitoringPolicy['objectives'];
  /** Features that callers send themselves; the others are looked up. Default: none. */
  readonly fromRequest?: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;

/** Share and its 95 % interval; null without rows. Values of one row are taken for independent: the interval is the narrowest there is. */
function shareOf(measure: ShareMeasure, window: Window | undefined, fromRequest: ReadonlySet<string>) {
  if (window === undefined || window.rows < fewestRowsForVerdict) return null;
  const counted = measure.count(window, fromRequest);
  if (counted.of === 0) return null;
  const { lower, upper } = wilsonInterval({ successes: counted.count, trials: counted.of }, 0.95);
  return { ...counted, share: counted.count / counted.of, interval: [lower, upper] as [number, number] };
}

type Share = ReturnType<typeof shareOf>;

/** Who answered in each span, whatever version it was. */
function answersOf(all: readonly Window[]): Window[] {
  return [...Map.groupBy(all, ({ fromUs }) => fromUs).values()].map((ofSpan) => {
    const [first] = ofSpan as [Window];
    const own = ofSpan.reduce((sum, { levels }) => sum + (levels.champion ?? 0), 0);
    return { ...first, rows: ofSpan.reduce((sum, { rows }) => sum + rows, 0), levels: { champion: own } };
  });
}

function findingOf(measure: ShareMeasure, evidence: DataEvidence): Finding {
  const { objectives, fromRequest = none } = evidence;
  const windows = measure.ofAll ? answersOf(evidence.all ?? evidence.windows) : evidence.windows;
  const at = measure.limit(objectives);
  const [now, last] = [-1, -2].map((place) => shareOf(measure, windows.at(place), fromRequest)) as [Share, Share];
  const before = areInARow(windows.slice(-2)) ? last : null;
  const base = { kind: measure.kind, name: measure.name, subject: null, importance: null } as const;
  const limit = { good: 'at most', at } as const;
  if (now === null) {
    const reason = `Under ${fewestRowsForVerdict} rows. Wait for traffic.`;
    return { ...base, value: null, interval: null, limit, outcome: 'no-verdict', reason };
  }
  const isAbove = now.interval[0] > at;
  const isAgain = before !== null && before.interval[0] > at;
  const worst = now.worst.map(({ name, count }) => `${name} (${count})`).join(', ');
  const found = `${percent(now.share)} ${measure.about}; ${percent(at)} are tolerated.`;
  return {
    ...{ ...base, value: now.share, interval: now.interval, limit },
    outcome: isAbove && isAgain ? 'page' : isAbove ? 'warn' : 'ok',
    reason: isAbove ? `${found}${worst === '' ? '' : ` Most: ${worst}.`} ${measure.todo}` : found,
  };
}

/** Whether live input is fresh, there and of its type, and whether the champion answers: two windows running above a limit page. */
export const evaluateData = (evidence: DataEvidence): Finding[] =>
  evidence.windows.length === 0 ? [] : shareMeasures.map((measure) => findingOf(measure, evidence));
