import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@repo/contract/canonical-json';
import { parseOrThrow } from '@repo/contract/parse';
import { expect, test } from 'vitest';
import { servingConfig } from './config.ts';

const key = { id: 'checkout', sha256: 'a'.repeat(64), models: ['*'] };
const least = { apiKeys: [key], callerCidrs: ['10.0.0.0/16'] };
const parse = (value: unknown) => parseOrThrow(servingConfig, value, 'Pulumi.prod.yaml serving');

test('a stack says who may ask and from where; the rest has defaults', () => {
  expect(parse(least)).toMatchObject({ autoscale: true, release: {}, cpuRequestShare: 1, nodePorts: {} });
});

test.each([
  ['nothing about who may ask', { callerCidrs: least.callerCidrs }, /serving.apiKeys: received nothing/],
  ['nobody who may ask', { ...least, apiKeys: [] }, /serving.apiKeys: .*at least 1/],
  [
    'a key in place of its digest',
    { ...least, apiKeys: [{ ...key, sha256: 'secret' }] },
    /apiKeys\[0\].sha256: .*64 hexadecimal/,
  ],
  [
    'a tag in place of a digest',
    { ...least, imageDigest: 'latest' },
    /serving.imageDigest: received "latest"; allowed: a digest/,
  ],
  ['a port that no node gives', { ...least, nodePorts: { tides: 8080 } }, /serving.nodePorts.tides: .*30000/],
  ['a key that nothing reads', { ...least, replicas: 3 }, /serving.replicas/],
  ['a job of no kind', { ...least, jobs: { distil: '0 3 * * *' } }, /distil/],
  ['a clock for what has no end', { ...least, jobs: { ingest: '*/10 * * * *' } }, /serving.jobs.ingest: .*true/],
  ['a schedule that is none', { ...least, jobs: { train: 'weekly' } }, /serving.jobs.train: .*five fields of cron/],
  ['a tag for jobs', { ...least, jobsImageDigest: 'latest' }, /serving.jobsImageDigest: .*allowed: a digest/],
])('%s is refused with its key', (_, value, message) => {
  expect(() => parse(value)).toThrow(message);
});

test('the key that docs name opens the stack local', () => {
  const file = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
  const [, named = ''] = /Bearer (\S+)'/.exec(file('../../docs/environments.md')) ?? [];
  expect(file('Pulumi.local.yaml')).toContain(sha256(named));
});

test.each(['dev', 'staging', 'prod'])('the stack %s has no digest of an image committed', (stack) => {
  const path = fileURLToPath(new URL(`Pulumi.${stack}.yaml`, import.meta.url));
  expect(readFileSync(path, 'utf8')).not.toMatch(/^\s*serving:\w*[iI]mageDigest/m);
});
