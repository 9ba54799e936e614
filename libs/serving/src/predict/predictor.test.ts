import type { ModelContract } from '@repo/contract/model-contract';
import { ServiceError } from '@repo/contract/service-error';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CallerLeft } from '../caller-left.ts';
import { exampleGolden, exampleModel, exampleWeights } from '../fixtures/example-bundle.ts';
import { exampleLabelMean, exampleNanModel } from '../fixtures/example-companions.ts';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { exampleServing, openExample } from '../fixtures/open-example.ts';
import { flight, found, listenTo, storeThat, withServing } from '../fixtures/predict-scene.ts';
import type { Job } from '../job.ts';
import type { PredictiveModel } from '../served-model.ts';

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
}, 60_000);
afterAll(() => Promise.all([example, sometimesNan, unbounded].map((model) => model?.close())));

const serve = (model: PredictiveModel | undefined, serving: Partial<ModelContract['serving']>) =>
  withServing(model as PredictiveModel, serving);
const open = (serving: Partial<ModelContract['serving']>, changes: Partial<PredictiveModel> = {}) =>
  ({ ...serve(example, serving), ...changes }) as PredictiveModel;
const bare = (serving: Partial<ModelContract['serving']>) => {
  const { bundle, ...model } = open(serving);
  return { ...model, bundle: { ...bundle, companions: { compact: null, outliers: null } } };
};
const failing = (model: PredictiveModel, error: Error) => {
  const run = vi.fn<PredictiveModel['run']>(() => Promise.reject(error));
  return { ...model, run };
};
const rowJob = (): Job => ({
  inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 5], data: new Float32Array(5) }],
  outputs: ['probability'],
  deadlineMs: performance.now() + 10_000,
});
const queueFull = () => new ServiceError('queue_full', { path: 'example', received: 'x' });
const lost = () => new ServiceError('worker_lost', { path: 'example', received: 'x' });

test('the champion answers and nothing is degraded', async () => {
  const { prediction, failures } = await listenTo(open({ fallback: [...full] })).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'champion', degraded_reasons: [], model_version: '1' });
  expect(prediction).toMatchObject({ probability: expect.closeTo(whole, 6), outlier: { score: 52.5, p: 0.737 } });
  expect(failures).toEqual([]);
});

test('a champion that answers NaN is followed by the previous, under its own version and on its own row', async () => {
  const champion = serve(sometimesNan, { fallback: [...full] });
  const previous = open({}, { version: '7' });
  const { predict, heard } = listenTo(champion);
  const { prediction } = await predict({ ...flight, seats: -1 }, { previous });
  expect(prediction).toMatchObject({ fallback_level: 'previous', model_version: '7', model_digest: previous.digest });
  expect(prediction.degraded_reasons).toEqual(['champion:not_finite']);
  expect(heard('guardTripped')).toEqual([['champion', 'not_finite']]);
  expect((await predict(flight, { previous })).prediction.fallback_level).toBe('champion');
});

test('levels that are not there are passed over, each with its reason, down to the mean of the label', async () => {
  const model = bare({ fallback: [...full] });
  const { prediction } = await listenTo(failing(model, lost())).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'prior', probability: exampleLabelMean, decision: false });
  const reasons = ['champion:worker_lost', 'previous:not_loaded', 'compact:not_loaded'];
  expect(prediction.degraded_reasons).toEqual(reasons);
});

test('the compact model answers on what the request carries, with the features that were found', async () => {
  const model = open({ fallback: ['compact'] });
  const { prediction } = await listenTo(failing(model, queueFull())).predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'compact', probability: expect.closeTo(compact, 6) });
  expect(prediction.degraded_reasons).toEqual(['champion:queue_full']);
  expect(prediction.features).toHaveLength(5);
});

test('when every level of a chain fails it is no_answer, which names why each did', async () => {
  const model = bare({ fallback: ['previous', 'compact'] });
  const busy = { ...failing(model, lost()), retryAfterSeconds: () => 3 };
  const error = await listenTo(busy)
    .predict(flight)
    .catch((error) => error);
  expect(error).toMatchObject({ code: 'no_answer', retryAfterSeconds: 3, cause: expect.any(AggregateError) });
  expect(error.message).toContain('champion: worker_lost, previous: not_loaded, compact: not_loaded');
});

test('without a chain it is the error of the model itself, however often it comes', async () => {
  const model = failing(open({}), lost());
  const { predict } = listenTo(model);
  for (let i = 0; i < 25; i++) await expect(predict(flight)).rejects.toMatchObject({ code: 'worker_lost' });
  expect(model.run).toHaveBeenCalledTimes(25);
  await expect(listenTo(serve(sometimesNan, {})).predict({ ...flight, seats: -1 })).rejects.toMatchObject({
    code: 'output_not_finite',
  });
});

test('a probability outside 0 to 1 is not given', async () => {
  const model = serve(unbounded, { fallback: ['prior'] });
  const { predict, heard } = listenTo(model);
  expect((await predict(flight)).prediction.degraded_reasons).toEqual(['champion:out_of_range']);
  expect(heard('guardTripped')).toEqual([['champion', 'out_of_range']]);
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
  const answer = listenTo({ ...model, run }).predict(flight);
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
  const { prediction, tookMs } = await listenTo({ ...model, run }, stalls).predict(flight);
  expect(tookMs).toBe(1000);
  expect(prediction.fallback_level).toBe('prior');
  expect(prediction.degraded_reasons).toContain('champion:deadline_exceeded');
  expect(run).not.toHaveBeenCalled();
});

test('levels that a stall left no time to ask have not failed, however many requests it met', async () => {
  const model = open({ fallback: [...full], timeoutMs: 200 });
  using time = freezeTime();
  const { predict, heard } = listenTo(
    model,
    storeThat(() => new Promise(() => {})),
  );
  const answers = Array.from({ length: 25 }, () => predict(flight));
  time.advance(1000);
  for (const { prediction } of await Promise.all(answers)) expect(prediction.fallback_level).toBe('prior');
  expect(heard('breakerChanged')).toEqual([['online_store', true]]);
});

test('a level that failed 20 times is not asked for 10 seconds; a full queue counts for nothing', async () => {
  const model = open({ fallback: ['prior'] });
  using time = freezeTime();
  const [broken, full] = [failing(model, lost()), failing(model, queueFull())];
  const { predict, heard } = listenTo(broken);
  const { predict: predictFull } = listenTo(full);
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
  expect(heard('breakerChanged')).toEqual([
    ['champion', true],
    ['champion', false],
  ]);
});

test('a caller who provokes NaN at the edge of float range takes the champion from nobody', async () => {
  using _ = freezeTime();
  const { predict, heard } = listenTo(serve(sometimesNan, { fallback: ['prior'] }));
  for (const seats of [-1, -(2 ** 53 - 1)]) {
    for (let i = 0; i < 30; i++) {
      const { prediction } = await predict({ ...flight, seats });
      expect(prediction.degraded_reasons).toEqual(['champion:not_finite']);
    }
  }
  expect((await predict(flight)).prediction.fallback_level).toBe('champion');
  expect(heard('breakerChanged')).toEqual([]);
});

test('a champion that answers NaN to ordinary rows is not asked any more', async () => {
  using _ = freezeTime();
  const { outputs, times } = await open({}).run(rowJob());
  const nan = outputs.map((output) => ({ ...output, data: Float32Array.of(Number.NaN) }));
  const run = vi.fn<PredictiveModel['run']>(async () => ({ outputs: nan, times }));
  const { predict } = listenTo(open({ fallback: ['prior'] }, { run }));
  for (let i = 0; i < 25; i++) expect((await predict(flight)).prediction.fallback_level).toBe('prior');
  expect(run).toHaveBeenCalledTimes(20);
});

test('for a caller who left nobody else is asked, and it speaks against nobody', async () => {
  const model = failing(open({ fallback: ['prior'] }), new CallerLeft());
  const { predict, heard } = listenTo(model);
  for (let i = 0; i < 25; i++) await expect(predict(flight)).rejects.toThrow(CallerLeft);
  expect(model.run).toHaveBeenCalledTimes(25);
  expect(heard('breakerChanged')).toEqual([]);
});

test('the same answer to 200 rows that differ is given, and told', async () => {
  const { outputs, times } = await open({}).run(rowJob());
  const { predict, heard } = listenTo(open({}, { run: async () => ({ outputs, times }) }));
  for (let seats = 0; seats < 199; seats++) await predict({ ...flight, seats });
  expect(heard('guardTripped')).toEqual([]);
  expect((await predict({ ...flight, seats: 199 })).prediction.fallback_level).toBe('champion');
  expect(heard('guardTripped')).toEqual([['champion', 'constant']]);
});

test('when the champion could not be loaded its previous answers as such', async () => {
  const previous = open({ fallback: [...full] }, { version: '7' });
  const { prediction } = await listenTo(previous, undefined, 'previous').predict(flight);
  expect(prediction).toMatchObject({ fallback_level: 'previous', model_version: '7' });
  expect(prediction.degraded_reasons).toEqual(['champion:not_loaded']);
});
