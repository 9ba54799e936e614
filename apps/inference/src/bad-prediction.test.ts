import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExampleService, smallLimits, startWithWorkspace } from './fixtures/example-service.ts';
import { type Refused, send, wrongWithRefusal } from './fixtures/refused.ts';

let service: ExampleService;
beforeAll(async () => {
  service = await startWithWorkspace(smallLimits);
});
afterAll(() => service.stop());

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
