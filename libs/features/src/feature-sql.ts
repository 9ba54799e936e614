import { microseconds } from '@repo/contract/duration';
import { type FeatureStatus, featureStatuses } from '@repo/contract/model-contract';
import type { Column } from '@repo/contract/source';
import { ageUnitUs, type LookedUpViewSpec, type RequestViewSpec, type View } from '@repo/contract/view';
import { entityColumns, instantSql, numberSql, summedColumns } from './as-of-view.ts';
import { sqlName } from './sql-name.ts';
import { clockSql, type ZoneSpan } from './zone-clock.ts';

/** SQL of a feature's value (DOUBLE, or VARCHAR for a category) and of its status code, see `featureStatuses`. */
export interface FeatureSql {
  name: string;
  value: string;
  status: string;
}

/** The code of a status in feature tables. */
export const statusCode = (status: FeatureStatus): number => featureStatuses.indexOf(status);

const okOrMissing = (value: string) =>
  `CASE WHEN ${value} IS NULL THEN ${statusCode('missing')} ELSE ${statusCode('ok')} END`;

/**
 * A looked-up view's features from a row `h` of `asOfView`.
 */
export function lookedUpFeatures({ spec }: View<LookedUpViewSpec>): FeatureSql[] {
  const known = [...entityColumns(spec), 'moment'].map((key) => `h.${key} IS NOT NULL`).join(' AND ');
  if (spec.kind === 'latest') {
    const stale = `h.moment - h.event_us > ${microseconds(spec.ttl)}`;
    return Object.entries(spec.features).map(([name, feature], i) => {
      const value =
        feature.from === 'age'
          ? `CAST(h.moment - h.v${i} AS DOUBLE) / CAST(${ageUnitUs[feature.unit]} AS DOUBLE)`
          : `h.v${i}`;
      return {
        name,
        value: `CASE WHEN NOT (${stale}) THEN ${value} END`,
        status: `CASE WHEN ${stale} THEN ${statusCode('stale')} ELSE ${okOrMissing(`h.v${i}`)} END`,
      };
    });
  }
  const columns = summedColumns(spec);
  return Object.entries(spec.features).map(([name, feature]) => {
    const j = columns.indexOf(feature.column);
    if (feature.from === 'mean') {
      const value = `CASE WHEN h.c${j} > 0 THEN CAST(h.s${j} AS DOUBLE) / CAST(h.c${j} * 1000000 AS DOUBLE) END`;
      return { name, value, status: okOrMissing(value) };
    }
    return {
      name,
      value: `CASE WHEN ${known} THEN CAST(coalesce(h.c${j}, 0) AS DOUBLE) END`,
      status: `CASE WHEN h.c${j} > 0 THEN ${statusCode('ok')} WHEN ${known} THEN ${statusCode('default')} ELSE ${statusCode('missing')} END`,
    };
  });
}

/** A request view's features from an event row; `spans` are the clock changes of each zone over all instants of the rows. */
export function requestFeatures(
  spec: RequestViewSpec,
  columns: Readonly<Record<string, Column>>,
  spans: ReadonlyMap<string, readonly ZoneSpan[]>,
): FeatureSql[] {
  return Object.entries(spec.features).map(([name, feature]) => {
    const value =
      feature.from === 'category'
        ? sqlName(feature.column)
        : feature.from === 'column'
          ? numberSql(feature.column, columns[feature.column]?.type)
          : clockSql(instantSql(feature.column), feature.part, spans.get(feature.zone) ?? []);
    return { name, value, status: okOrMissing(value) };
  });
}
