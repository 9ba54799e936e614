import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { lookUp } from './look-up.ts';
import { beginUs, sampleContract } from './sample-history.ts';
import { openSqliteStore } from './sqlite-store.ts';

const store = openSqliteStore(':memory:');
const ask = (site: string | null) => ({ site, unit: 2, asked_at: beginUs });

test('features come in the order of the contract with the code that the model sees', async () => {
  const { features } = await lookUp(sampleContract, ask('a'), store);
  expect(features.map(({ name }) => name)).toEqual(sampleContract.features.map(({ name }) => name));
  expect(features.slice(0, 3)).toEqual([
    { name: 'site', value: 'a', code: 1, status: 'ok' },
    { name: 'unit', value: 2, code: 2, status: 'ok' },
    { name: 'hour', value: 1.5, code: 1.5, status: 'ok' },
  ]);
});

test('a category that the contract does not list keeps its text, is NaN to the model and is named in the reasons', async () => {
  const { features, reasons } = await lookUp(sampleContract, ask('z'), store);
  expect(features[0]).toEqual({ name: 'site', value: 'z', code: Number.NaN, status: 'missing' });
  expect(reasons[0]).toBe('unknown_category:site');
});

test('a category that is not given is missing', async () => {
  const { features, reasons } = await lookUp(sampleContract, ask(null), store);
  expect(features[0]).toEqual({ name: 'site', value: null, code: Number.NaN, status: 'missing' });
  expect(reasons[0]).toBe('missing:site');
});

const loads = (entry: string) => {
  const file = new URL(entry, import.meta.url).href;
  const program = `await import('${file}'); process.report.excludeNetwork = true;
    console.log(process.report.getReport().sharedObjects.some((path) => path.includes('duckdb')));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim();
};

test('looking up loads no DuckDB, which the service does not carry', () => {
  expect(loads('./look-up.ts')).toBe('false');
  expect(loads('./sqlite-store.ts')).toBe('false');
  expect(loads('../../datasets/src/database.ts')).toBe('true');
}, 30_000);
