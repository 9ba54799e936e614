import { expect, test } from 'vitest';
import { anyPrior, logBetaMixture, rarePrior } from './beta-mixture.ts';
import { expectClose } from './fixtures/goldens.ts';

test("the likelihood of one trial is the prior's mean share", () => {
  expectClose(Math.exp(logBetaMixture([{ successes: 1, trials: 1 }], anyPrior)), 0.5);
  expectClose(Math.exp(logBetaMixture([{ successes: 1, trials: 1 }], rarePrior)), 0.9 / 101 + 0.1 / 2);
});

test.each([1, 2, 17, 60])(
  'the likelihoods of all orders of %d trials sum to 1, so that no truth is favoured',
  (trials) => {
    let sum = 0;
    let orders = 1;
    for (let successes = 0; successes <= trials; successes++) {
      sum += orders * Math.exp(logBetaMixture([{ successes, trials }], rarePrior));
      orders *= (trials - successes) / (successes + 1);
    }
    expectClose(sum, 1);
  },
);

test('arms share a part of the prior, so that two arms are likelier together than one by one', () => {
  const arm = { successes: 3, trials: 400 };
  const one = logBetaMixture([arm], rarePrior);
  expect(logBetaMixture([arm, arm], rarePrior)).toBeGreaterThan(2 * one);
  expectClose(logBetaMixture([arm, arm], anyPrior), 2 * logBetaMixture([arm], anyPrior));
});
