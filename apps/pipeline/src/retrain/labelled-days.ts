import type { Model } from '@repo/contract/model';
import { openDatabase } from '@repo/datasets/database';
import { identifier } from '@repo/datasets/sql-text';
import type { LabelledDay } from '@repo/monitoring/retrain-situation';
import type { Context } from '../context.ts';
import { openRelations } from '../relations.ts';
import { currentSnapshot } from '../snapshots.ts';

const dayMs = 86_400_000;

/** Labelled rows of each day of a model's events, in order of time. */
export async function labelledDays(context: Context, { events, label, cutoff }: Model): Promise<LabelledDay[]> {
  const snapshot = await currentSnapshot(context, events);
  const database = await openDatabase();
  try {
    const relations = await openRelations(database, { [events.name]: snapshot });
    const [time, value] = [identifier(events.eventTime ?? cutoff.column), identifier(label.column)];
    const rows = await database.rows(
      `SELECT epoch_us(${time}) // 86400000000 AS day, count(*) AS n, sum(CAST(${value} AS DOUBLE)) AS total
      FROM ${identifier(relations[events.name] as string)} WHERE ${value} IS NOT NULL AND ${time} IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ day, n, total }) => ({
      day: new Date(Number(day) * dayMs).toISOString().slice(0, 10),
      rows: Number(n),
      sum: Number(total),
    }));
  } finally {
    database.close();
  }
}
