import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import { flight, found, storeThat } from '../fixtures/predict-scene.ts';
import type { PredictiveModel } from '../served-model.ts';
import { createShadow, type ShadowWork } from './shadow.ts';

let model: PredictiveModel;
beforeAll(async () => {
  model = await openExample(exampleServing({ fallback: ['compact', 'prior'] }));
});
afterAll(() => model.close());

type Outcome = Parameters<ShadowWork['done']>[0];

/** A shadow over a store that knows everything, and what became of the work that it was offered. */
function createScene(options: { maxWaiting?: number; maxWaitMs?: number } = {}, shadow: PredictiveModel = model) {
  const outcomes: Outcome[] = [];
  const made = createShadow({ store: storeThat(async () => found), ...options });
  const offer = (body: unknown = flight) => made.offer({ shadow, body, done: (outcome) => outcomes.push(outcome) });
  return { ...made, offer, outcomes };
}

test('what is offered is scored once nothing is under way', async () => {
  const { offer, outcomes } = createScene();
  offer();
  expect(outcomes).toEqual([]);
  await expect.poll(() => outcomes).toEqual([{ prediction: expect.objectContaining({ fallback_level: 'champion' }) }]);
});

test('nothing begins while a request is under way, and then everything', async () => {
  const { begin, offer, outcomes } = createScene();
  const ends = [begin(), begin()];
  for (let i = 0; i < 3; i++) offer();
  ends[0]?.();
  await wait(50);
  expect(outcomes).toEqual([]);
  ends[1]?.();
  await expect.poll(() => outcomes.length).toBe(3);
});

test('under load the shadow is what is dropped: what does not fit at once, what waited too long later', async () => {
  const { begin, offer, outcomes } = createScene({ maxWaiting: 2, maxWaitMs: 20 });
  const end = begin();
  for (let i = 0; i < 5; i++) offer();
  expect(outcomes).toEqual([null, null, null]);
  await wait(40);
  end();
  await expect.poll(() => outcomes).toEqual([null, null, null, null, null]);
});

test('a failure is told, no stand-in answers for it, and the next is scored', async () => {
  const broken = { ...model, run: () => Promise.reject(new Error('broken')) };
  const failing = createScene({}, broken);
  failing.offer();
  await expect.poll(() => failing.outcomes).toEqual([{ failure: expect.any(Error) }]);
  const { offer, outcomes } = createScene();
  offer({ nonsense: true });
  offer();
  await expect.poll(() => outcomes).toEqual([{ failure: expect.any(Error) }, { prediction: expect.anything() }]);
});

test('closing drops what waits, waits for what runs, and takes nothing more', async () => {
  const { begin, offer, close, outcomes } = createScene();
  const end = begin();
  offer();
  await close();
  offer();
  end();
  await wait(20);
  expect(outcomes).toEqual([null, null]);
});
