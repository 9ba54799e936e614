import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { type JoinBy, joinKeys } from './open-labels.ts';

export interface JoinOptions {
  readonly model: Model;
  /** What to join by, as {@link openLabels} says. */
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

/** SQL of the request ids that stand for different requests: a label that names nothing else tells of none of them. */
const sharedIds = 'SELECT id FROM answers WHERE key IS NOT NULL GROUP BY id HAVING min(key) <> max(key)';

/** Delay of the given share of labels when they first came, among events that are old enough for it not to be cut off by `atUs`; null with too few of them. */
async function observedDelay(database: Database, { model, atUs }: JoinOptions): Promise<number | null> {
  const { maturity, minRows } = model.monitoring.quality;
  const oldUs = atUs - 2 * microseconds(model.label.knownAfter);
  const [row] = await database.rows(`
    SELECT count(*) AS labels, quantile_disc(first_us - event_us, ${maturity}) AS delay_us
    FROM joined WHERE label IS NOT NULL AND first_us IS NOT NULL AND event_us <= ${oldUs}`);
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
  const shared = by === 'id' ? `answers.id IN (${sharedIds})` : 'false';
  const observedUs = `coalesce(labels.observed_us, event_us + ${knownAfterUs})`;
  await database.run(`CREATE TABLE joined AS
    WITH matched AS (
      SELECT answers.*, coalesce(found > 1 OR (found IS NOT NULL AND ${shared}), false) AS ambiguous, ${observedUs} <= ${atUs} AS known,
        coalesce(observations, 0) AS observations_0, value_0, ${observedUs} AS observed_at_us, labels.* EXCLUDE (key, found, observations, observed_us, value_0)
      FROM answers LEFT JOIN labels ON ${joinKeys[by]('answers.id', 'answers.key')} = labels.key
    )
    SELECT * EXCLUDE (known, observations_0, value_0, observed_at_us), CASE WHEN known THEN observations_0 ELSE 0 END AS observations,
      CASE WHEN known AND NOT ambiguous THEN value_0 END AS label,
      CASE WHEN known AND NOT ambiguous AND value_0 IS NOT NULL THEN observed_at_us END AS label_observed_us
    FROM matched`);
  await database.run('DROP TABLE answers');
  await database.run('DROP TABLE labels');
  const delayUs = await observedDelay(database, options);
  const maturity: Maturity =
    delayUs === null ? { delayUs: knownAfterUs, from: 'definition' } : { delayUs, from: 'observed' };
  await database.run(`CREATE VIEW outcomes AS
    SELECT *, coalesce(event_us + ${maturity.delayUs} <= ${atUs}, false) AS matured FROM joined`);
  return maturity;
}
