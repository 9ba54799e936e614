import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { type ChampionPolicy, judgeChampion } from './judge-champion.ts';

const policy: ChampionPolicy = { task: 'binary', metric: 'logLoss', margin: 0.005 };
const probability = (x: number) => 1 / (1 + Math.exp(-x));

/** 60 days of rows: a day is easy or hard as a whole, and every model is told the same about it. */
function world(seed: number, rowsPerDay = 40) {
  const random = createRandom(seed);
  const count = 60 * rowsPerDay;
  const days = Int32Array.from({ length: count }, (_, row) => Math.floor(row / rowsPerDay));
  const moods = Float64Array.from({ length: 60 }, () => 0.6 * random.normal());
  const logOdds = Float64Array.from(days, () => -1 + 1.2 * random.normal());
  const labels = Float64Array.from(days, (day, row) =>
    Number(random.next() < probability((logOdds[row] as number) + (moods[day] as number))),
  );
  /** Answers of a model that sees the log-odds with so much noise. */
  const model = (noise: number) => Float64Array.from(logOdds, (x) => probability(0.9 * x + noise * random.normal()));
  return { labels, days, model };
}

test('the same answers differ by nothing, and pass', () => {
  const { labels, days, model } = world(1);
  const answers = model(0);
  expect(judgeChampion(labels, answers, answers, days, policy)).toMatchObject({
    outcome: 'pass',
    gain: { estimate: 0, lower: 0, upper: 0, margin: 0.005 },
  });
});

test('the gain is positive for the better one, whichever side of the metric is good', () => {
  const { labels, days, model } = world(2);
  const [good, bad] = [model(0), model(0.8)];
  for (const metric of ['logLoss', 'auc', 'prAuc', 'brier'] as const) {
    const better = judgeChampion(labels, good, bad, days, { ...policy, metric });
    const worse = judgeChampion(labels, bad, good, days, { ...policy, metric });
    expect(better.gain.lower).toBeGreaterThan(0);
    expect(worse.gain.estimate).toBeCloseTo(-better.gain.estimate, 12);
    expect(worse.candidate).toBeCloseTo(better.champion, 12);
  }
});

test('a loss of twice the margin fails for 29 of 30 seeds, a retrain for at most one', () => {
  // Noise of 0.34 in the log-odds costs about 0.01, noise of 0.05 next to nothing.
  const worlds = Array.from({ length: 30 }, (_, i) => world(i + 1, 350));
  const judged = (noise: number) =>
    worlds.map(({ labels, days, model }) => judgeChampion(labels, model(noise), model(0.05), days, policy));
  const failures = (all: ReturnType<typeof judged>) => all.filter(({ outcome }) => outcome === 'fail').length;
  const planted = judged(0.34);
  const mean = planted.reduce((sum, { gain }) => sum + gain.estimate, 0) / worlds.length;
  expect(mean).toBeGreaterThan(-0.011);
  expect(mean).toBeLessThan(-0.009);
  expect(failures(planted)).toBeGreaterThanOrEqual(29);
  expect(failures(judged(0.05))).toBeLessThanOrEqual(1);
});

test('a regression is allowed a hundredth of what its champion errs, unless the definition says otherwise', () => {
  const random = createRandom(3);
  const labels = Float64Array.from({ length: 2000 }, () => random.normal());
  const days = labels.map((_, row) => Math.floor(row / 50));
  const off = (by: number) => labels.map((y) => y + by * random.normal());
  const numbers: ChampionPolicy = { task: 'regression', metric: 'mae', margin: null };
  const { gain, champion } = judgeChampion(labels, off(1), off(1), days, numbers);
  expect(gain.margin).toBeCloseTo(0.01 * champion, 12);
  expect(judgeChampion(labels, off(1), off(1), days, { ...numbers, margin: 0.5 })).toMatchObject({ outcome: 'pass' });
  expect(judgeChampion(labels, off(2), off(1), days, { ...numbers, metric: 'r2' })).toMatchObject({ outcome: 'fail' });
});
