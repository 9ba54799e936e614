import { digestOf } from '@repo/contract/canonical-json';
import { parseInstant } from '@repo/contract/instant';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExampleLake, type ExampleLake, jsonLines, type RawRide, ride } from './fixtures/example-lake.ts';

const nowUs = parseInstant('2024-03-02T00:00:00Z', 'now');

let example: ExampleLake;
beforeAll(async () => {
  example = await createExampleLake();
});
afterAll(() => example.remove());

/** What was known of four rides, among them that of the raw file, at different minutes: no two rows of one ride at the same. */
const knowledge = fc.uniqueArray(
  fc.record({
    key: fc.integer({ min: 0, max: 3 }),
    minute: fc.integer({ min: 0, max: 59 }),
    fare: fc.integer({ min: 0, max: 99 }),
  }),
  { minLength: 1, maxLength: 8, selector: ({ key, minute }) => key * 60 + minute },
);

const rowOf = ({ key, minute, fare }: { key: number; minute: number; fare: number }): RawRide =>
  ride(`r${key}`, { fare, observed_at: `2024-03-01T09:${String(minute).padStart(2, '0')}:00Z` });

/** What the rows should come to, said without a database: per ride the fare known last. */
function expected(rows: readonly { key: number; minute: number; fare: number }[]): string[] {
  const newest = new Map([[0, 'r0 north 07:00 07:30 10.0']]);
  for (const { key, fare } of rows.toSorted((a, b) => a.minute - b.minute))
    newest.set(key, `r${key} north 08:00 08:20 ${fare}.0`);
  return [...newest].sort(([a], [b]) => a - b).map(([, row]) => row);
}

test('whatever the order of the batches, their sizes and how often they are joined, the table is the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      knowledge,
      fc.infiniteStream(fc.integer({ min: 1, max: 3 })),
      fc.constantFrom(2, 3, 64),
      fc.boolean(),
      async (rows, sizes, compactEvery, joined) => {
        const stateUrl = `file:${example.folder}/${crypto.randomUUID()}`;
        const lake = example.open({ stateUrl, compactEvery });
        const left = rows.map(rowOf);
        while (left.length > 0) await lake.append(jsonLines(left.splice(0, sizes.next().value ?? 1)), nowUs);
        if (joined) await lake.compact();
        const table = await example.table(lake);
        // Nothing was lost on the way: what was known at any moment is still known.
        const half = parseInstant('2024-03-01T09:29:59Z', 'half');
        const early = await example.table(lake, half);
        const again = await lake.append(jsonLines(rows.slice(0, 1).map(rowOf)), nowUs);
        await lake.close();
        expect(digestOf(table)).toBe(digestOf(expected(rows)));
        expect(early).toEqual(expected(rows.filter(({ minute }) => minute < 30)));
        return again.batch !== null;
      },
    ),
    { numRuns: 5 },
  );
});

test('no joined file grows beyond its limit, and what is half as large is never written again', async () => {
  const lake = example.open({
    ...{ stateUrl: `file:${example.folder}/limited`, compactEvery: 2, mostInPart: { bytes: 2 ** 30, rows: 5 } },
  });
  let id = 0;
  for (const size of [1, 1, 1, 1, 3, 7, 1, 1])
    await lake.append(jsonLines(Array.from({ length: size }, () => ride(`l${id++}`))), nowUs);
  const { snapshot } = (await lake.head()) ?? {};
  const parts = snapshot?.parts.map(({ rows, numbers }) => [rows, ...numbers]);
  // The batch of seven is larger than a joined file may be, and stands alone.
  expect(parts).toEqual([
    [4, 1, 5],
    [3, 7, 7],
    [7, 8, 8],
    [2, 10, 11],
  ]);
  expect(await example.table(lake)).toHaveLength(1 + id);
  await lake.close();
});

test('batches are joined by levels, and the lake still knows each of them', async () => {
  const lake = example.open({ compactEvery: 2 });
  for (let i = 0; i < 9; i++) await lake.append(jsonLines([ride(`r${i}`)]), nowUs);
  const { snapshot } = (await lake.head()) ?? {};
  expect(snapshot?.parts.map(({ level, rows, batches }) => [level, rows, batches.count])).toEqual([[3, 8, 8]]);
  expect(snapshot?.batches.map(({ rows }) => rows)).toEqual([1]);
  const again = example.open({ compactEvery: 2 });
  for (let i = 0; i < 9; i++)
    expect(await again.append(jsonLines([ride(`r${i}`)]), nowUs)).toMatchObject({ outcome: 'duplicate' });
  expect((await again.head())?.snapshot.number).toBe(snapshot?.number);
  expect(await example.table(again)).toHaveLength(9);
  await lake.close();
  await again.close();
});
