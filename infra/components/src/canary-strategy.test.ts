import { expect, test } from 'vitest';
import { canaryStrategy } from './canary-strategy.ts';

test('each share below 100 is set and judged, a deadline runs beside them, and no replica goes before another is ready', () => {
  const { steps, analysis, maxUnavailable } = canaryStrategy('bike-demand', [25, 50, 100]);
  const judged = { analysis: expect.objectContaining({ templates: [{ templateName: 'bike-demand-judge' }] }) };
  expect(steps).toEqual([{ setWeight: 25 }, judged, { setWeight: 50 }, judged]);
  expect(analysis).toEqual({ templates: [{ templateName: 'bike-demand-deadline' }], startingStep: 1 });
  expect(maxUnavailable).toBe(0);
});

test('the judge is told the sides by what never changes on a running pod', () => {
  const [, step] = canaryStrategy('bike-demand', [50, 100]).steps;
  expect(step).toMatchObject({
    analysis: {
      args: [
        { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
        { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
      ],
    },
  });
});

test('a model that goes to all at once has no steps', () => {
  const { steps, analysis } = canaryStrategy('bike-demand', [100]);
  expect([steps, analysis]).toEqual([[], undefined]);
});
