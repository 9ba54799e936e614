import type { RowLoss } from './row-loss.ts';

/** The losses of rows by a model and by the best constant answer to these very rows. */
export interface AgainstPrior {
  losses: Float64Array;
  priorLosses: Float64Array;
}

/**
 * Rows beside their own prior, whose loss is what there is to explain: groups with other base rates become comparable by
 * loss / loss of the prior, and 1 less that is the skill.
 */
export function againstPrior(loss: RowLoss, labels: ArrayLike<number>, answers: ArrayLike<number>): AgainstPrior {
  const constant = new Float64Array(labels.length).fill(loss.prior(labels));
  return { losses: loss.byRow(labels, answers), priorLosses: loss.byRow(labels, constant) };
}
