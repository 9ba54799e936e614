import type { Model } from '@repo/contract/model';
import { featureNames } from '@repo/contract/model-schema';
import { quoteText } from '@repo/datasets/sql-text';
import { rawField } from './request-key.ts';

/** A slice of the gates as a column of answers. */
export interface SliceColumn {
  /** Name of the category feature. */
  readonly slice: string;
  readonly column: string;
  /** SQL over a row of the log. */
  readonly sql: string;
}

/** The request column that a feature is, null when it is looked up or made of one. */
function requestColumn({ features }: Model, name: string): string | null {
  for (const { spec } of features) {
    const feature = spec.kind === 'request' ? spec.features[name] : undefined;
    if (feature?.from === 'category') return feature.column;
  }
  return null;
}

/** The slices of a model's gates: from the request where it carries them, else from the features as served. */
export function sliceColumns(model: Model): SliceColumn[] {
  const names = featureNames(model.features);
  return model.gates.slices.map((slice, i) => {
    const column = requestColumn(model, slice);
    const at = `$[${names.indexOf(slice)}]`;
    // An older version may have its features in another order.
    const served = `CASE WHEN json_extract_string(features, ${quoteText(`${at}.name`)}) = ${quoteText(slice)}
      THEN json_extract_string(features, ${quoteText(`${at}.value`)}) END`;
    return { slice, column: `slice_${i}`, sql: column === null ? served : rawField(model, column) };
  });
}
