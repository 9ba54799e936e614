import { expect, test } from 'vitest';
import { planLevels } from './plan-levels.ts';

const chain = ['champion', 'previous', 'compact', 'prior'] as const;
const fine = { storeAnswered: true, avoidUnknown: false, avoidOutlier: false };

test('the levels are asked in the order of the chain', () => {
  expect(planLevels(chain, fine)).toEqual(chain);
});

test('without the online store the compact model comes first, the others on masks after it', () => {
  const lost = { ...fine, storeAnswered: false };
  expect(planLevels(chain, lost)).toEqual(['compact', 'champion', 'previous', 'prior']);
  expect(planLevels(['champion', 'prior'], lost)).toEqual(['champion', 'prior']);
});

test('an outlier goes first to the levels that do not read the whole row', () => {
  expect(planLevels(chain, { ...fine, avoidOutlier: true })).toEqual(['compact', 'prior', 'champion', 'previous']);
});

test('an unknown category goes first to the levels that may know it', () => {
  expect(planLevels(chain, { ...fine, avoidUnknown: true })).toEqual(['previous', 'prior', 'champion', 'compact']);
});

test('an unknown category of the version before, where it answers for a damaged champion, is avoided as well', () => {
  const levels = planLevels(['previous', 'compact', 'prior'], { ...fine, avoidUnknown: true });
  expect(levels).toEqual(['prior', 'previous', 'compact']);
});

test('what is avoided stays the last resort, so that a chain without stand-ins answers all the same', () => {
  expect(planLevels(['champion'], { storeAnswered: false, avoidUnknown: true, avoidOutlier: true })).toEqual([
    'champion',
  ]);
});
