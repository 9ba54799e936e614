import type { ModelContract } from '@repo/contract/model-contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallerLeft } from '../caller-left.ts';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import { flight, listenTo, storeThat, withServing } from '../fixtures/predict-scene.ts';
import type { PredictiveModel } from '../served-model.ts';

/** Opened once: a thread starts for each of its models. */
let example: PredictiveModel | undefined;
beforeAll(async () => {
  example = await openExample(exampleServing({}));
}, 60_000);
afterAll(() => example?.close());
const open = (serving: Partial<ModelContract['serving']>) => withServing(example as PredictiveModel, serving);

const unknown = { ...flight, dest: 'XXX' };
test('an unknown category is flagged, passed to a level that may know it, or refused, as the policy says', async () => {
  const flagged = (await listenTo(open({ fallback: ['prior'] })).predict(unknown)).prediction;
  expect(flagged).toMatchObject({ fallback_level: 'champion', degraded_reasons: ['unknown_category:dest'] });

  const fallback = open({ fallback: ['previous', 'prior'], unknowns: 'fallback' });
  const knowing = exampleServing({});
  const categories = ['ATL', 'XXX'];
  const features = knowing.features.map((feature) => (feature.name === 'dest' ? { ...feature, categories } : feature));
  const previous = { ...open({}), version: '7', contract: { ...knowing, features } };
  const { predict } = listenTo(fallback);
  expect((await predict(unknown, { previous })).prediction).toMatchObject({
    fallback_level: 'previous',
    degraded_reasons: ['champion:unknown_category'],
  });
  const neither = (await predict({ ...flight, dest: 'YYY' }, { previous })).prediction;
  expect(neither).toMatchObject({
    fallback_level: 'prior',
    degraded_reasons: ['unknown_category:dest', 'champion:unknown_category', 'previous:unknown_category'],
  });
  expect((await predict(flight, { previous })).prediction.fallback_level).toBe('champion');

  const refused = listenTo(open({ fallback: ['prior'], unknowns: 'reject' })).predict(unknown);
  await expect(refused).rejects.toMatchObject({
    code: 'rejected_input',
    message: expect.stringMatching(/^request\.dest: received "XXX"; allowed: ATL, IAH, LAX; /),
  });
});

const strange = { ...flight, seats: 1000 };
test('an outlier is flagged, clamped, passed to a level that does not read the whole row, or refused', async () => {
  const judged = { outlier: { score: 1050.5, p: 0 } };
  const ask = async (outliers: ModelContract['serving']['outliers']) => {
    const predictor = listenTo(open({ fallback: ['previous', 'compact'], outliers }));
    return { answer: predictor.predict(strange), ...predictor };
  };
  const flag = await ask('flag');
  expect((await flag.answer).prediction).toMatchObject({
    ...judged,
    degraded_reasons: ['outlier'],
    fallback_level: 'champion',
  });
  expect(flag.heard('outlier')).toEqual([['flag']]);

  const clamp = (await (await ask('clamp')).answer).prediction;
  expect(clamp).toMatchObject({
    ...judged,
    degraded_reasons: ['clamped:seats', 'outlier'],
    fallback_level: 'champion',
  });
  expect(clamp.features[2]).toEqual({ name: 'seats', value: 400, status: 'ok' });

  const fallback = (await (await ask('fallback')).answer).prediction;
  expect(fallback).toMatchObject({ ...judged, degraded_reasons: ['outlier'], fallback_level: 'compact' });

  const refused = expect.objectContaining({ code: 'rejected_input', message: expect.stringContaining('1050.500') });
  const reject = await ask('reject');
  await expect(reject.answer).rejects.toEqual(refused);
  expect(reject.heard('outlier')).toEqual([['reject']]);
  expect((await reject.predict(flight)).prediction.outlier).toEqual({ score: 52.5, p: 0.737 });
});

test('an outlier that the previous answers is drawn into the range of its own training', async () => {
  const model = open({ fallback: ['previous'], outliers: 'clamp' });
  const broken = { ...model, run: () => Promise.reject(new Error('broken')) };
  const { profile } = model.bundle;
  const features = profile?.features.map((feature) =>
    feature.name === 'seats' && feature.kind === 'number'
      ? { ...feature, range: [0, 90] as [number, number] }
      : feature,
  );
  const narrower = profile && { ...profile, features: features ?? [] };
  const previous = { ...model, version: '7', bundle: { ...model.bundle, profile: narrower } };
  const { prediction } = await listenTo(broken).predict(strange, { previous });
  expect(prediction.features[2]).toEqual({ name: 'seats', value: 90, status: 'ok' });
  expect(prediction.degraded_reasons).toEqual(['clamped:seats', 'outlier', 'champion:inference_failed']);
});

/** The example that refuses outliers, judged by another model. */
function judgedBy(outliers: Partial<PredictiveModel> | null): PredictiveModel {
  const model = open({ outliers: 'reject', timeoutMs: 200 });
  const companions = { compact: null, outliers: outliers && { ...model, ...outliers } };
  return { ...model, bundle: { ...model.bundle, companions } };
}

test('without a judge, or with one that fails, nobody is an outlier', async () => {
  expect((await listenTo(judgedBy(null)).predict(strange)).prediction.outlier).toBeNull();
  const broken = judgedBy({ run: () => Promise.reject(new Error('broken')) });
  expect((await listenTo(broken).predict(strange)).prediction.outlier).toBeNull();
});

test('a judge that does not answer costs a tenth of the time', async () => {
  using time = freezeTime();
  const asked = Promise.withResolvers<void>();
  const hangs: PredictiveModel['run'] = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const answer = listenTo(judgedBy({ run: hangs })).predict(strange);
  await asked.promise;
  time.advance(20);
  expect(await answer).toMatchObject({ tookMs: 20, prediction: { outlier: null, fallback_level: 'champion' } });
});

test('for a caller who left while the row was judged nobody else is asked', async () => {
  const left = judgedBy({ run: () => Promise.reject(new CallerLeft()) });
  await expect(listenTo(left).predict(strange)).rejects.toThrow(CallerLeft);
});

test('a row that lacks what the store knows is not judged', async () => {
  const down = storeThat(() => Promise.reject(new Error('connection refused')));
  const { prediction } = await listenTo(open({ outliers: 'reject' }), down).predict(strange);
  expect(prediction).toMatchObject({ outlier: null, fallback_level: 'champion' });
});
