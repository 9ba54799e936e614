import type { ModelContract } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import { binOf } from '@repo/contract/profile-bin';
import type { FeatureTable } from '@repo/training/feature-table';
import type { FeatureWindow, Window } from '../window.ts';

const dayUs = 86_400e6;

/** The bin of each value of a column, or one of two more: missing, and new to training. */
function placesOf(feature: Profile['features'][number], categories: readonly string[] | null): (x: number) => number {
  const [missing, other] = [feature.counts.length, feature.counts.length + 1];
  if (feature.kind === 'number') return (x) => (Number.isNaN(x) ? missing : binOf(feature.edges, x));
  const known = new Map(feature.categories.map((category, bin) => [category, bin]));
  const places = (categories ?? []).map((category) => known.get(category) ?? other);
  return (x) => (Number.isNaN(x) ? missing : (places[x] ?? other));
}

function toFeature(kind: FeatureWindow['kind'], counts: number[]): FeatureWindow {
  const [missing, other] = counts.slice(-2) as [number, number];
  const all = { counts: counts.slice(0, -2), missing, other, statuses: {} };
  return kind === 'number' ? { kind, ...all } : { kind, ...all, others: {} };
}

/** What {@link tableWindows} is made from. */
export interface TableWindowsOptions {
  readonly model: string;
  readonly version: string;
  readonly profile: Profile;
  readonly contract: ModelContract;
  readonly table: FeatureTable;
  /** The version's answers to the rows; without them the windows have none. */
  readonly answers?: ArrayLike<number>;
}

/** Rows of a table in order of time, cut at midnight UTC. */
function daysOf(timesUs: Float64Array): Uint32Array[] {
  const days = new Map<number, number[]>();
  timesUs.forEach((time, row) => {
    const day = Math.floor(time / dayUs);
    const rows = days.get(day) ?? [];
    rows.push(row);
    days.set(day, rows);
  });
  return [...days].sort(([a], [b]) => a - b).map(([, rows]) => Uint32Array.from(rows));
}

/** The window of some rows of a table, as if they had been served; labels are known. Times are those of the first and last row. */
export function windowOfRows(options: TableWindowsOptions, rows: ArrayLike<number>): Window {
  const { profile, contract, table, answers, model, version } = options;
  const features: Record<string, FeatureWindow> = {};
  for (const feature of profile.features) {
    const place = contract.features.findIndex(({ name }) => name === feature.name);
    const column = table.matrix.columns[place];
    if (column === undefined) continue;
    const placeOf = placesOf(feature, contract.features[place]?.categories ?? null);
    const counts = new Array<number>(feature.counts.length + 2).fill(0);
    for (let i = 0; i < rows.length; i++) {
      const bin = placeOf(column[rows[i] as number] as number);
      counts[bin] = (counts[bin] as number) + 1;
    }
    features[feature.name] = toFeature(feature.kind, counts);
  }
  const bins = profile.answers.counts.map(() => 0);
  const known = { matured: rows.length, known: rows.length, provisional: 0 };
  const labels = { ...known, positive: 0, falsePositive: 0, falseNegative: 0, lossMillionths: 0 };
  let [fromUs, toUs] = [Infinity, -Infinity];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    fromUs = Math.min(fromUs, table.timesUs[row] as number);
    toUs = Math.max(toUs, table.timesUs[row] as number);
    labels.positive += (table.matrix.labels[row] as number) > 0 ? 1 : 0;
    if (answers === undefined) continue;
    const bin = binOf(profile.answers.edges, answers[row] as number);
    bins[bin] = (bins[bin] as number) + 1;
  }
  return {
    schemaVersion: 1,
    model,
    version,
    fromUs,
    toUs: toUs + 1,
    rows: rows.length,
    features,
    levels: { champion: rows.length },
    answers: bins,
    yes: 0,
    outliers: { judged: 0, found: 0 },
    labels: { ...labels, knownByAnswer: bins.map(() => 0), positiveByAnswer: bins.map(() => 0) },
  };
}

/** Windows of one UTC day each from the table that a version learned from or was tested on: the reference of its live windows. */
export const tableWindows = (options: TableWindowsOptions): Window[] =>
  daysOf(options.table.timesUs).map((rows) => windowOfRows(options, rows));
