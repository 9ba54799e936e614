import { expect, test } from 'vitest';
import { createTurnBudget } from './turn-budget.ts';

/** A budget, and turns of so many requests that come `everyMs`; a turn answers how many of them were refused. */
function createTurns() {
  let end: (() => void) | null = null;
  let nowMs = 0;
  const budget = createTurnBudget((ending) => {
    end = ending;
  });
  const turn = (requests: number, everyMs: number): number => {
    let refused = 0;
    for (let i = 0; i < requests; i++) {
      if (budget.isSpent(nowMs)) refused++;
      nowMs += everyMs;
    }
    end?.();
    end = null;
    return refused;
  };
  return { turn };
}

test('turns that stay short refuse nobody', () => {
  const { turn } = createTurns();
  for (let i = 0; i < 50; i++) expect(turn(100, 0.03)).toBe(0);
});

test('a long turn now and then refuses nobody', () => {
  const { turn } = createTurns();
  for (let i = 0; i < 50; i++) expect(turn(i % 2 === 0 ? 5 : 200, 0.3)).toBe(0);
  expect(turn(3, 1000), 'a pause').toBe(0);
});

test('after a long turn, the next takes what fits into the budget and refuses the rest', () => {
  const { turn } = createTurns();
  expect(turn(100, 0.5)).toBe(0);
  expect(turn(100, 0.125)).toBe(100 - 33);
  expect(turn(100, 0.125), 'as long as turns are full').toBe(100 - 33);
  expect(turn(100, 1), 'a crowd is more than 32').toBe(100 - 32);
});

test('a few large requests are no crowd', () => {
  const { turn } = createTurns();
  for (let i = 0; i < 20; i++) expect(turn(32, 20)).toBe(0);
});

test('one short turn ends the shedding', () => {
  const { turn } = createTurns();
  for (let i = 0; i < 3; i++) turn(100, 0.5);
  expect(turn(2, 0.5)).toBe(0);
  expect(turn(100, 0.5)).toBe(0);
});
