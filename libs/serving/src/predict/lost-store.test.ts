import type { ModelContract } from '@repo/contract/model-contract';
import type { Found, OnlineStore } from '@repo/features/online-store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import { flight, found, listenTo, storeThat, withServing } from '../fixtures/predict-scene.ts';
import type { PredictiveModel } from '../served-model.ts';

/** Opened once: a thread starts for each of its models. */
let example: PredictiveModel | undefined;
beforeAll(async () => {
  example = await openExample(exampleServing({}));
}, 60_000);
afterAll(() => example?.close());
const open = (serving: Partial<ModelContract['serving']>) => withServing(example as PredictiveModel, serving);

const atUs = found[0]?.atUs ?? null;
const masked = 1 / (1 + Math.exp(-(0.5 - 0.125 * 9 + 0.25 * 2)));

test.each([
  { what: 'rejects', get: () => Promise.reject(new Error('connection refused')) },
  {
    what: 'throws',
    get: () => {
      throw new Error('closed');
    },
  },
  { what: 'answers too few', get: async () => found.slice(1) },
  { what: 'answers no array', get: async () => ({}) as Found[] },
  { what: 'answers rows without values', get: async () => [{ atUs, row: {} }, found[1]] as Found[] },
  {
    what: 'answers text for a number',
    get: async () => [{ atUs, row: { eventUs: atUs, values: ['40'] } }, found[1]] as unknown as Found[],
  },
  {
    what: 'answers text for the time of an event',
    get: async () => [{ atUs, row: { eventUs: 'noon', values: [40] } }, found[1]] as unknown as Found[],
  },
  { what: 'answers text for a moment', get: async () => [{ atUs: 'noon', row: null }, found[1]] as unknown as Found[] },
])('a store that $what leaves its features missing, and the champion answers with masks', async ({ get }) => {
  const { prediction } = await listenTo(open({}), storeThat(get as OnlineStore['get'])).predict(flight);
  expect(prediction).toMatchObject({
    fallback_level: 'champion',
    probability: expect.closeTo(masked, 6),
    outlier: null,
  });
  expect(prediction.degraded_reasons).toEqual([
    'online_store_unavailable',
    'missing:carrier_temp',
    'missing:carrier_delay',
  ]);
});

test('a store that does not answer costs 30 % of the budget, and after 20 times nothing', async () => {
  const model = open({ fallback: ['compact', 'prior'], timeoutMs: 200 });
  using time = freezeTime();
  const get = vi.fn(() => new Promise<Found[]>(() => {}));
  const { predict, heard } = listenTo(model, storeThat(get));
  for (let i = 0; i < 20; i++) {
    const answer = predict(flight);
    time.advance(60);
    expect((await answer).tookMs).toBe(60);
  }
  const { prediction, tookMs } = await predict(flight);
  expect(tookMs).toBe(0);
  expect(prediction.fallback_level).toBe('compact');
  expect(get).toHaveBeenCalledTimes(20);
  expect(heard('breakerChanged')).toEqual([['online_store', true]]);
  const reads = heard('storeRead');
  expect(reads).toHaveLength(20);
  expect(reads.at(-1)).toEqual([0.06, expect.objectContaining({ code: 'deadline_exceeded' })]);
});
