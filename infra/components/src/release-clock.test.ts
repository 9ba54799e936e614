import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { clockSecret, ReleaseClock } from './release-clock.ts';

test('it is an account that may do nothing, no pod gets its token, and its Secret is for it alone', async () => {
  const registered: { type: string; inputs: Record<string, unknown> }[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  new ReleaseClock('clock', { namespace: 'models' });
  await pulumi.runtime.disconnect();
  const objects = registered.filter(({ type }) => type.startsWith('kubernetes:'));
  expect(objects.map(({ type }) => type)).toEqual(['kubernetes:core/v1:ServiceAccount', 'kubernetes:core/v1:Secret']);
  expect(objects[0]?.inputs).toMatchObject({
    metadata: { name: clockSecret.name, namespace: 'models' },
    automountServiceAccountToken: false,
  });
  expect(objects[1]?.inputs).toMatchObject({
    metadata: { annotations: { 'kubernetes.io/service-account.name': clockSecret.name } },
    type: 'kubernetes.io/service-account-token',
  });
});
