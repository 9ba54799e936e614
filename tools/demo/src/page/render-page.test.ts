import { expect, test } from 'vitest';
import { exampleStory } from '../fixtures/example-story.ts';
import { limitOf, renderPage } from './render-page.ts';
import { timelineChart } from './timeline-chart.ts';

const page = renderPage(exampleStory);

test('the page tells who spoke, who was stopped and what came of it, and needs nothing besides itself', () => {
  expect(page).toContain('quiet until they spoke on 2013-12-16');
  expect(page).toContain('One with poisoned labels was stopped.');
  expect(page).toContain('these days cannot tell the two apart');
  expect(page).not.toMatch(/<script|<img|<link|NaN|undefined/);
});

test('texts of findings are shown, not obeyed', () => {
  expect(page).toContain('&lt;b&gt;at most 0.45 is good');
});

test('a step that could not be taken is named with its reason', () => {
  const why = 'its gates say inconclusive: champion';
  const without = {
    ...exampleStory,
    canary: null,
    promotion: null,
    comparison: null,
    notRun: [{ step: 'canary', why }],
  };
  const told = renderPage(without);
  expect(told).toContain('<h2>Not run</h2>');
  expect(told).toContain(why);
  expect(told).toContain('No candidate was promoted.');
});

test('weeks whose whole interval lies beyond the limit of the monitors are drawn in red', () => {
  expect(limitOf(exampleStory)).toBe(0.45);
  const red = timelineChart(exampleStory, 0.45).match(/<circle class="bad" [^>]*r="5.5"/g);
  expect(red).toHaveLength(2);
});
