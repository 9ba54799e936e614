import { readdirSync, readFileSync } from 'node:fs';
import { errorCatalogue } from '@repo/contract/error-catalogue';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from './differences.ts';
import { type Case, runCase } from './run-case.ts';
import { type CasesService, serveCases } from './served-models.ts';

const folder = new URL('./cases/', import.meta.url);
const names = readdirSync(folder).sort();
const read = (name: string): Case => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

let service: CasesService;
beforeAll(async () => {
  service = await serveCases();
});
afterAll(() => service.stop());

test.each(names)('the service keeps to %s', async (name) => {
  expect(await runCase(service.url, read(name))).toEqual([]);
});

/** Errors that no request to a healthy service without keys can bring about, and where they are proven instead. */
const elsewhere = [
  'rejected_input',
  'cutoff_before_data',
  'unauthenticated',
  'forbidden',
  'body_timeout',
  'quota_exceeded',
  'internal',
  'inference_failed',
  'load_failed',
  'model_not_ready',
  'queue_full',
  'overloaded',
  'worker_lost',
  'no_answer',
  'not_ready',
];

test('every error that a request can bring about has a case', () => {
  const shown = names.map((name) => (read(name).response.body as { code?: unknown } | undefined)?.code);
  expect(new Set([...shown.filter((code) => code !== undefined), ...elsewhere])).toEqual(
    new Set(Object.keys(errorCatalogue)),
  );
});

test('an answer that differs in status, header, value or bytes is found', async () => {
  const golden = read('infer-nested.json');
  const headers = { 'content-type': 'text/plain', 'x-request-id': null };
  const wrong = {
    ...golden,
    response: { status: 201, headers, body: { ...(golden.response.body as object), id: '43' } },
  };
  expect(await runCase(service.url, wrong)).toEqual([
    'body.id: expected "43", got "42"',
    'status: expected 201, got 200',
    'content-type: expected text/plain, got application/json',
    expect.stringMatching(/^x-request-id: expected none, got /),
  ]);
  const binary = read('binary-output.json');
  const other = { ...binary, response: { ...binary.response, binary: ['00000040'] } };
  expect(await runCase(service.url, other)).toEqual(['binary: expected 00000040, got 0000003f']);
  expect(await runCase(service.url, { ...golden, response: { status: 200 } })).toEqual([
    expect.stringMatching(/^body: expected none, got \d+ bytes$/),
  ]);
});

test('values that differ are found by their place', () => {
  expect(differences({ a: { $any: 'string' } }, { a: 1 })).toEqual(['body.a: expected any string, got 1']);
  expect(differences({ a: { $has: 'x' } }, { a: 'y' })).toEqual(['body.a: expected a text with "x", got "y"']);
  expect(differences({ a: [1, 2] }, { a: [1, 2.1], b: 0 })).toEqual([
    'body.a[1]: expected 2, got 2.1',
    'body.b: expected undefined, got 0',
  ]);
});
