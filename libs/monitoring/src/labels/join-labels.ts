import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import type { JoinBy } from './open-labels.ts';
import { hashOf } from './request-key.ts';

export interface JoinOptions {
  readonly model: Model;
  /** The column of `answers`, as {@link openLabels} says. */
  readonly by: JoinBy;
  /** Nothing that was observed later is joined. */
  readonly atUs: number;
}

/** When answers count as matured. */
export interface Maturity {
  /** Time from the event until almost all labels are there, microseconds. */
  readonly delayUs: number;
  /** Whether it was seen in the labels, or is what the definition says, `label.knownAfter`. */
  readonly from: 'observed' | 'definition';
}

/** Delay of the given share of labels, among events that are old enough for it not to be cut off by `atUs`; null with too few of them. */
async function observedDelay(database: Database, { model, atUs }: JoinOptions): Promise<number | null> {
  const { maturity, minRows } = model.monitoring.quality;
  const oldUs = atUs - 2 * microseconds(model.label.knownAfter);
  const [row] = await database.rows(`
    SELECT count(*) AS labels, quantile_disc(label_observed_us - event_us, ${maturity}) AS delay_us
    FROM joined WHERE label IS NOT NULL AND observed AND event_us <= ${oldUs}`);
  return row === undefined || Number(row.labels) < minRows ? null : Math.max(0, Number(row.delay_us));
}

/**
 * Joins the tables `answers` and `labels` to the view `outcomes`: a row for each answer, its `label` (null: not known yet, or `ambiguous`),
 * `label_observed_us`, `observations` of it (more than one: it was corrected), and `matured`, whether its event is so old that almost all
 * labels of that age are known: only such answers are a fair sample, as what is known early is different. A label without a time counts as
 * observed `label.knownAfter` after its event. Takes the place of both tables.
 */
export async function joinLabels(database: Database, options: JoinOptions): Promise<Maturity> {
  const { model, by, atUs } = options;
  const knownAfterUs = microseconds(model.label.knownAfter);
  const on = by === 'id' ? hashOf('answers.id') : 'answers.key';
  const observedUs = `coalesce(labels.observed_us, event_us + ${knownAfterUs})`;
  const known = `${observedUs} <= ${atUs}`;
  await database.run(`CREATE TABLE joined AS
    SELECT answers.*, coalesce(found > 1, false) AS ambiguous, CASE WHEN ${known} THEN coalesce(observations, 0) ELSE 0 END AS observations,
      CASE WHEN found = 1 AND ${known} THEN value_0 END AS label,
      CASE WHEN found = 1 AND ${known} AND value_0 IS NOT NULL THEN ${observedUs} END AS label_observed_us,
      labels.observed_us IS NOT NULL AS observed,
      labels.* EXCLUDE (key, found, observations, observed_us, value_0)
    FROM answers LEFT JOIN labels ON ${on} = labels.key`);
  await database.run('DROP TABLE answers');
  await database.run('DROP TABLE labels');
  const delayUs = await observedDelay(database, options);
  const maturity: Maturity =
    delayUs === null ? { delayUs: knownAfterUs, from: 'definition' } : { delayUs, from: 'observed' };
  await database.run(`CREATE VIEW outcomes AS
    SELECT *, coalesce(event_us + ${maturity.delayUs} <= ${atUs}, false) AS matured FROM joined`);
  return maturity;
}
