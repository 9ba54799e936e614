import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { ReleaseViewers } from './release-viewers.ts';

test('those who may look at the cluster may follow releases, and change none', async () => {
  const registered = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.set(type.split(':').at(-1) ?? '', inputs);
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  new ReleaseViewers('release-viewers', { namespace: 'models' });
  await pulumi.runtime.disconnect();
  expect(registered.get('Role')).toMatchObject({
    metadata: { namespace: 'models' },
    rules: [{ apiGroups: ['argoproj.io'], resources: ['rollouts', 'analysisruns'], verbs: ['get', 'list', 'watch'] }],
  });
  expect(registered.get('RoleBinding')).toMatchObject({
    metadata: { namespace: 'models' },
    subjects: [{ kind: 'Group', name: 'causeway:viewers' }],
  });
});
