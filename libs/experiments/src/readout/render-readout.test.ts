import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { examplePolicy, nothingOdd, simulateExperiment } from '../fixtures/simulated-experiment.ts';
import { readOut } from './read-out.ts';
import { renderReadout } from './render-readout.ts';

const evidence = simulateExperiment({ random: createRandom(1), units: 2000, effect: -0.5 }).look(2000);

test('a page shows the verdict in words, an interval for each row and every check, and asks for nothing', () => {
  const page = renderReadout(readOut('example', examplePolicy(), evidence));
  expect(page).toContain('<b class="pass">pass</b>');
  expect(page.match(/<svg /g)).toHaveLength(1);
  expect(page).toMatch(/aria-label="logLoss of version-2: -0\.\d+, -0\.\d+ to -0\.\d+"/);
  expect(page).toContain('sample-ratio');
  expect(page).not.toMatch(/<script|<link|<img|https?:/);
});

test('texts of the definition are texts, whatever is in them', () => {
  const policy = examplePolicy({ hypothesis: '<img src=x onerror=alert(1)>' });
  expect(renderReadout(readOut('example', policy, evidence))).toContain('&lt;img src=x');
});

test('withheld results are not drawn', () => {
  const page = renderReadout(
    readOut('example', examplePolicy(), { ...evidence, facts: { ...nothingOdd, misassignedUnits: 9 } }),
  );
  expect(page).toContain('Results are withheld');
  expect(page).not.toContain('<svg');
});
