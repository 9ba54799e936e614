import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '@repo/datasets/database';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';

/** From one copy of the year to the next: 53 weeks, so that weekdays stay and no two copies meet. */
const copyDays = 371;

/** Files that {@link growData} makes in a workspace. */
export const grown = { batches: 'batches', release: 'models/flight-delay/release' } as const;

/** The hour of a flight in the copy before: the same on the clocks of New York, which a timetable goes by, whenever summer began that year. */
const earlierHour = (copy: number): string =>
  `timezone('UTC', timezone('America/New_York', timezone('America/New_York', timezone('UTC', time_hour)) - INTERVAL ${copyDays * copy} DAY))`;

async function growFlights(database: Database, root: string, copies: number): Promise<void> {
  const raw = join(root, 'features/flights/data/flights-2013.parquet');
  await database.run(`CREATE TABLE flights AS FROM read_parquet('${raw}')`);
  mkdirSync(join(root, grown.batches));
  for (let copy = 0; copy < copies; copy++) {
    const path = join(root, grown.batches, `flights-${String(copy).padStart(3, '0')}.parquet`);
    await database.run(
      `COPY (SELECT * REPLACE (${earlierHour(copy)} AS time_hour) FROM flights) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  // What is declared is a week; all else comes in batches.
  await database.run(`COPY (FROM flights WHERE month = 1 AND day <= 7) TO '${raw}' (FORMAT parquet)`);
}

async function growWeather(database: Database, root: string, copies: number): Promise<void> {
  const raw = join(root, 'features/weather/data/weather-2013.parquet');
  await database.run(`CREATE TABLE weather AS FROM read_parquet('${raw}')`);
  await database.run(
    `COPY (SELECT weather.* REPLACE (time_hour - to_days(CAST(${copyDays} * copy AS INTEGER)) AS time_hour)
      FROM weather, range(${copies}) t(copy)) TO '${raw}' (FORMAT parquet, COMPRESSION zstd)`,
  );
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** A champion like the one that is committed, but for when the data begins. */
async function moveChampion(root: string, copies: number): Promise<void> {
  const champion = join(root, 'models/flight-delay/champion.json');
  const { version } = JSON.parse(readFileSync(champion, 'utf8'));
  const folder = join(root, grown.release, String(version));
  edit(join(folder, 'contract.json'), (text) =>
    text.replace(/"dataBeginsUs":(\d+)/, (_, us) => `"dataBeginsUs":${Number(us) - copyDays * copies * 86_400e6}`),
  );
  const { digest } = await writeBundleManifest(folder, 'flight-delay');
  writeFileSync(champion, JSON.stringify({ version, digest }));
}

/**
 * Makes so many copies of the year of a workspace, one before the other: flights as a folder of batches, a year each, weather as a raw file. Keys stay
 * unique and the statistics of each copy those of 2013; rules about the number of rows are widened.
 */
export async function growData(root: string, copies: number): Promise<void> {
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    await growFlights(database, root, copies);
    await growWeather(database, root, copies);
  } finally {
    database.close();
  }
  edit(join(root, 'features/flights/flights.ts'), (text) =>
    text.replace(/min: 300_000, max: 400_000/, 'min: 1, max: 1e9'),
  );
  edit(join(root, 'features/weather/weather.ts'), (text) =>
    text.replace(/min: 25_000,\n\s*max: 26_352/, 'min: 1, max: 1e9'),
  );
  await moveChampion(root, copies);
}
