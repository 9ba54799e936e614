import { beforeAll, expect, test } from 'vitest';
import { loggedGolden } from './fixtures/logged-golden.ts';
import { type ScoredPrediction, scoreAgain } from './score-again.ts';

let golden: Awaited<ReturnType<typeof loggedGolden>>;
beforeAll(async () => {
  golden = await loggedGolden();
});

const changed = (by: (prediction: ScoredPrediction) => Partial<ScoredPrediction>) =>
  scoreAgain(
    golden.bundle,
    golden.predictions.map((one, i) => (i === 3 ? { ...one, ...by(one) } : one)),
  );

test('what the bundle itself answered agrees', async () => {
  const agreement = await scoreAgain(golden.bundle, golden.predictions);
  expect(agreement).toMatchObject({ compared: 50, disagreed: 0 });
  expect(agreement.largest).toBeLessThan(1e-5);
});

test('an answer that the bundle does not give is found, however near it is', async () => {
  const agreement = await changed(({ answer }) => ({ answer: (answer as number) + 0.001 }));
  expect(agreement).toMatchObject({ compared: 50, disagreed: 1 });
  expect(agreement.largest).toBeCloseTo(0.001, 5);
});

test.each([
  ['no answer', () => ({ answer: null })],
  ['a feature less', ({ features }: ScoredPrediction) => ({ features: features.slice(1) })],
  [
    'a feature that the model does not take',
    ({ features }: ScoredPrediction) => ({
      features: features.map((one, i) => (i === 0 ? { ...one, name: 'x' } : one)),
    }),
  ],
])('a prediction with %s disagrees', async (_, by) => {
  expect(await changed(by)).toMatchObject({ compared: 50, disagreed: 1 });
});

test('values that are exchanged between two features are found', async () => {
  const agreement = await scoreAgain(
    golden.bundle,
    golden.predictions.map(({ features, ...rest }) => {
      const numbers = features.flatMap(({ value }, i) => (typeof value === 'number' ? [i] : []));
      const [a = 0, b = 0] = numbers;
      const swapped = features.map((one, i) => ({
        ...one,
        value: features[i === a ? b : i === b ? a : i]?.value ?? null,
      }));
      return { ...rest, features: swapped };
    }),
  );
  expect(agreement.disagreed).toBeGreaterThan(10);
});
