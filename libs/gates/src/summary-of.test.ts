import { Outcome } from '@repo/contract/gate-report';
import { expect, test } from 'vitest';
import { makeCheck } from './make-check.ts';
import { summaryOf, worstOf } from './summary-of.ts';

const good = makeCheck('AUC', Outcome.pass, {
  value: 0.713268,
  interval: [0.68791, 0.73734],
  limit: { good: 'at least', at: 0.68 },
  detail: 'What is asked.',
});
const bad = makeCheck('rows', Outcome.fail, { value: 55536, unit: 'rows', detail: 'Found 3. Take them out.' });
const other = makeCheck('order', Outcome.notApplicable, { detail: 'There is no order.' });

test('the outcome of a gate is that of its worst check, and nothing that applies is not applicable', () => {
  const outcome = (...outcomes: Outcome[]) => worstOf(outcomes.map((one) => makeCheck('x', one, { detail: '' })));
  expect(outcome('pass', 'warn', 'inconclusive', 'fail', 'not-applicable')).toBe('fail');
  expect(outcome('pass', 'warn', 'inconclusive')).toBe('inconclusive');
  expect(outcome('not-applicable', 'pass', 'warn')).toBe('warn');
  expect(outcome('not-applicable', 'pass')).toBe('pass');
  expect(outcome('not-applicable')).toBe('not-applicable');
  expect(outcome()).toBe('not-applicable');
});

test('a summary gives the figures of the first worst check, what to do where it is not good, and how many others there are', () => {
  expect(summaryOf([good])).toBe('AUC 0.7133 (0.6879 to 0.7373), at least 0.68');
  expect(summaryOf([good, other, good])).toBe(
    'AUC 0.7133 (0.6879 to 0.7373), at least 0.68. 1 more of 3 checks: pass.',
  );
  expect(summaryOf([good, bad])).toBe('rows 55536 rows: Found 3. Take them out.');
  expect(summaryOf([other])).toBe('order: There is no order.');
  expect(summaryOf([])).toBe('Nothing to check.');
});
