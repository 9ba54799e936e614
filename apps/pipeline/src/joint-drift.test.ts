import type { Profile } from '@repo/contract/profile';
import { openDatabase } from '@repo/datasets/database';
import { plantedDays } from '@repo/monitoring/fixtures/planted-world';
import { expect, test } from 'vitest';
import { findJointDrift } from './monitor/joint-drift.ts';

const dayUs = 86_400e6;
const days = 35;
const profile: Profile = {
  ...{ schemaVersion: 1, rows: 1, labelMean: 0, answers: { edges: [], counts: [1] }, outliers: null },
  features: ['heat', 'wind'].map((name) => ({
    ...{ kind: 'number', name, missing: 0, edges: [], counts: [1], range: null },
  })),
};
const windows = plantedDays(1, days);

/** Answers a day: of two weeks there are more than are looked at. */
const perDay = 160;

/**
 * What is found after so many days, of which those before `fromDay` were colder, where the view reaches back to `openedDay` and the rows of the log
 * lie in that order. Each day one caller asks the same question all day long, and it is replayed, so that nothing but `time` tells its answers apart.
 */
async function found(fromDay: number, openedDay: number, order: 'ASC' | 'DESC' = 'ASC') {
  const database = await openDatabase({ threads: 1 });
  try {
    await database.run(`CREATE TABLE served AS
      SELECT 'log' AS filename, ${order === 'ASC' ? '' : '-'}i AS file_row_number, make_timestamp(i) AS time, (i // ${perDay}) * ${dayUs} AS at_us,
        '[{"value":' || (CASE WHEN i < ${perDay * fromDay} THEN -9 ELSE hash(i) % 1000 / 100 END) || '},{"value":' || (hash(i, 1) % 100) || '}]' AS features
      FROM range(${perDay * days}) t(i) ORDER BY i ${order}`);
    await database.run(`CREATE VIEW outcomes AS SELECT hash(filename, file_row_number) AS place, 'always-the-same' AS id, '1' AS version, at_us,
        at_us AS key, time FROM served WHERE at_us >= ${openedDay * dayUs}`);
    const profiles = new Map([['1', profile]]);
    return await findJointDrift(database, { relation: 'served', windows, profiles, endUs: days * dayUs });
  } finally {
    database.close();
  }
}

test('the last week is compared with the two before it, however much more of the log is looked at', async () => {
  const [quiet] = await found(14, 14);
  expect(quiet).toMatchObject({ name: 'jointDrift', outcome: 'ok', value: expect.any(Number) });
  expect(await found(14, 0)).toEqual([quiet]);
  expect(await found(14, 14, 'DESC')).toEqual([quiet]);
  expect(await found(28, 14)).toMatchObject([{ outcome: 'page', reason: expect.stringContaining('heat') }]);
});
