import { describeError } from '@repo/contract/error-catalogue';
import { show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import { ServiceError } from '@repo/contract/service-error';
import { type Row, unknownCategories } from './row.ts';

/** Most categories that an error lists: there may be thousands. */
const shown = 8;

function listed(categories: readonly string[]): string {
  const rest = categories.length - shown;
  return `${categories.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Throws ServiceError rejected_input with a line for each category of the row that the model was not trained on, and those it was. */
export function rejectUnknown({ features }: ModelContract, row: Row): void {
  const problems = unknownCategories(row).map((name) => {
    const received = show(row.features.find((feature) => feature.name === name)?.value);
    const categories = features.find((feature) => feature.name === name)?.categories ?? [];
    return describeError('rejected_input', { path: `request.${name}`, received, allowed: listed(categories) });
  });
  if (problems.length > 0) throw new ServiceError('rejected_input', problems);
}
