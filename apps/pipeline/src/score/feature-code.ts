import { type FeatureStatus, featureStatuses, type ModelContract } from '@repo/contract/model-contract';
import { quoteText } from '@repo/datasets/sql-text';

/** The code that feature tables store for a status. */
export const statusCode = (status: FeatureStatus): number => featureStatuses.indexOf(status);

/** Why a feature is worse than it could be, in the words of the service. */
export const reasonSql = (reason: 'missing' | 'stale' | 'unknown_category', feature: string): string =>
  quoteText(`${reason}:${feature}`);

/** What the model sees of a number: FLOAT, NaN for none. */
export const codeOrNan = (number: string): string => `coalesce(TRY_CAST(${number} AS FLOAT), 'NaN'::FLOAT)`;

/** The code of a category by its name: its place in the contract's list, null for one that is not listed. */
export function placeSql({ categories }: ModelContract['features'][number], value: string): string {
  const list = `CAST([${(categories ?? []).map(quoteText).join(', ')}] AS VARCHAR[])`;
  return `(nullif(list_position(${list}, ${value}), 0) - 1)`;
}
