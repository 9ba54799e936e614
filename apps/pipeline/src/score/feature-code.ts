import { type FeatureStatus, featureStatuses, type ModelContract } from '@repo/contract/model-contract';
import { quoteText } from '@repo/datasets/sql-text';
import type { ScorableFeature } from './scorable.ts';

type Feature = ModelContract['features'][number];

const statusCode = (status: FeatureStatus): number => featureStatuses.indexOf(status);

/** The code of a category by its name: its place in the contract's list, null for one that is not listed. */
export function placeSql({ categories }: Feature, value: string): string {
  const list = `CAST([${(categories ?? []).map(quoteText).join(', ')}] AS VARCHAR[])`;
  return `(nullif(list_position(${list}, ${value}), 0) - 1)`;
}

/**
 * The code of a feature and the reason why it is worse than it could be, as {@link lookUp} of @repo/features has them. `number` is the SQL of
 * the value or of the category's code, `status` that of the code of its status; a value that is there and has no code is an unknown category.
 */
export function featureCode({ name }: Feature, number: string, status: string): ScorableFeature {
  const said = (reason: string) => quoteText(`${reason}:${name}`);
  return {
    name,
    code: `coalesce(TRY_CAST(${number} AS FLOAT), 'NaN'::FLOAT)`,
    reason: `CASE ${status} WHEN ${statusCode('missing')} THEN ${said('missing')} WHEN ${statusCode('stale')} THEN ${said('stale')}
      WHEN ${statusCode('ok')} THEN CASE WHEN ${number} IS NULL THEN ${said('unknown_category')} END END`,
  };
}

/** SQL of the code of a status. */
export const statusSql = (status: FeatureStatus): string => String(statusCode(status));
