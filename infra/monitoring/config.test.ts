import { parseOrThrow } from '@repo/contract/parse';
import { expect, test } from 'vitest';
import { monitoringConfig } from './config.ts';

const parse = (value: unknown) => parseOrThrow(monitoringConfig, value, 'Pulumi.prod.yaml monitoring');
const present = { platform: { prometheus: 'present' } };

test('a cluster that has nothing gets all parts; each can be left out by itself', () => {
  expect(parse({}).platform).toEqual({ rollouts: 'install', prometheus: 'install', keda: 'install' });
  expect(parse({ platform: { keda: 'absent' } }).platform).toEqual({
    ...{ rollouts: 'install', prometheus: 'install' },
    keda: 'absent',
  });
});

test('a Prometheus that the cluster has may run in another namespace', () => {
  expect(parse({ ...present, prometheusNamespace: 'observe' })).toMatchObject({ prometheusNamespace: 'observe' });
});

test.each([
  [
    'a state that there is not',
    { platform: { keda: 'maybe' } },
    /monitoring.platform.keda: received "maybe"; allowed: "install", "present", "absent"/,
  ],
  ['a part that there is not', { platform: { istio: 'install' } }, /istio/],
  ['a digest that is none', { prometheusChartSha256: 'sha256:1' }, /prometheusChartSha256: .*64 hexadecimal/],
  ['a namespace that is none', { ...present, prometheusNamespace: 'Observe It' }, /prometheusNamespace: .*a namespace/],
  [
    'a namespace for a Prometheus that is installed in ours',
    { prometheusNamespace: 'observe' },
    /prometheusNamespace: .*only beside platform.prometheus: present/,
  ],
  ['runbooks that are no address', { runbooksUrl: 'docs/runbooks' }, /monitoring.runbooksUrl/],
  ['a receiver of pages alone', { receivers: { page: 'https://pager.example/' } }, /monitoring.receivers.ticket/],
  ['an address that is none', { prometheusUrl: 'prometheus:9090' }, /prometheusUrl/],
])('%s is refused with its key', (_, value, message) => {
  expect(() => parse(value)).toThrow(message);
});
