import { InputError, show } from '@repo/contract/input-error';
import type { FeatureWindow, Window } from './window.ts';

type Counts = Readonly<Record<string, number>>;

function addRecords(a: Counts, b: Counts): Record<string, number> {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  // In one order, so that equal windows are equal texts.
  return Object.fromEntries([...sums].sort(([x], [y]) => (x < y ? -1 : 1)));
}

function addCounts(a: readonly number[], b: readonly number[], path: string): number[] {
  if (a.length === b.length) return a.map((count, bin) => count + (b[bin] as number));
  throw new InputError({
    path,
    received: `${a.length} and ${b.length} bins`,
    allowed: 'windows in the bins of one profile',
    action: 'make the windows anew from the prediction log',
  });
}

function addFeatures(a: FeatureWindow, b: FeatureWindow, path: string): FeatureWindow {
  const sums = {
    counts: addCounts(a.counts, b.counts, path),
    missing: a.missing + b.missing,
    other: a.other + b.other,
    statuses: addRecords(a.statuses, b.statuses),
  };
  if (a.kind === 'number' && b.kind === 'number') return { kind: 'number', ...sums };
  if (a.kind === 'category' && b.kind === 'category')
    return { kind: 'category', ...sums, others: addRecords(a.others, b.others) };
  throw new InputError({
    path,
    received: `${a.kind} and ${b.kind}`,
    allowed: 'one kind',
    action: 'make the windows anew from the prediction log',
  });
}

/** Features of both; a window without any, as one without rows, adds none. */
function addAllFeatures(a: Window, b: Window): Window['features'] {
  if (Object.keys(a.features).length === 0) return b.features;
  if (Object.keys(b.features).length === 0) return a.features;
  const names = [...new Set([...Object.keys(a.features), ...Object.keys(b.features)])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [one, other] = [a.features[name], b.features[name]];
      if (one === undefined || other === undefined) return [name, (one ?? other) as FeatureWindow];
      return [name, addFeatures(one, other, `windows of ${a.model}/${a.version}: ${name}`)];
    }),
  );
}

function addLabels({ labels: a, model, version }: Window, { labels: b }: Window): Window['labels'] {
  const path = `windows of ${model}/${version}: labels`;
  return {
    matured: a.matured + b.matured,
    known: a.known + b.known,
    provisional: a.provisional + b.provisional,
    positive: a.positive + b.positive,
    falsePositive: a.falsePositive + b.falsePositive,
    falseNegative: a.falseNegative + b.falseNegative,
    lossMillionths: a.lossMillionths + b.lossMillionths,
    knownByAnswer: addCounts(a.knownByAnswer, b.knownByAnswer, path),
    positiveByAnswer: addCounts(a.positiveByAnswer, b.positiveByAnswer, path),
  };
}

/**
 * The window of two together, which spans both: of two replicas, two hours, or two weeks. Adding is exact, so that any order gives the same.
 * Throws InputError for windows of different models, versions or bins.
 */
export function mergeWindows(a: Window, b: Window): Window {
  if (a.model !== b.model || a.version !== b.version) {
    const received = `${show(`${a.model}/${a.version}`)} and ${show(`${b.model}/${b.version}`)}`;
    const allowed = 'windows of one version';
    throw new InputError({ path: 'windows', received, allowed, action: 'merge each version by itself' });
  }
  return {
    schemaVersion: 1,
    model: a.model,
    version: a.version,
    fromUs: Math.min(a.fromUs, b.fromUs),
    toUs: Math.max(a.toUs, b.toUs),
    rows: a.rows + b.rows,
    features: addAllFeatures(a, b),
    levels: addRecords(a.levels, b.levels),
    answers: addCounts(a.answers, b.answers, `windows of ${a.model}/${a.version}: answers`),
    yes: a.yes + b.yes,
    outliers: { judged: a.outliers.judged + b.outliers.judged, found: a.outliers.found + b.outliers.found },
    labels: addLabels(a, b),
  };
}
