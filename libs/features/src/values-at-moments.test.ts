import { openDatabase } from '@repo/datasets/database';
import { expect, test } from 'vitest';
import { materialize } from './materialize.ts';
import { viewKey } from './online-store.ts';
import { beginUs, loadSample, minuteUs, type Reading, sampleJoin, sampleViews } from './sample-history.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { valuesAtMoments } from './values-at-moments.ts';

const at = (minutes: number): number => beginUs + minutes * minuteUs;
const row = { unit: 1, on: true, since: 1 };
const reading = (site: string, event: number, known: number, x: number): Reading => ({ ...row, site, event, known, x });
const history = [
  reading('a', 2, 2, 4),
  reading('a', 3, 9, 8),
  reading('b', 5, 6, 1),
  reading('a', 8, 8, 2),
  reading('b', 11, 11, 7),
  reading('a', 10, 14, 3),
];

test('a store that takes the changes of many moments in order holds at each what a materialization would store', async () => {
  const db = await openDatabase();
  await loadSample(db, history, []);
  const moving = openSqliteStore(':memory:');
  const { views, relations } = sampleJoin;
  await materialize(db, { views, relations, atUs: at(2), store: moving });
  const moments = [4, 6, 7, 9, 10, 13, 14, 20].map(at);
  const keys = sampleViews
    .filter(({ spec }) => spec.kind !== 'request')
    .flatMap((view) =>
      ['a', 'b'].map((site) => ({
        view: viewKey(view),
        entity: view.spec.kind !== 'request' && view.spec.entity.length === 2 ? [site, 1] : [site],
      })),
    );
  const changes = await valuesAtMoments(db, { views, relations, moments, sinceUs: at(2) });
  for (const [atUs, { whole, changed }] of changes) {
    await moving.put(whole);
    await moving.refresh(changed);
    const fresh = openSqliteStore(':memory:');
    await materialize(db, { views, relations, atUs, store: fresh });
    const rowsOf = async (store: typeof fresh) =>
      (await store.get(keys)).map(({ row: found }) =>
        found === null || found.values.every((value) => value === null || value === 0)
          ? null
          : { eventUs: found.eventUs, values: found.values },
      );
    expect({ atUs, rows: await rowsOf(moving) }).toEqual({ atUs, rows: await rowsOf(fresh) });
    fresh.close();
  }
  moving.close();
  db.close();
});

test('no moment asks for nothing', async () => {
  const db = await openDatabase();
  expect(await valuesAtMoments(db, { ...sampleJoin, moments: [], sinceUs: 0 })).toEqual(new Map());
  db.close();
});
