import { execFileSync } from 'node:child_process';
import { InputError } from '@repo/contract/input-error';
import { beforeAll, expect, test } from 'vitest';
import { createScriptedS3, type Reply } from './fixtures/scripted-s3.ts';
import { createS3Store } from './s3-store.ts';

beforeAll(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});

const content = new TextEncoder().encode('content');
const refusal = (status: number, code: string): Reply => ({ status, code });
const scripted = async (reply: Parameters<typeof createScriptedS3>[0]) => {
  const { url, requests } = await createScriptedS3(reply);
  return { store: createS3Store({ bucket: 'bucket', prefix: 'pre/fix' }, url), requests, url };
};

test('an object is written on the condition that there is none, under the prefix', async () => {
  const { store, requests } = await scripted(() => ({ status: 200 }));
  expect(await store.putIfAbsent('a/b.json', content)).toBe(true);
  expect(requests[0]?.url).toMatch(/^\/bucket\/pre\/fix\/a\/b\.json/);
  expect(requests[0]?.headers['if-none-match']).toBe('*');
});

test('an object that is there already is told so, without a second question', async () => {
  const { store, requests } = await scripted(() => refusal(412, 'PreconditionFailed'));
  expect(await store.putIfAbsent('a', content)).toBe(false);
  expect(requests).toHaveLength(1);
});

test('a writer that meets another comes again until one of them has written', async () => {
  const { store, requests } = await scripted((_, count) =>
    count < 4 ? refusal(409, 'ConditionalRequestConflict') : refusal(412, 'PreconditionFailed'),
  );
  expect(await store.putIfAbsent('a', content)).toBe(false);
  expect(requests).toHaveLength(4);
});

test.each([
  ['its own', true],
  ['another', false],
])('when the answer to a write was lost, the object that is there then is %s: %s', async (whose, written) => {
  let writer = '';
  const { store } = await scripted((request, count) => {
    if (count === 1) writer = String(request.headers['x-amz-meta-writer']);
    if (count === 1) return 'lost';
    if (request.method !== 'HEAD') return refusal(412, 'PreconditionFailed');
    return { status: 200, headers: { 'x-amz-meta-writer': whose === 'its own' ? writer : 'somebody' } };
  });
  expect(await store.putIfAbsent('a', content)).toBe(written);
});

test('when the answer to a write was lost and the write is still under way at the second attempt, it is its own', async () => {
  let writer = '';
  const { store } = await scripted((request, count) => {
    if (count === 1) writer = String(request.headers['x-amz-meta-writer']);
    if (count === 1) return 'lost';
    if (count === 2) return refusal(409, 'ConditionalRequestConflict');
    if (request.method !== 'HEAD') return refusal(412, 'PreconditionFailed');
    return { status: 200, headers: { 'x-amz-meta-writer': writer } };
  });
  expect(await store.putIfAbsent('a', content)).toBe(true);
});

test('a listing goes on to its last page and names objects and folders right below', async () => {
  const page = (key: string, more: string) =>
    `<ListBucketResult><Contents><Key>pre/fix/models/${key}.json</Key></Contents>
     <CommonPrefixes><Prefix>pre/fix/models/${key}/</Prefix></CommonPrefixes>${more}</ListBucketResult>`;
  const { store, requests } = await scripted((_, count) => ({
    status: 200,
    body: page(
      `m${count}`,
      count < 3 ? `<IsTruncated>true</IsTruncated><NextContinuationToken>t${count}</NextContinuationToken>` : '',
    ),
  }));
  expect((await store.list('models')).sort()).toEqual(['m1', 'm1.json', 'm2', 'm2.json', 'm3', 'm3.json']);
  expect(requests.map(({ url }) => new URL(url ?? '', 'http://x').searchParams.get('continuation-token'))).toEqual([
    null,
    't1',
    't2',
  ]);
});

test('no object is null; no bucket is not', async () => {
  const none = await scripted(() => refusal(404, 'NoSuchKey'));
  expect(await none.store.get('a')).toBeNull();
  const { store } = await scripted(() => refusal(404, 'NoSuchBucket'));
  await expect(store.get('a')).rejects.toThrow(/NoSuchBucket.*create the bucket bucket/);
});

test.each([
  [403, 'AccessDenied', /allow s3:GetObject, s3:PutObject and s3:ListBucket on the bucket bucket/],
  [403, 'InvalidAccessKeyId', /set AWS_ACCESS_KEY_ID/],
  [403, 'SignatureDoesNotMatch', /set AWS_ACCESS_KEY_ID/],
  [400, 'ExpiredToken', /set AWS_ACCESS_KEY_ID/],
  [400, 'AuthorizationHeaderMalformed', /set AWS_REGION/],
  [503, 'SlowDown', /bring the network or the server back/],
  [500, 'InternalError', /bring the network or the server back/],
])('%i %s is an input error that says what to do', async (status, code, action) => {
  const { store, url } = await scripted(() => refusal(status, code));
  const asked = await Promise.allSettled([store.get('a'), store.list('a'), store.putIfAbsent('a', content)]);
  for (const answer of asked) {
    const { reason } = answer as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(InputError);
    expect(reason.message).toContain(`CAUSEWAY_STATE: received s3://bucket/pre/fix at ${url} (${code}`);
    expect(reason.message).toMatch(action);
  }
});

test('an answer that breaks off is an error, not a shorter object', async () => {
  const { store } = await scripted(() => ({
    status: 200,
    headers: { 'content-length': '100' },
    body: 'x'.repeat(100),
  }));
  expect(await store.get('a')).toHaveLength(100);
  const broken = await scripted((request) => {
    setTimeout(() => request.socket.destroy(), 50);
    return { status: 200, headers: { 'content-length': '100' }, body: 'x'.repeat(50) };
  });
  await expect(broken.store.get('a')).rejects.toThrow(/^CAUSEWAY_STATE: /);
});

test('a server that is not there is an input error', async () => {
  const store = createS3Store({ bucket: 'bucket', prefix: '' }, 'http://127.0.0.1:1');
  await expect(store.list('a')).rejects.toThrow(/^CAUSEWAY_STATE: received s3:\/\/bucket\/ at .*ECONNREFUSED/);
});

test.each(['', '/', '..', 'a/../b', 'a//b', 'A', '.x', 'a\0'])('key %j is refused', async (key) => {
  const store = createS3Store({ bucket: 'bucket', prefix: '' }, 'http://127.0.0.1:1');
  await expect(store.get(key)).rejects.toThrow(RangeError);
  await expect(store.putIfAbsent(key, content)).rejects.toThrow(RangeError);
  await expect(store.list(key)).rejects.toThrow(RangeError);
});

test('the SDK is loaded by the first request to S3 and by nothing before', () => {
  const program = (use: string) => `
    const { createRegistry } = await import('${new URL('registry.ts', import.meta.url).href}');
    await ${use}.listModels().catch(() => {});
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire('/x.js').cache).some((path) => path.includes('client-s3')));`;
  const isLoaded = (use: string) => {
    const env = { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };
    return execFileSync(process.execPath, ['--input-type=module', '-e', program(use)], {
      encoding: 'utf8',
      env,
    }).trim();
  };
  expect(isLoaded(`createRegistry('file:/nowhere', '/')`)).toBe('false');
  expect(isLoaded(`createRegistry('s3://bucket/a', '/'), createRegistry('file:/nowhere', '/')`)).toBe('false');
  expect(isLoaded(`createRegistry('s3://bucket/a', '/')`)).toBe('true');
}, 30_000);
