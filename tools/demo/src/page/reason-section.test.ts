import { expect, test } from 'vitest';
import { exampleStory } from '../fixtures/example-story.ts';
import type { SpanQuality } from '../span-quality.ts';
import { reasonOf } from './reason-section.ts';

const [before, since] = exampleStory.spans as readonly [SpanQuality, SpanQuality];

test('a harder world is told from a worse model', () => {
  expect(reasonOf([before, since])).toContain('flights became harder to foresee');
  expect(reasonOf([before, { ...since, skill: before.skill / 2 }])).toContain('foresees less than it did');
});

test('the sentence has the figures of the run', () => {
  expect(reasonOf([before, since])).toContain(
    'Late were 34.0 % of the flights in December, 18.0 % in October and November',
  );
});
