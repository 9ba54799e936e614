import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { flights } from '../../../features/flights/flights.ts';
import { weather } from '../../../features/weather/weather.ts';

export interface PublishOptions {
  /** Folder for the batches: `<source>/week=<n>/data_0.parquet`, weeks counted from 1 January. */
  folder: string;
  /** Only what is published before this day, such as 2013-02-01. */
  before: string;
  /** A flight that is published six hours late, or null. */
  lateFlight: string | null;
}

/** Begin of the replay, and the time that a batch spans. */
export const [beginUs, weekUs] = [Date.UTC(2013, 0, 1) * 1000, 7 * 86_400e6];

const rawOf = (url: unknown): string => quoteText(fileURLToPath(url as URL));

/**
 * Writes the raw rows of 2013 in the order in which they would have been published, a batch a week, each row with `observed_at`: a flight when it
 * departs, without its arrival; again when it lands, whole; one that never lands when that is certain; the weather when its hour is over.
 * The database must have the typed flights as `flights`.
 */
export async function publishEvents(db: Database, { folder, before, lateFlight }: PublishOptions): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await db.run(`CREATE OR REPLACE TEMP VIEW raw_flights AS
    SELECT raw.*, departed_at, landed_at, settled_at, typed.flight_id
    FROM read_parquet(${rawOf(flights.raw.flights)}) raw JOIN flights typed ON typed.flight_id = concat_ws('-', raw.carrier, raw.flight, raw.origin,
      strftime(CAST(time_hour AS TIMESTAMP) + to_minutes(CAST(sched_dep_time AS INTEGER) % 100), '%Y%m%dT%H%MZ'))`);
  const late = lateFlight === null ? 'false' : `flight_id = ${quoteText(lateFlight)}`;
  const delay = `CASE WHEN ${late} THEN INTERVAL 6 HOUR ELSE INTERVAL 0 HOUR END`;
  const left = 'EXCLUDE (departed_at, landed_at, settled_at, flight_id)';
  const departed = `SELECT * ${left} REPLACE (NULL AS arr_time, NULL AS arr_delay, NULL AS air_time),
      departed_at + ${delay} AS observed_at
    FROM raw_flights WHERE departed_at IS NOT NULL`;
  const settled = `SELECT * ${left}, coalesce(landed_at, settled_at) + ${delay} AS observed_at FROM raw_flights`;
  const read = `SELECT *, timezone('UTC', CAST(time_hour AS TIMESTAMP)) + INTERVAL 1 HOUR AS observed_at
    FROM read_parquet(${rawOf(weather.raw.weather)})`;
  const events = { flights: `${departed} UNION ALL BY NAME ${settled}`, weather: read };
  for (const [source, sql] of Object.entries(events)) {
    const week = `CAST(floor((epoch_us(observed_at) - ${beginUs}) / ${weekUs}) AS INTEGER)`;
    await db.run(`COPY (SELECT *, ${week} AS week FROM (${sql}) WHERE observed_at < CAST(${quoteText(before)} AS TIMESTAMPTZ))
      TO ${quoteText(`${folder}/${source}`)} (FORMAT parquet, PARTITION_BY (week), OVERWRITE_OR_IGNORE)`);
  }
}
