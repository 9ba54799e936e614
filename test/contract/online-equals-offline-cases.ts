import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveContract } from '@repo/contract/derive-contract';
import { featureStatuses } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import { type Database, openDatabase, type Row } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { joinFeatures } from '@repo/features/join-features';
import { lookUp } from '@repo/features/look-up';
import { materialize } from '@repo/features/materialize';
import type { OnlineStore } from '@repo/features/online-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import flightDelay from '../../models/flight-delay/model.ts';

const sources = new Map(flightDelay.features.map(({ source }) => [source.name, source]));
const relations = Object.fromEntries([...sources.keys()].map((name) => [name, name]));

/** Draws 20 cut-offs of flights and, for each, the 50 flights last scheduled among those whose cut-off has come. */
async function drawFlights(db: Database): Promise<number> {
  await db.run(`CREATE TABLE moments AS SELECT DISTINCT scheduled_at - INTERVAL 2 HOUR AS asked_at FROM flights
    WHERE scheduled_at >= '2013-01-02' ORDER BY md5(scheduled_at::VARCHAR || 'seed') LIMIT 20`);
  await db.run(`CREATE TABLE asks AS SELECT f.*, m.asked_at FROM moments m, flights f
    WHERE f.scheduled_at BETWEEN m.asked_at - INTERVAL 3 DAY AND m.asked_at + INTERVAL 2 HOUR
    QUALIFY row_number() OVER (PARTITION BY m.asked_at ORDER BY f.scheduled_at DESC, f.flight_id) <= 50`);
  const [count] = await db.rows('SELECT count(*) AS n FROM asks');
  return Number(count?.n);
}

/** Flights and their features, offline and from an online store that `open` opens, empty. */
export function testOnlineEqualsOffline(kind: string, open: () => Promise<OnlineStore>): void {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-flights-'));
  let db: Database;

  beforeAll(async () => {
    db = await openDatabase();
    for (const source of sources.values()) {
      const outDir = join(folder, source.name);
      await ingest(source, { outDir });
      await db.run(`CREATE TABLE ${source.name} AS FROM '${join(outDir, 'data.parquet')}'`);
    }
  }, 240_000);
  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  test(`1,000 flights at 20 random cut-offs: ${kind} answers what the point-in-time join says`, async () => {
    expect(await drawFlights(db)).toBe(1000);
    const views = flightDelay.features;
    await joinFeatures(db, {
      events: 'asks',
      rowId: ['flight_id', 'asked_at'],
      time: 'asked_at',
      label: 'late',
      cutoff: { column: 'asked_at', leadUs: 0 },
      views,
      relations,
      into: 'joined',
    });
    const contract = deriveContract(flightDelay, { dataBeginsUs: 0, categories: {} });
    const columns = contract.request.map(({ name, type }) =>
      type === 'instant' ? `epoch_us(${name}) AS ${name}` : name,
    );
    const asked =
      await db.rows(`SELECT epoch_us(asked_at) AS asked_us, flight_id || '|' || asked_at AS row_id, ${columns} FROM asks
      ORDER BY asked_at`);
    const offline = new Map((await db.rows('SELECT * FROM joined')).map((row) => [row.row_id, row]));
    const store = await open();
    const statuses = new Set<string>();
    let atUs = 0;
    for (const { asked_us, row_id, ...fields } of asked) {
      if (Number(asked_us) !== atUs) {
        atUs = Number(asked_us);
        await materialize(db, { views, relations, atUs, store });
      }
      const request = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ) as PredictionRequest;
      const online = await lookUp(contract, request, store);
      expect(online.readAtUs).toBe(atUs);
      const row = offline.get(row_id) as Row;
      // No categories are fitted here, so that every category is unlisted online.
      const cells = online.features.map(({ name, value, status }) => [
        name,
        value,
        typeof value === 'string' ? 'ok' : status,
      ]);
      const expected = cells.map(([name]) => [name, row[`${name}`], featureStatuses[Number(row[`${name}__status`])]]);
      expect(cells, String(row_id)).toEqual(expected);
      for (const [, , status] of cells) statuses.add(String(status));
    }
    expect([...statuses].sort()).toEqual([...featureStatuses].sort());
    store.close();
  }, 240_000);
}
