import { expect, test } from 'vitest';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { withinBudget } from './within-budget.ts';

const late = { code: 'deadline_exceeded', message: expect.stringMatching(/champion: received no answer after \d+ ms/) };

test('work in time is passed on, its errors too', async () => {
  expect(await withinBudget('champion', 1000, async () => 7)).toBe(7);
  await expect(withinBudget('champion', 1000, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
});

test('work that takes longer is given up when its time is over', async () => {
  using time = freezeTime();
  const answer = withinBudget('champion', 50, () => new Promise(() => {}));
  const refused = expect(answer).rejects.toMatchObject(late);
  time.advance(50);
  await refused;
});

test('an answer that comes too late because the work held the thread is refused', async () => {
  using time = freezeTime();
  const answer = withinBudget('champion', 50, async () => {
    time.advance(51);
    return 7;
  });
  await expect(answer).rejects.toMatchObject(late);
});

test('without any time left the work is not begun', async () => {
  let begun = false;
  const answer = withinBudget('champion', 0, async () => {
    begun = true;
  });
  await expect(answer).rejects.toMatchObject(late);
  expect(begun).toBe(false);
});
