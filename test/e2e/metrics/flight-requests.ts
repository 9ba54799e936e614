import { fileURLToPath } from 'node:url';
import { openDatabase } from '@repo/datasets/database';

/** A prediction request of flight-delay. */
export interface FlightRequest {
  readonly carrier: string;
  readonly origin: string;
  readonly dest: string;
  readonly scheduled_at: string;
  readonly tailnum: string | null;
}

const file = fileURLToPath(new URL('../../../features/flights/data/flights-2013.parquet', import.meta.url));

/** Flights of 24 December 2013 that leave at least two hours after 16:00 UTC, the moment that online features are materialized for. */
export async function flightRequests(): Promise<FlightRequest[]> {
  const database = await openDatabase();
  try {
    const rows = await database.rows(
      `SELECT carrier, origin, dest, tailnum,
         strftime(CAST(time_hour AS TIMESTAMP) + to_minutes(CAST(sched_dep_time AS INTEGER) % 100), '%Y-%m-%dT%H:%M:%SZ') AS scheduled_at
       FROM read_parquet($1) WHERE time_hour >= TIMESTAMP '2013-12-24 18:00' AND time_hour < TIMESTAMP '2013-12-25 03:00'`,
      [file],
    );
    return rows as unknown as FlightRequest[];
  } finally {
    database.close();
  }
}
