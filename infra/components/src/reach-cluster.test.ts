import { expect, test } from 'vitest';
import { kubeconfigOf } from './kubeconfig.ts';
import { reachCluster } from './reach-cluster.ts';

const endpoint = 'https://abc.gr7.eu-central-1.eks.amazonaws.com';
const kubeconfig = kubeconfigOf({ name: 'prod', endpoint, authority: 'Q0E=', region: 'eu-central-1' });

test('a cluster that answers is gone on with, and asked at its own address', async () => {
  const asked: unknown[] = [];
  const answer = async (...where: unknown[]) => void asked.push(where.slice(0, 2));
  expect(await reachCluster(kubeconfig, [], answer)).toBe(kubeconfig);
  expect(asked).toEqual([['abc.gr7.eu-central-1.eks.amazonaws.com', 443]]);
});

test('one whose name is not known yet is asked again', async () => {
  let left = 2;
  const later = async () => {
    if (left-- > 0) throw new Error('ENOTFOUND');
  };
  expect(await reachCluster(kubeconfig, [], later)).toBe(kubeconfig);
});

test('one that is out of reach is told with who may reach it and what to set for the first run', async () => {
  const away = async () => Promise.reject(new Error('no answer in 10 s'));
  await expect(reachCluster(kubeconfig, [], away)).rejects.toThrow(
    /^cluster:endpointCidrs: received an API that answers within its network only, and not here \(no answer in 10 s\); .*\/32/,
  );
  await expect(reachCluster(kubeconfig, ['203.0.113.0/24'], away)).rejects.toThrow(/from 203\.0\.113\.0\/24 only/);
});
