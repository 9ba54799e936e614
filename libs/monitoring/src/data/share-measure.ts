import { FeatureStatus } from '@repo/contract/model-contract';
import type { FindingKind } from '@repo/contract/monitor-findings';
import type { MonitoringPolicy } from '@repo/contract/monitoring-policy';
import type { Window } from '../window.ts';

/** So many of so many, and what has most of them. */
interface CountedShare {
  readonly count: number;
  readonly of: number;
  /** Features with their own counts, the most first. */
  readonly worst: readonly { readonly name: string; readonly count: number }[];
}

/** A share of a window that the definition of the model limits. */
export interface ShareMeasure {
  readonly name: string;
  readonly kind: FindingKind;
  /** What there is so much of, and what to do. */
  readonly about: string;
  readonly todo: string;
  /** Whether it is of the answers of all versions: a stand-in answers as the version that it is. */
  readonly ofAll: boolean;
  readonly limit: (objectives: MonitoringPolicy['objectives']) => number;
  /** `fromRequest` names the features that callers send themselves. */
  readonly count: (window: Window, fromRequest: ReadonlySet<string>) => CountedShare;
}

type Counter = (feature: Window['features'][string]) => number;

const stale: Counter = ({ statuses }) => statuses[FeatureStatus.stale] ?? 0;
const none: ReadonlySet<string> = new Set();

/** Values that something is true of, among all values of the features but some. */
function countValues({ features }: Window, counter: Counter, but = none): CountedShare {
  const served = Object.entries(features).filter(([name]) => !but.has(name));
  const all = served.map(([name, feature]) => ({
    name,
    count: counter(feature),
    values: feature.counts.reduce((sum, count) => sum + count, feature.missing + feature.other),
  }));
  const worst = all.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const sum = (of: (one: (typeof all)[number]) => number): number => all.reduce((total, one) => total + of(one), 0);
  return { count: sum(({ count }) => count), of: sum(({ values }) => values), worst: worst.slice(0, 3) };
}

/** Values there and no number can only come from a caller that was not held to the contract: nothing is tolerated but a slip. */
const invalidShare = 0.001;

/** What live input is held to: freshness, presence, type; and who answers. */
export const shareMeasures: readonly ShareMeasure[] = [
  {
    name: 'staleFeatures',
    kind: 'data',
    about: 'looked-up feature values older than the TTL of their view',
    todo: 'Look whether the views are materialized.',
    ofAll: false,
    limit: ({ staleFeatureShare }) => staleFeatureShare,
    // Only what is looked up has a TTL: what the request holds would thin it out.
    count: (window, fromRequest) => countValues(window, stale, fromRequest),
  },
  {
    name: 'missingFeatures',
    kind: 'data',
    about: 'feature values missing',
    todo: 'Look at the online store, and at the sources of the features named.',
    ofAll: false,
    limit: ({ missingFeatureShare }) => missingFeatureShare,
    // A stale value is not given to the model either, and is told by its own name.
    count: (window) => countValues(window, (feature) => Math.max(0, feature.missing - stale(feature))),
  },
  {
    name: 'invalidFeatures',
    kind: 'data',
    about: 'feature values that are no number where one is due',
    todo: 'Look at what the caller sends: units, decimal commas, codes.',
    ofAll: false,
    limit: () => invalidShare,
    count: (window) => countValues(window, (feature) => (feature.kind === 'number' ? feature.other : 0)),
  },
  {
    name: 'fallbackShare',
    kind: 'system',
    about: 'predictions answered by another level than the champion',
    todo: 'Follow the runbook fallback-in-use.',
    ofAll: true,
    limit: ({ fallbackShare }) => fallbackShare,
    count: ({ rows, levels }) => ({ count: rows - (levels.champion ?? 0), of: rows, worst: [] }),
  },
];
