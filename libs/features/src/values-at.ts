import type { InstantUs } from '@repo/contract/instant';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database, Row } from '@repo/datasets/database';
import { asOfView, entityColumns } from './as-of-view.ts';
import { lookedUpFeatures } from './feature-sql.ts';
import { type EntityValues, type StoredView, storedFeatures, viewKey } from './online-store.ts';
import { sqlName } from './sql-name.ts';

/** What is read of a view. */
export interface ValuesAtOptions {
  /** Table or view with the rows of the view's source, as in a snapshot. */
  relation: string;
  /** SELECT of the entities as e0, e1, ..., with `ask` and `moment`, which is `atUs`. */
  asks: string;
  atUs: InstantUs;
  /** Rows of other entities are left out early. Default none is. */
  onlyEntities?: readonly EntityValues[];
}

const number = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/**
 * What the online store holds of entities of a view at one moment, by the SQL of the point-in-time join: values in the order of
 * `storedFeatures`, for an age its instant in microseconds.
 */
export async function valuesAt(
  db: Database,
  view: View<LookedUpViewSpec>,
  { asks, ...options }: ValuesAtOptions,
): Promise<StoredView> {
  const { spec } = view;
  const { relation, atUs, onlyEntities } = options;
  const keys = entityColumns(spec);
  const values =
    spec.kind === 'latest'
      ? ['event_us', ...Object.keys(spec.features).map((name, i) => `v${i} AS ${sqlName(`value_${name}`)}`)]
      : lookedUpFeatures(view).map(({ name, value }) => `${value} AS ${sqlName(`value_${name}`)}`);
  const asked = asOfView(view, {
    relation,
    asks,
    moments: { firstUs: atUs, lastUs: atUs },
    ...(onlyEntities === undefined ? {} : { onlyEntities }),
  });
  const rows = await db.rows(`SELECT ${[...keys, ...values].join(', ')} FROM (${asked}) h`);
  const features = storedFeatures(spec);
  return {
    view: viewKey(view),
    atUs,
    entities: rows.map((row) => ({
      entity: keys.map((key) => String(row[key])),
      row: { eventUs: number(row.event_us), values: features.map((name) => number(row[`value_${name}`])) },
    })),
  };
}
