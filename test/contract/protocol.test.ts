import { readdirSync, readFileSync } from 'node:fs';
import { createExampleWorkspace, type ExampleService, startExample } from '@repo/inference/fixtures/example-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Case, differences, runCase } from './run-case.ts';

const folder = new URL('./cases/', import.meta.url);
const names = readdirSync(folder).sort();
const read = (name: string): Case => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  service = await startExample(workspace.dir);
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

test.each(names)('the service keeps to %s', async (name) => {
  expect(await runCase(service.url, read(name))).toEqual([]);
});

test('an answer that differs in status, value or type is found', async () => {
  const golden = read('infer-nested.json');
  const wrong = { ...golden, response: { status: 201, body: { ...(golden.response.body as object), id: '43' } } };
  expect(await runCase(service.url, wrong)).toEqual([
    'body.id: expected "43", got "42"',
    'status: expected 201, got 200',
  ]);
  expect(differences({ a: { $any: 'string' } }, { a: 1 })).toEqual(['body.a: expected any string, got 1']);
  expect(differences({ a: [1, 2] }, { a: [1, 2.1], b: 0 })).toEqual([
    'body.a[1]: expected 2, got 2.1',
    'body.b: expected undefined, got 0',
  ]);
});
