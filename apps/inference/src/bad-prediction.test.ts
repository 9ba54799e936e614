import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commitExample, exampleModel } from '@repo/serving/fixtures/example-bundle';
import { exampleOutliers } from '@repo/serving/fixtures/example-companions';
import { exampleServing } from '@repo/serving/fixtures/open-example';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExampleWorkspace, type ExampleService, smallLimits, startExample } from './fixtures/example-service.ts';
import { type Refused, send, wrongWithRefusal } from './fixtures/refused.ts';

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  const contract = exampleServing({ unknowns: 'reject', outliers: 'reject' });
  const companions = { 'outliers.onnx': exampleOutliers(contract) };
  await commitExample(workspace.modelsDir, 'strict', { contract: { ...contract, model: 'strict' }, companions });
  const plain = join(workspace.dir, 'plain', 'bare', '1');
  await mkdir(plain, { recursive: true });
  await writeFile(join(plain, 'model.onnx'), exampleModel(contract));
  service = await startExample(workspace.dir, { ...smallLimits, MODEL_REPOSITORY: 'plain' });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

const predict = '/v2/models/example/predict';
const flight = { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' };
const ask = (change: object) => JSON.stringify({ ...flight, ...change });

const refused: Refused[] = [
  {
    what: 'a prediction without a required field',
    path: predict,
    body: ask({ dest: undefined }),
    status: 400,
    code: 'invalid_request',
    says: /request\.dest: received nothing; allowed: a string; add it/,
  },
  {
    what: 'a prediction with an unknown field',
    path: predict,
    body: ask({ origin: 'EWR' }),
    status: 400,
    code: 'invalid_request',
    says: /request\.origin: received "EWR"; allowed: scheduled_at, carrier, dest, seats;/,
  },
  {
    what: 'a time without its zone',
    path: predict,
    body: ask({ scheduled_at: '2013-12-24T18:00:00' }),
    status: 400,
    code: 'invalid_request',
    says: /with its zone/,
  },
  {
    what: 'a cut-off before the data begins',
    path: predict,
    body: ask({ scheduled_at: '2013-01-01T01:59:59Z' }),
    status: 400,
    code: 'cutoff_before_data',
    says: /received 2013-01-01T01:59:59Z; allowed: 2013-01-01T02:00:00Z or later/,
  },
  {
    what: 'a category that training did not have, where the model refuses such',
    path: '/v2/models/strict/predict',
    body: ask({ dest: 'XXX' }),
    status: 400,
    code: 'rejected_input',
    says: /^request\.dest: received "XXX"; allowed: ATL, IAH, LAX; check the values/,
  },
  {
    what: 'an outlier, where the model refuses such',
    path: '/v2/models/strict/predict',
    body: ask({ seats: 1000 }),
    status: 400,
    code: 'rejected_input',
    says: /received a row with outlier score \d+\.\d{3}, p 0\.0000; allowed: rows like those of training: p 0\.005 or more/,
  },
  {
    what: 'a prediction of a model without a contract',
    path: '/v2/models/bare/predict',
    body: ask({}),
    status: 404,
    code: 'unknown_path',
    says: /bare: received predict; allowed: infer: the model has no contract/,
  },
  {
    what: 'a prediction that is no object',
    path: predict,
    body: '"UA"',
    status: 400,
    code: 'invalid_request',
    says: /request: received "UA"; allowed: an object with/,
  },
];
test.each(refused)('$what is refused with $status $code, saying what is allowed and what to do', async (row) => {
  expect(await wrongWithRefusal(service.url, row)).toEqual([]);
});

test('after all that, the service still answers', async () => {
  const body = ask({});
  expect((await send(service.url, { path: predict, body })).status).toBe(200);
});
