import { CallerLeft } from '../caller-left.ts';
import type { Job } from '../job.ts';
import type { PredictiveModel } from '../served-model.ts';
import { createBlame } from './blame.ts';
import { createBreaker } from './breaker.ts';
import { companionInput, outlierOutput } from './companions.ts';
import { type Outlier, pValue } from './outlier.ts';
import type { Row } from './row.ts';
import { runRow } from './run-row.ts';
import { withinBudget } from './within-budget.ts';

/** Says how strange a row is, or null when that cannot be told within `budgetMs`: nobody is refused an answer for want of a judge. */
export type OutlierJudge = (row: Row, budgetMs: number, signal: Job['signal']) => Promise<Outlier | null>;

/**
 * Makes the judge of a model's rows from its outliers.onnx; null always when the bundle has none. A row whose looked-up features are
 * missing for want of the online store is not judged: the forest would only say that they are. `onChange` hears of its breaker.
 */
export function createOutlierJudge({ bundle }: PredictiveModel, onChange: (open: boolean) => void): OutlierJudge {
  const { outliers } = bundle.companions;
  const scores = bundle.profile?.outliers?.scores;
  if (outliers === null || scores === undefined) return async () => null;
  const blame = createBlame(bundle.profile);
  const breaker = createBreaker(onChange, blame.isFailure);
  const tensors = { input: companionInput, output: outlierOutput };
  return async (row, budgetMs, signal) => {
    if (!row.storeAnswered) return null;
    const codes = row.features.map(({ code }) => code);
    const run = async () => {
      try {
        return await withinBudget('outliers', budgetMs, () => runRow(outliers, tensors, codes, budgetMs, signal));
      } catch (error) {
        blame.hear(error, row);
        throw error;
      }
    };
    try {
      const score = await breaker.run(run);
      return Number.isFinite(score) ? { score, p: pValue(scores, score) } : null;
    } catch (error) {
      if (error instanceof CallerLeft) throw error;
      return null;
    }
  };
}
