import type { GateMetric } from '@repo/contract/gate-policy';
import type { BusinessMetric } from '@repo/contract/monitoring-policy';
import type { Task } from '@repo/contract/task';
import type { QualityEstimate } from './estimate/estimate-quality.ts';
import type { Maturity } from './labels/join-labels.ts';
import type { Estimate } from './realised/by-day.ts';
import type { RealisedGroup } from './realised/realised-groups.ts';
import type { Window } from './window.ts';

/** A realised metric of the champion level. */
export interface RealisedMetric extends Estimate {
  readonly metric: GateMetric;
}

/** What the labels, and without them the scores, say of a model at one moment: what `evaluateQuality` judges and reports show. */
export interface QualityEvidence {
  readonly task: Task;
  readonly primary: GateMetric;
  readonly maturity: Maturity;
  /** Span of the answers that matured metrics rest on, UTC microseconds. */
  readonly span: { readonly fromUs: number; readonly toUs: number };
  readonly answers: number;
  readonly known: number;
  readonly matured: number;
  /** Corrected labels, and answers whose label more than one event claims. */
  readonly corrected: number;
  readonly ambiguous: number;
  /** Where each metric must stay. */
  readonly limits: Readonly<Partial<Record<GateMetric, number>>>;
  readonly minRows: number;
  readonly realised: readonly RealisedMetric[];
  readonly business: readonly { readonly metric: BusinessMetric; readonly cost: Estimate }[];
  readonly groups: readonly RealisedGroup[];
  /** From the newest answers whether they have a label or not; null for a regression or without answers. */
  readonly estimate: QualityEstimate | null;
  /** Calibration error on the matured labels; null without enough of them. Above a limit the estimate means nothing. */
  readonly calibrationError: number | null;
  /** Windows of all versions with labels, each with its loss per row and its costs per 1,000 rows by name, oldest first. */
  readonly history: readonly WindowQuality[];
}

/** How one window turned out. */
export interface WindowQuality {
  readonly fromUs: number;
  readonly known: number;
  readonly loss: number;
  readonly costs: Readonly<Record<string, number>>;
}

/** Windows as {@link WindowQuality}, those of several versions together; spans that are not matured, or have few labels, are left out. */
export function windowQuality(
  windows: readonly Window[],
  { maturedUs, minRows, business }: { maturedUs: number; minRows: number; business: readonly BusinessMetric[] },
): WindowQuality[] {
  const spans = Map.groupBy(
    windows.filter(({ toUs }) => toUs <= maturedUs),
    ({ fromUs }) => fromUs,
  );
  return [...spans]
    .sort(([a], [b]) => a - b)
    .flatMap(([fromUs, ofSpan]) => {
      const sum = (of: (labels: Window['labels']) => number) =>
        ofSpan.reduce((total, { labels }) => total + of(labels), 0);
      const known = sum((labels) => labels.known);
      if (known < minRows) return [];
      const [positives, negatives] = [sum((labels) => labels.falsePositive), sum((labels) => labels.falseNegative)];
      const costs = business.map(({ name, falsePositive, falseNegative }) => [
        name,
        (1000 * (falsePositive * positives + falseNegative * negatives)) / known,
      ]);
      return [
        { fromUs, known, loss: sum((labels) => labels.lossMillionths) / 1e6 / known, costs: Object.fromEntries(costs) },
      ];
    });
}
