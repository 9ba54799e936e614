import fc from 'fast-check';
import * as bodies from './bodies.ts';
import { exchange } from './exchange.ts';
import { judge } from './judge.ts';
import { type RequestParts, requestBytes } from './request-bytes.ts';

/** One way of attacking: requests sent over one connection, and how many answers would be one for each. */
interface Attack {
  readonly bytes: Buffer;
  readonly answers: number;
}

const infer = '/v2/models/example/infer';
const post = (path: string, body: string | Buffer, headers: RequestParts['headers'] = []): RequestParts => ({
  method: 'POST',
  path,
  headers,
  body: Buffer.from(body),
});
const one = (parts: RequestParts): Attack => ({ bytes: requestBytes(parts), answers: 1 });

/** A header value as a client may make it: anything but line breaks. */
const headerValue = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replace(/[\r\n\0]/g, ' '));
const headers = fc.array(
  fc.tuple(
    fc.constantFrom(
      'content-type',
      'accept-encoding',
      'x-request-id',
      'traceparent',
      'authorization',
      'expect',
      'connection',
      'inference-header-content-length',
      'content-encoding',
    ),
    headerValue,
  ),
  { maxLength: 4 },
);

const path = fc.oneof(
  fc.webPath(),
  fc.constantFrom(
    '/v2/models/%ff/infer',
    '/v2/models/%2e%2e/infer',
    '/v2/models/example/versions/1e3/infer',
    '/v2/models/__proto__/infer',
    '/v2/models/example/versions/%00/predict',
    '//v2//models',
    '*',
    '/v2/repository/index',
    '/openapi.json',
    `/${'x'.repeat(3000)}`,
  ),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'BREW');

/** Chunks of which sizes may lie; the last may be missing, in which case the connection ends by the time limit for bodies. */
const chunked = fc
  .record({
    size: fc.constantFrom('0', '5', '1f', 'zz', '-1', 'ffffffffffffffff', ''),
    body: fc.string({ maxLength: 40 }),
  })
  .map(({ size, body }) => Buffer.from(`${size}\r\n${body}\r\n0\r\n\r\n`));

/** Every way of attacking, with its share of the cases. Shares of what waits for a time limit are small. */
const attacks: Readonly<Record<string, { share: number; attack: fc.Arbitrary<Attack> }>> = {
  'requests of the right form with anything in its places': {
    share: 0.32,
    attack: bodies.inferBody.map((body) => one(post(infer, body))),
  },
  'binary tensors whose lengths and shapes lie': {
    share: 0.2,
    attack: bodies.binaryBody.map(({ length, body }) =>
      one(post(infer, body, [['inference-header-content-length', length]])),
    ),
  },
  'bytes that are hardly JSON or UTF-8': {
    share: 0.15,
    attack: bodies.brokenBody.map((body) => one(post(infer, body))),
  },
  'predictions with anything in their fields': {
    share: 0.1,
    attack: bodies.predictBody.map((body) => one(post('/v2/models/example/predict', body))),
  },
  'any header': {
    share: 0.08,
    attack: headers.map((given) => one(post(infer, bodies.goodBody, given))),
  },
  'any path and method': {
    share: 0.05,
    attack: fc
      .tuple(method, path)
      .map(([verb, where]) => one({ method: verb, path: where, headers: [], body: Buffer.alloc(0) })),
  },
  'keys that stand twice': {
    share: 0.02,
    attack: bodies.doubleKeys.map((body) => one(post(infer, body))),
  },
  'packed bodies, bombs among them': {
    share: 0.04,
    attack: bodies.packedBody.map(({ encoding, body }) => one(post(infer, body, [['content-encoding', encoding]]))),
  },
  'nesting without end': {
    share: 0.015,
    attack: bodies.deepBody.map((body) => one(post(infer, body))),
  },
  'several requests at once, some broken': {
    share: 0.02,
    attack: fc
      .array(fc.oneof(fc.constant(bodies.goodBody), bodies.inferBody, bodies.brokenBody.map(String)), {
        minLength: 1,
        maxLength: 6,
      })
      .map((list) => ({
        bytes: Buffer.concat(list.map((body) => requestBytes(post(infer, body)))),
        answers: list.length,
      })),
  },
  'chunks whose sizes lie': {
    share: 0.0025,
    attack: chunked.map((body) => one(post(infer, body, [['transfer-encoding', 'chunked']]))),
  },
  'headers that stop half way': {
    share: 0.0005,
    attack: fc
      .integer({ min: 1, max: 60 })
      .map((sent) => ({ bytes: requestBytes(post(infer, bodies.goodBody)).subarray(0, sent), answers: 1 })),
  },
  'bodies that stop half way': {
    share: 0.0025,
    attack: fc
      .tuple(fc.nat(bodies.goodBody.length), fc.integer({ min: 1, max: 2 ** 40 }))
      .map(([sent, more]) =>
        one(post(infer, bodies.goodBody.slice(0, sent), [['content-length', String(sent + more)]])),
      ),
  },
};

/** Names of the attacks. */
export const attackNames: readonly string[] = Object.keys(attacks);

/**
 * Sends an attack's share of `cases` to the server on `port`, four at a time, and throws with the smallest case found when one is not
 * taken as {@link judge} wants it. Equal seeds send equal cases.
 */
export async function attack(name: string, port: number, cases: number, seed: number): Promise<void> {
  const { share, attack: arbitrary } = attacks[name] as (typeof attacks)[string];
  const lanes = 4;
  const numRuns = Math.max(1, Math.ceil((cases * share) / lanes));
  const property = fc.asyncProperty(arbitrary, async ({ bytes, answers }) => {
    const problem = judge(await exchange(port, bytes, answers));
    if (problem !== null) throw new Error(`${problem}\nsent: ${bytes.toString('latin1').slice(0, 2000)}`);
  });
  const lane = (i: number) => fc.assert(property, { numRuns, seed: seed + i, interruptAfterTimeLimit: 600_000 });
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
}
