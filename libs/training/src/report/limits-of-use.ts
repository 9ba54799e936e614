import { formatInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { BundleMetrics } from '../measure.ts';

const unknowns = {
  flag: 'counts as missing, and the answer says so',
  fallback: 'is answered by the next level',
  reject: 'is refused',
} as const satisfies Record<ModelContract['serving']['unknowns'], string>;

const outliers = {
  flag: 'is answered, and the answer says so',
  clamp: 'is answered with its values drawn into the range of training',
  fallback: 'is answered by the next level',
  reject: 'is refused',
} as const satisfies Record<ModelContract['serving']['outliers'], string>;

/** What a model is not good for, as a Markdown list: each line follows from the definition, the data or what was measured. */
export function limitsOfUse({
  model,
  contract,
  metrics,
}: {
  model: Model;
  contract: ModelContract;
  metrics: BundleMetrics;
}): string {
  const { serving, cutoff, label, dataBeginsUs } = contract;
  const earliest = formatInstant(dataBeginsUs + cutoff.leadUs);
  const lines = [
    `Measured on ${model.split.test.join(' to ')} alone; other seasons, places and kinds of events than those of the data are untested.`,
    `Trained and measured on events whose \`${label}\` became known; nothing is known of how it answers the others.`,
    `Requests with \`${cutoff.column}\` before ${earliest} are refused: there are no features before the data begins.`,
    `A category that was not trained on ${unknowns[serving.unknowns]}.`,
    `A row unlike those of training ${outliers[serving.outliers]}; of the test rows ${(100 * metrics.outliers.testShare).toFixed(2)} % are.`,
    'Groups of fewer than 200 test rows were not measured by themselves.',
    ...(metrics.levels.some(({ without }) => without.length > 0)
      ? ['Without the features that are looked up it answers worse, by as much as the levels above say.']
      : []),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}
