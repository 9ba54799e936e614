import type { GateMetric } from '@repo/contract/gate-policy';
import type { BusinessMetric } from '@repo/contract/monitoring-policy';
import type { Task } from '@repo/contract/task';
import type { QualityEstimate } from './estimate/estimate-quality.ts';
import { isSilent, maturedSpans } from './labels/fair-labels.ts';
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
  /** Matured windows of all versions with labels, each with its loss per row and its costs per 1,000 rows by name, oldest first. */
  readonly history: readonly WindowQuality[];
  /** Whether labels or answers have stopped since the last of these. */
  readonly stopped: boolean;
}

/** How one window turned out. */
export interface WindowQuality {
  readonly fromUs: number;
  readonly known: number;
  readonly loss: number;
  readonly costs: Readonly<Record<string, number>>;
}

/** How far the newest labels may lie behind the newest matured window: nights may have none, days may not. */
const staleUs = 86_400e6;

/** What {@link windowQuality} gives. */
export interface WindowHistory {
  /** Matured windows with enough labels, oldest first. */
  readonly history: readonly WindowQuality[];
  /** Whether windows have matured since then for which there are no labels, or nobody has answered for a week: what broke before is told no more. */
  readonly stopped: boolean;
}

/** Matured windows as {@link WindowQuality}, those of several versions together; windows with few labels are left out. */
export function windowQuality(
  windows: readonly Window[],
  { minRows, business, endUs }: { minRows: number; business: readonly BusinessMetric[]; endUs: number },
): WindowHistory {
  const spans = maturedSpans(windows);
  const labelled = spans.filter(({ known }) => known >= minRows);
  const [newest, last] = [spans.at(-1), labelled.at(-1)];
  const behindUs = (newest?.toUs ?? 0) - (last?.toUs ?? 0);
  const history = labelled.map(({ fromUs, known, lossMillionths, falsePositive: needless, falseNegative: missed }) => {
    const costs = business.map(({ name, falsePositive, falseNegative }) => [
      name,
      (1000 * (falsePositive * needless + falseNegative * missed)) / known,
    ]);
    return { fromUs, known, loss: lossMillionths / 1e6 / known, costs: Object.fromEntries(costs) };
  });
  const isBehind = last !== undefined && behindUs >= Math.max(staleUs, last.toUs - last.fromUs);
  return { history, stopped: isBehind || isSilent(windows, endUs) };
}
