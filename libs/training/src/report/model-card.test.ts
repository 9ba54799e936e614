import type { Lineage } from '@repo/contract/manifest';
import { expect, test } from 'vitest';
import { jobContract, plantedTables } from '../fixtures/planted-tables.ts';
import { quickBoosting, smallModel } from '../fixtures/small-world.ts';
import { type BundleMetrics, measure } from '../measure.ts';
import { cardSections, modelCard } from './model-card.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const lineage: Lineage = {
  schemaVersion: 1,
  definition: digest('a'),
  data: { jobs: digest('b') },
  views: { 'job@1': digest('c') },
  trainer: digest('d'),
};
const tables = plantedTables(({ load, chance }) => (chance < load ? 1 : 0));
const answers = (load: Float32Array) => load.map((value) => 0.05 + 0.9 * value);
const [validate, given] = [tables.validate, tables.test].map((table) =>
  answers(table.matrix.columns[0] as Float32Array),
) as [Float32Array, Float32Array];
const model = smallModel(quickBoosting);
const contract = jobContract();
const metrics: BundleMetrics = {
  ...measure(model, contract, tables, { validate, test: given }, {}),
  levels: [{ level: 'champion', without: ['waiting'], rows: 1000, metrics: { logLoss: 0.6 } }],
  outliers: { below: 0.005, testShare: 0.0123 },
};
const options = { model, contract, lineage, metrics, digest: digest('e'), test: tables.test, answers: given };
const card = modelCard(options);
const section = (heading: string) => card.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

test('a card names its bundle and has every section with something in it', () => {
  expect(card).toContain(digest('e'));
  expect([...card.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(cardSections);
  for (const heading of cardSections) expect(section(heading).trim().length).toBeGreaterThan(3);
});

test('data stands with licence, digest, days and rows', () => {
  expect(section('Data')).toContain(`| jobs | made-up jobs that fail for a known reason | none | ${digest('b')} |`);
  expect(section('Data')).toContain('| test | 2020-03-01 to 2020-04-01 | 1000 |');
  for (const one of ['a', 'b', 'c', 'd']) expect(section('How to reproduce')).toContain(digest(one));
});

test('metrics and gains stand with intervals', () => {
  expect(section('Metrics')).toMatch(/\| logLoss \| 0\.\d+ \| 0\.\d+ to 0\.\d+ \| 0\.\d+ \|/);
  expect(section('Baselines')).toMatch(/\| prior \|.*\| 0\.\d+, 0\.\d+ to 0\.\d+ \|/);
});

test('the worst five slices come first, by loss', () => {
  const slice = (value: string, logLoss: number) => ({
    feature: 'kind',
    value,
    rows: 200,
    labelMean: 0.5,
    metrics: { logLoss },
  });
  const slices = [0.1, 0.6, 0.3, 0.2, 0.5, 0.4].map((loss, i) => slice(`kind-${i}`, loss));
  const written = modelCard({ ...options, metrics: { ...metrics, slices } });
  expect([...written.matchAll(/\| (kind-\d) \|/g)].map(([, value]) => value)).toEqual([
    'kind-1',
    'kind-4',
    'kind-5',
    'kind-2',
    'kind-3',
  ]);
  expect(modelCard({ ...options, metrics: { ...metrics, slices: [] } })).toContain('None: ');
});

test('what stands in data cannot become markup', () => {
  const hostile = { ...metrics.slices[0], value: '](javascript:x) | <img>\n# high' } as (typeof metrics.slices)[number];
  const written = modelCard({ ...options, metrics: { ...metrics, slices: [hostile] } });
  expect(written).toContain('\\]\\(javascript:x\\) \\| \\<img\\> \\# high');
  // The question of the fixture holds a tag.
  expect(section('Question')).toContain('Will this \\<job\\> fail?');
});
