import { join } from 'node:path';
import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { exampleResult, exampleResults } from './fixtures/example-results.ts';
import { renderJunit } from './render-junit.ts';

/** Elements in order, with their attributes; throws where the text is no XML. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string> }[] {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.write(xml).close();
  return elements;
}

/** What each case holds, by its gate. */
function kinds(xml: string): Record<string, string> {
  const elements = elementsOf(xml);
  return Object.fromEntries(
    elements.flatMap(({ name, attributes }, i) => {
      const next = elements[i + 1];
      const inner =
        next === undefined || /^test/.test(next.name) ? 'passed' : [next.name, next.attributes.type].join(' ');
      return name === 'testcase' ? [[attributes.name as string, inner.trim()]] : [];
    }),
  );
}

describe.each(Object.entries(exampleResults()))('the %s report', (name, result) => {
  test('reads as the golden file does, and is XML', async () => {
    const xml = renderJunit([result]);
    elementsOf(xml);
    await expect(xml).toMatchFileSnapshot(join(import.meta.dirname, 'fixtures', `${name}.golden.xml`));
  });
});

test('each outcome has its place: what fails is red, what cannot be told too, under its own type', () => {
  const result = exampleResult({
    outcomes: {
      champion: 'fail',
      slices: 'inconclusive',
      calibration: 'warn',
      fairness: 'not-applicable',
      robustness: 'fail',
    },
    waivers: [{ gate: 'robustness', reason: 'r', approver: 'a', expires: '2026-01-20' }],
  });
  expect(kinds(renderJunit([result]))).toMatchObject({
    champion: 'failure fail',
    slices: 'failure inconclusive',
    calibration: 'system-out',
    fairness: 'skipped',
    robustness: 'skipped',
    determinism: 'passed',
  });
});

test('a gate that threw and a model without a report are errors', () => {
  const { report, verdict } = exampleResult({ outcomes: { determinism: 'fail' } });
  for (const { gate, checks } of report.gates)
    if (gate === 'determinism') for (const check of checks) check.name = 'error';
  const xml = renderJunit([
    { report, verdict },
    { model: 'echo', problem: 'no model.ts' },
  ]);
  expect(kinds(xml)).toMatchObject({ determinism: 'error fail', report: 'error no report' });
  expect(elementsOf(xml)[0]?.attributes).toMatchObject({ tests: '19', failures: '0', errors: '2', skipped: '1' });
});

test('a refused waiver says why in the failure that it did not avert', () => {
  const xml = renderJunit([exampleResults().waived]);
  const failure = elementsOf(xml).find(({ name }) => name === 'failure');
  expect(failure?.attributes.message).toMatch(/; waiver refused: expired on 2026-01-09$/);
});

test('hostile text anywhere leaves the same elements', () => {
  const names = (xml: string) => elementsOf(xml).map(({ name }) => name);
  const outcomes = { champion: 'fail', robustness: 'inconclusive' } as const;
  const calm = names(renderJunit([exampleResult({ outcomes }), { model: 'a', problem: 'b' }]));
  for (const text of hostileTexts)
    expect(names(renderJunit([exampleResult({ outcomes, say: () => text }), { model: text, problem: text }]))).toEqual(
      calm,
    );
});
