import { expect, test } from 'vitest';
import type { ClusterGet } from './cluster-api.ts';
import { readObject } from './read-object.ts';

const path = '/apis/argoproj.io/v1alpha1/namespaces/models/rollouts/tides';
const answering = (status: number, text: string) => readObject(async () => ({ status, text }), path, []);
const refusal = (message: string): string => JSON.stringify({ kind: 'Status', status: 'Failure', message });

test('an object is what the server sends', async () => {
  expect(await answering(200, '{"kind":"Rollout"}')).toEqual({ kind: 'Rollout' });
});

test.each([
  ['who may not read it', 403, refusal('rollouts "tides" is forbidden'), /403: rollouts "tides" is forbidden; .*grant/],
  ['a deleted one', 404, refusal('rollouts "tides" not found'), /404: rollouts "tides" not found; .*--refresh/],
  [
    'a cluster without Argo Rollouts',
    404,
    '404 page not found\n',
    /install what defines argoproj.io\/v1alpha1; for Argo/,
  ],
  ['a server that has failed for good', 500, refusal('etcd is gone'), /500: etcd is gone; .*look at the cluster/],
])('%s is told, with what to do', async (_, status, text, message) => {
  await expect(answering(status, text)).rejects.toThrow(message);
});

test('a lost connection and a server that is being replaced are asked again, a few times', async () => {
  const answers = [new Error('socket hang up'), { status: 502, text: '' }, { status: 200, text: '{"kind":"Rollout"}' }];
  const get: ClusterGet = async () => {
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
    return answer;
  };
  expect(await readObject(get, path, [1, 1, 1])).toEqual({ kind: 'Rollout' });
  await expect(readObject(get, path, [1, 1]), 'not for ever').rejects.toThrow('asked too often');
});
