import { formatInstant, type InstantUs } from '@repo/contract/instant';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';

/** One event as the caller of the service knows it at its cut-off. */
export interface Asked {
  /** Key of the event, which is also the id of the request. */
  readonly id: string;
  /** The moment of the request, in event time. */
  readonly atUs: InstantUs;
  /** JSON of the request. */
  readonly body: string;
}

export interface ReadFlightsOptions {
  /** Parquet file of the typed events. */
  readonly dataPath: string;
  readonly contract: ModelContract;
  /** Column that names the event. */
  readonly key: string;
  /** Requests from this moment on, in event time. */
  readonly fromUs: InstantUs;
  /** Up to but without this one. */
  readonly toUs: InstantUs;
}

/** The requests of a span of event time in the order in which they are made: each event once, at its cut-off. */
export async function readFlights(database: Database, options: ReadFlightsOptions): Promise<Asked[]> {
  const { contract, key, fromUs, toUs } = options;
  const moment = `(epoch_us(${identifier(contract.cutoff.column)}) - ${contract.cutoff.leadUs})`;
  const fields = contract.request.map(({ name, type }) =>
    type === 'instant' ? `epoch_us(${identifier(name)}) AS ${identifier(name)}` : identifier(name),
  );
  const rows = await database.rows(
    `SELECT ${identifier(key)} AS event_key, ${moment} AS at_us, ${fields.join(', ')}
     FROM read_parquet(${quoteText(options.dataPath)}, hive_partitioning = false)
     WHERE ${moment} >= ${fromUs} AND ${moment} < ${toUs} ORDER BY at_us, event_key`,
  );
  return rows.map((row) => {
    const request = contract.request.map(({ name, type }) => {
      const value = row[name];
      if (value === null || value === undefined) return [name, null];
      if (type === 'instant') return [name, formatInstant(Number(value))];
      return [name, typeof value === 'bigint' ? Number(value) : value];
    });
    return { id: String(row.event_key), atUs: Number(row.at_us), body: JSON.stringify(Object.fromEntries(request)) };
  });
}
