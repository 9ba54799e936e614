/** Answers of equal, or almost equal, probability: their mean and how many they are. */
export interface ScoredRows {
  readonly probabilities: ArrayLike<number>;
  readonly rows: ArrayLike<number>;
}

/** An expected metric and the standard error of what as many labels would show. */
interface Expected {
  readonly value: number;
  readonly standardError: number;
}

/** Quality as it would be if every probability were right. */
export interface QualityEstimate {
  readonly logLoss: Expected;
  readonly brier: Expected;
  /** Null where all probabilities are 0 or all are 1. */
  readonly auc: Expected | null;
  /** Expected share of yes. */
  readonly yes: Expected;
  /** Expected counts; a decision is yes from the threshold on. */
  readonly confusion: {
    readonly truePositive: number;
    readonly falsePositive: number;
    readonly trueNegative: number;
    readonly falseNegative: number;
  };
}

const cut = (probability: number): number => Math.min(1 - 1e-15, Math.max(1e-15, probability));

/** Mean over rows of what one row has in expectation, and the standard error of the mean once labels are drawn: within and between rows. */
function meanOf(
  { probabilities, rows }: ScoredRows,
  expected: (p: number) => number,
  variance: (p: number) => number,
): Expected {
  let [count, sum, squares, within] = [0, 0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const [n, p] = [rows[i] as number, probabilities[i] as number];
    const value = expected(p);
    count += n;
    sum += n * value;
    squares += n * value ** 2;
    within += n * variance(p);
  }
  const value = sum / count;
  const between = Math.max(0, squares / count - value ** 2);
  return { value, standardError: Math.sqrt((within / count + between) / count) };
}

/** The AUC of labels drawn by the probabilities, which rank themselves; its error is that of Hanley and McNeil. */
function expectedAuc({ probabilities, rows }: ScoredRows): Expected | null {
  const order = Array.from(rows, (_, i) => i).sort(
    (a, b) => (probabilities[a] as number) - (probabilities[b] as number),
  );
  let [won, yes, no] = [0, 0, 0];
  for (const i of order) {
    const [n, p] = [rows[i] as number, probabilities[i] as number];
    // Rows of one class tie among themselves.
    won += n * p * (no + (n * (1 - p)) / 2);
    yes += n * p;
    no += n * (1 - p);
  }
  if (!(yes > 0 && no > 0)) return null;
  const value = won / (yes * no);
  const [q1, q2] = [value / (2 - value), (2 * value ** 2) / (1 + value)];
  const variance =
    value * (1 - value) + Math.max(0, yes - 1) * (q1 - value ** 2) + Math.max(0, no - 1) * (q2 - value ** 2);
  return { value, standardError: Math.sqrt(Math.max(0, variance) / (yes * no)) };
}

/**
 * The quality of answers whose labels are not known, from their probabilities alone: a probability of 0.3 is right three times in ten. That is
 * true of calibrated answers whatever rows come (covariate shift), and blind to a world whose labels come about in another way (concept drift):
 * then the estimate stays what it was. `null` without rows.
 * Source: NannyML's confidence-based performance estimation; J. Hanley, B. McNeil, Radiology 143 (1982) for the error of the AUC.
 */
export function estimateQuality(scored: ScoredRows, threshold: number): QualityEstimate | null {
  if (scored.rows.length === 0) return null;
  const confusion = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (let i = 0; i < scored.rows.length; i++) {
    const [n, p] = [scored.rows[i] as number, scored.probabilities[i] as number];
    const decided = p >= threshold;
    confusion[decided ? 'truePositive' : 'falseNegative'] += n * p;
    confusion[decided ? 'falsePositive' : 'trueNegative'] += n * (1 - p);
  }
  const entropy = (p: number) => -(cut(p) * Math.log(cut(p)) + (1 - cut(p)) * Math.log(1 - cut(p)));
  const logit = (p: number) => Math.log(cut(p) / (1 - cut(p)));
  return {
    logLoss: meanOf(scored, entropy, (p) => p * (1 - p) * logit(p) ** 2),
    brier: meanOf(
      scored,
      (p) => p * (1 - p),
      (p) => p * (1 - p) * (1 - 2 * p) ** 2,
    ),
    auc: expectedAuc(scored),
    yes: meanOf(
      scored,
      (p) => p,
      (p) => p * (1 - p),
    ),
    confusion,
  };
}
