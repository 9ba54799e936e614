import type { ModelContract } from '@repo/contract/model-contract';
import { ServiceError } from '@repo/contract/service-error';
import type { Found, OnlineStore } from '@repo/features/online-store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CallerLeft } from '../caller-left.ts';
import { exampleGolden, exampleModel, exampleWeights } from '../fixtures/example-bundle.ts';
import { exampleLabelMean, exampleNanModel } from '../fixtures/example-companions.ts';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import type { PredictiveModel } from '../served-model.ts';
import { createPredictor, type PredictorObserver } from './predictor.ts';

const atUs = Date.UTC(2013, 11, 24, 12) * 1000;
const found: Found[] = [
  { atUs, row: { eventUs: atUs, values: [40] } },
  { atUs, row: { eventUs: null, values: [0.5] } },
];
const storeThat = (get: OnlineStore['get']): OnlineStore => ({
  get,
  put: () => Promise.reject(new Error('unused')),
  materializedAt: () => Promise.resolve(null),
  close: () => {},
});
const knows = storeThat(async () => found);
const flight = { scheduled_at: '2013-12-24T14:00:00Z', carrier: 'UA', dest: 'IAH', seats: 2 };
const sigmoid = (raw: number) => 1 / (1 + Math.exp(-raw));
const requestRaw = 0.5 - 0.125 * 9 + 0.25 * 2;
const [whole, compact] = [sigmoid(requestRaw + 0.0625 * 40 + 0.5), sigmoid(requestRaw)];
const full = ['previous', 'compact', 'prior'] as const;

/** Opened once: a thread starts for each. Tests change what is said of them, not what they are. */
let [example, sometimesNan, unbounded]: PredictiveModel[] = [];
beforeAll(async () => {
  const contract = exampleServing({});
  const regression = { ...contract, task: 'regression' } as const;
  const alone = { companions: {} };
  [example, sometimesNan, unbounded] = await Promise.all([
    openExample(contract),
    openExample(contract, { ...alone, onnx: exampleNanModel(contract, exampleWeights) }),
    openExample(contract, { ...alone, onnx: exampleModel(regression), golden: exampleGolden(regression) }),
  ]);
});
afterAll(() => Promise.all([example, sometimesNan, unbounded].map((model) => model?.close())));

const noCompanions = { compact: null, outliers: null };
const serve = (
  model: PredictiveModel | undefined,
  serving: Partial<ModelContract['serving']>,
  changes: Partial<PredictiveModel> = {},
) => {
  const { contract, ...rest } = model as PredictiveModel;
  return { ...rest, contract: { ...contract, serving: { ...contract.serving, ...serving } }, ...changes };
};
const open = (serving: Partial<ModelContract['serving']>, changes: Partial<PredictiveModel> = {}) =>
  serve(example, serving, changes);
const bare = (serving: Partial<ModelContract['serving']>) => {
  const { bundle, ...model } = open(serving);
  return { ...model, bundle: { ...bundle, companions: noCompanions } };
};

function predictorOf(model: PredictiveModel, store = knows, role: 'champion' | 'previous' = 'champion') {
  const observer = {
    guardTripped: vi.fn<PredictorObserver['guardTripped']>(),
    breakerChanged: vi.fn<PredictorObserver['breakerChanged']>(),
    decoded: vi.fn<PredictorObserver['decoded']>(),
    outlier: vi.fn<PredictorObserver['outlier']>(),
    storeRead: vi.fn<PredictorObserver['storeRead']>(),
  };
  return { ...createPredictor({ model, role, store, observer }), observer };
}
const failing = (model: PredictiveModel, error: Error) => {
  const run = vi.fn<PredictiveModel['run']>(() => Promise.reject(error));
  return { ...model, run };
};
const queueFull = () => new ServiceError('queue_full', { path: 'example', received: 'x' });
const lost = () => new ServiceError('worker_lost', { path: 'example', received: 'x' });

test('the champion answers and nothing is degraded', async () => {
  const { prediction, failures } = await predictorOf(open({ fallback: [...full] })).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'champion', degraded_reasons: [], model_version: '1' });
  expect(prediction).toMatchObject({ probability: expect.closeTo(whole, 6), outlier: { score: 52.5, p: 0.737 } });
  expect(failures).toEqual([]);
});

test('a champion that answers NaN is followed by the previous, under its own version and on its own row', async () => {
  const champion = serve(sometimesNan, { fallback: [...full] });
  const previous = open({}, { version: '7' });
  const { predict, observer } = predictorOf(champion);
  const { prediction } = await predict({ ...flight, seats: -1 }, { previous });
  expect(prediction).toMatchObject({ fallback_level: 'previous', model_version: '7', model_digest: previous.digest });
  expect(prediction.degraded_reasons).toEqual(['champion:not_finite']);
  expect(observer.guardTripped.mock.calls).toEqual([['champion', 'not_finite']]);
  expect((await predict(flight, { previous })).prediction.fallback_level).toBe('champion');
});

test('levels that are not there are passed over, each with its reason, down to the mean of the label', async () => {
  const model = bare({ fallback: [...full] });
  const { prediction } = await predictorOf(failing(model, lost())).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'prior', probability: exampleLabelMean, decision: false });
  const reasons = ['champion:worker_lost', 'previous:not_loaded', 'compact:not_loaded'];
  expect(prediction.degraded_reasons).toEqual(reasons);
});

test('the compact model answers on what the request carries, with the features that were found', async () => {
  const model = open({ fallback: ['compact'] });
  const { prediction } = await predictorOf(failing(model, queueFull())).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'compact', probability: expect.closeTo(compact, 6) });
  expect(prediction.degraded_reasons).toEqual(['champion:queue_full']);
  expect(prediction.features).toHaveLength(5);
});

test('when every level of a chain fails it is no_answer, which names why each did', async () => {
  const model = bare({ fallback: ['previous', 'compact'] });
  const busy = { ...failing(model, lost()), retryAfterSeconds: () => 3 };
  const error = await predictorOf(busy)
    .predict(flight)
    .catch((error) => error);
  expect(error).toMatchObject({ code: 'no_answer', retryAfterSeconds: 3, cause: expect.any(AggregateError) });
  expect(error.message).toContain('champion: worker_lost, previous: not_loaded, compact: not_loaded');
});

test('without a chain it is the error of the model itself, however often it comes', async () => {
  const model = failing(open({}), lost());
  const { predict } = predictorOf(model);
  for (let i = 0; i < 25; i++) await expect(predict(flight)).rejects.toMatchObject({ code: 'worker_lost' });
  expect(model.run).toHaveBeenCalledTimes(25);
  await expect(predictorOf(serve(sometimesNan, {})).predict({ ...flight, seats: -1 })).rejects.toMatchObject({
    code: 'output_not_finite',
  });
});

test('a probability outside 0 to 1 is not given', async () => {
  const model = serve(unbounded, { fallback: ['prior'] });
  const { predict, observer } = predictorOf(model);
  expect((await predict(flight)).prediction.degraded_reasons).toEqual(['champion:out_of_range']);
  expect(observer.guardTripped.mock.calls).toEqual([['champion', 'out_of_range']]);
});

test('a level gets half of what is left, is told so, and is given up when that is over', async () => {
  const model = open({ fallback: [...full], timeoutMs: 200 });
  using time = freezeTime();
  const began = performance.now();
  const asked = Promise.withResolvers<number>();
  const run: PredictiveModel['run'] = ({ deadlineMs }) => {
    asked.resolve(deadlineMs - began);
    return new Promise(() => {});
  };
  const answer = predictorOf({ ...model, run }).predict(flight);
  expect(await asked.promise).toBe(100);
  time.advance(100);
  const { prediction, tookMs } = await answer;
  expect(tookMs).toBe(100);
  expect(prediction.degraded_reasons).toEqual(['champion:deadline_exceeded', 'previous:not_loaded']);
  expect(prediction.fallback_level).toBe('compact');
});

test('when no time is left only the prior answers, and nobody else is even asked', async () => {
  const model = open({ fallback: [...full], timeoutMs: 200 });
  using time = freezeTime();
  const stalls = storeThat(async () => {
    time.advance(1000);
    return found;
  });
  const run = vi.fn(model.run);
  const { prediction, tookMs } = await predictorOf({ ...model, run }, stalls).predict(flight);
  expect(tookMs).toBe(1000);
  expect(prediction.fallback_level).toBe('prior');
  expect(prediction.degraded_reasons).toContain('champion:deadline_exceeded');
  expect(run).not.toHaveBeenCalled();
});

test('a level that failed 20 times is not asked for 10 seconds; a full queue counts for nothing', async () => {
  const model = open({ fallback: ['prior'] });
  using time = freezeTime();
  const [broken, full] = [failing(model, lost()), failing(model, queueFull())];
  const { predict, observer } = predictorOf(broken);
  const { predict: predictFull } = predictorOf(full);
  for (let i = 0; i < 25; i++) {
    await predict(flight);
    await predictFull(flight);
  }
  expect(broken.run).toHaveBeenCalledTimes(20);
  expect(full.run).toHaveBeenCalledTimes(25);
  expect((await predict(flight)).prediction.degraded_reasons).toEqual(['champion:breaker_open']);
  time.advance(10_000);
  broken.run.mockImplementation(model.run);
  expect((await predict(flight)).prediction.fallback_level).toBe('champion');
  expect(observer.breakerChanged.mock.calls).toEqual([
    ['champion', true],
    ['champion', false],
  ]);
});

test('for a caller who left nobody else is asked', async () => {
  const model = open({ fallback: ['prior'] });
  await expect(predictorOf(failing(model, new CallerLeft())).predict(flight)).rejects.toThrow(CallerLeft);
});

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
  { what: 'answers text for a moment', get: async () => [{ atUs: 'noon', row: null }, found[1]] as unknown as Found[] },
])('a store that $what leaves its features missing, and the champion answers with masks', async ({ get }) => {
  const { prediction } = await predictorOf(open({}), storeThat(get as OnlineStore['get'])).predict(flight);
  expect(prediction).toMatchObject({
    fallback_level: 'champion',
    probability: expect.closeTo(compact, 6),
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
  const { predict, observer } = predictorOf(model, storeThat(get));
  for (let i = 0; i < 20; i++) {
    const answer = predict(flight);
    time.advance(60);
    expect((await answer).tookMs).toBe(60);
  }
  const { prediction, tookMs } = await predict(flight);
  expect(tookMs).toBe(0);
  expect(prediction.fallback_level).toBe('compact');
  expect(get).toHaveBeenCalledTimes(20);
  expect(observer.breakerChanged.mock.calls).toEqual([['online_store', true]]);
  expect(observer.storeRead).toHaveBeenCalledTimes(20);
  expect(observer.storeRead).toHaveBeenLastCalledWith(0.06, expect.objectContaining({ code: 'deadline_exceeded' }));
});

const unknown = { ...flight, dest: 'XXX' };
test('an unknown category is flagged, passed to a level that may know it, or refused, as the policy says', async () => {
  const flagged = (await predictorOf(open({ fallback: ['prior'] })).predict(unknown)).prediction;
  expect(flagged).toMatchObject({ fallback_level: 'champion', degraded_reasons: ['unknown_category:dest'] });

  const fallback = open({ fallback: ['previous', 'prior'], unknowns: 'fallback' });
  const knowing = exampleServing({});
  const categories = ['ATL', 'XXX'];
  const features = knowing.features.map((feature) => (feature.name === 'dest' ? { ...feature, categories } : feature));
  const previous = { ...open({}, { version: '7' }), contract: { ...knowing, features } };
  const { predict } = predictorOf(fallback);
  expect((await predict(unknown, { previous })).prediction).toMatchObject({
    fallback_level: 'previous',
    degraded_reasons: [],
  });
  const neither = (await predict({ ...flight, dest: 'YYY' }, { previous })).prediction;
  expect(neither).toMatchObject({
    fallback_level: 'prior',
    degraded_reasons: ['unknown_category:dest', 'previous:unknown_category'],
  });
  expect((await predict(flight, { previous })).prediction.fallback_level).toBe('champion');

  const refused = predictorOf(open({ fallback: ['prior'], unknowns: 'reject' })).predict(unknown);
  await expect(refused).rejects.toMatchObject({
    code: 'rejected_input',
    message: expect.stringMatching(/^request\.dest: received "XXX"; allowed: ATL, IAH, LAX; /),
  });
});

const strange = { ...flight, seats: 1000 };
test('an outlier is flagged, clamped, passed to a level that does not read the whole row, or refused', async () => {
  const judged = { outlier: { score: 1050.5, p: 0 } };
  const ask = async (outliers: ModelContract['serving']['outliers']) => {
    const predictor = predictorOf(open({ fallback: ['previous', 'compact'], outliers }));
    return { answer: predictor.predict(strange), ...predictor };
  };
  const flag = await ask('flag');
  expect((await flag.answer).prediction).toMatchObject({
    ...judged,
    degraded_reasons: ['outlier'],
    fallback_level: 'champion',
  });
  expect(flag.observer.outlier.mock.calls).toEqual([['flag']]);

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
  expect(reject.observer.outlier.mock.calls).toEqual([['reject']]);
  expect((await reject.predict(flight)).prediction.outlier).toEqual({ score: 52.5, p: 0.737 });
});

test('without a judge nobody is an outlier: no model of outliers, or one that fails or hangs', async () => {
  expect((await predictorOf(bare({ outliers: 'reject' })).predict(strange)).prediction.outlier).toBeNull();

  const model = open({ outliers: 'reject', timeoutMs: 200 });
  const judgedBy = (outliers: PredictiveModel | null): PredictiveModel => ({
    ...model,
    bundle: { ...model.bundle, companions: { compact: null, outliers } },
  });
  const broken = judgedBy(failing(model, lost()));
  expect((await predictorOf(broken).predict(strange)).prediction.outlier).toBeNull();

  using time = freezeTime();
  const asked = Promise.withResolvers<void>();
  const hangs: PredictiveModel['run'] = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const answer = predictorOf(judgedBy({ ...model, run: hangs })).predict(strange);
  await asked.promise;
  time.advance(20);
  expect(await answer).toMatchObject({ tookMs: 20, prediction: { outlier: null, fallback_level: 'champion' } });
});

test('when the champion could not be loaded its previous answers as such', async () => {
  const previous = open({ fallback: [...full] }, { version: '7' });
  const { prediction } = await predictorOf(previous, knows, 'previous').predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'previous', model_version: '7' });
  expect(prediction.degraded_reasons).toEqual(['champion:not_loaded']);
});
