import { expect, test } from 'vitest';
import { kubeconfigOf } from './kubeconfig.ts';

const endpoint = { name: 'causeway-prod', endpoint: 'https://cluster', authority: 'Q0E=', region: 'eu-central-1' };
const config = JSON.parse(kubeconfigOf(endpoint));

test('it reaches the cluster under its own authority, by one context', () => {
  expect(config.clusters).toEqual([
    { name: 'causeway-prod', cluster: { server: 'https://cluster', 'certificate-authority-data': 'Q0E=' } },
  ]);
  expect(config['current-context']).toBe('causeway-prod');
  expect(config.contexts).toEqual([
    { name: 'causeway-prod', context: { cluster: 'causeway-prod', user: 'causeway-prod' } },
  ]);
});

test('it holds no credential: whoever uses it asks AWS for a token, without being asked anything', () => {
  expect(config.users).toEqual([{ name: 'causeway-prod', user: { exec: expect.any(Object) } }]);
  const [{ user }] = config.users;
  expect(Object.keys(user)).toEqual(['exec']);
  expect(user.exec).toMatchObject({ command: 'aws', interactiveMode: 'Never' });
  expect(user.exec.args.join(' ')).toBe(
    'eks get-token --cluster-name causeway-prod --region eu-central-1 --output json',
  );
});
